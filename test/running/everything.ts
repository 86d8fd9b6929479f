import type { Query } from "@salus/protocol";

/** Asks the cloud for all that it has of a vault. */
export const EVERYTHING: Query = {
  ...{ clauses: [], order: [], descending: false, sources: [], limit: 1000, total: false },
  cursor: new Uint8Array(0),
};
