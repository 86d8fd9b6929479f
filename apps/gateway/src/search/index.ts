export { type Projection, project } from "./projection.ts";
export type { SearchAnswer, SearchRequest } from "./request.ts";
export { Searches, type SearchesOptions } from "./searches.ts";
export { COUNT_DEFAULT, COUNT_MAX } from "./shape.ts";
