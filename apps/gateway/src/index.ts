export type {
  Change,
  Committed,
  FindOptions,
  Found,
  SearchReport,
  Stored,
  Version,
  World,
  WorldError,
} from "./world.ts";
