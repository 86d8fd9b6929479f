export type { SearchAnswer, SearchRequest } from "./request.ts";
export { Searches, type SearchesOptions } from "./searches.ts";
