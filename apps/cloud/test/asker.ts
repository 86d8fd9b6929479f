import { toHex } from "@salus/base";
import { type Query, type QueryAnswer, queryAnswerSchema } from "@salus/protocol";
import { Asker as AnyAsker, read } from "@salus/testkit/asker";

/** Somebody who asks a cloud with a key. */
export class Asker extends AnyAsker {
  /** Ask one page of a query. */
  async query(vault: Uint8Array, query: Partial<Query>): Promise<QueryAnswer> {
    const answered = await this.post(`/v1/vaults/${toHex(vault)}/query`, { ...ASK, ...query });
    return read(answered, queryAnswerSchema);
  }
}

/** A question for everything. */
export const ASK: Query = {
  clauses: [],
  order: [],
  descending: false,
  sources: [],
  limit: 1000,
  cursor: new Uint8Array(),
  total: false,
};
