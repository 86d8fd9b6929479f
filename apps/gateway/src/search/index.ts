export { type Projection, project } from "./projection.ts";
export { Searches } from "./searches.ts";
export { COUNT_DEFAULT, COUNT_MAX } from "./shape.ts";
