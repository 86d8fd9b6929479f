import { ok } from "@salus/base";
import type { Answering, Asked } from "../../http/exchange.ts";
import type { Desk } from "../desk.ts";
import { batch } from "./batch.ts";
import { readBundle } from "./entries.ts";
import { responseBundle } from "./response.ts";
import { type Asking, transaction } from "./transaction.ts";

/**
 * `POST [base]`: a batch, whose entries succeed or fail each on its own, or a transaction, whose entries do so together.
 *
 * Takes:   `ask`, which does one interaction that is of no bundle.
 */
export async function doBundle(desk: Desk, asked: Asked, ask: Asking): Answering {
  const { body, preferences } = asked;
  const bundle = readBundle({ body, preferences, base: desk.base });
  if (!bundle.ok) return bundle;
  const { type, entries } = bundle.value;
  if (type === "transaction") {
    const done = await transaction(desk, entries, { ask, preferences });
    return done.ok ? ok({ status: 200, body: done.value }) : done;
  }
  const done = await batch(desk, entries, { ask, preferences });
  return ok({ status: 200, body: responseBundle("batch", desk.base, done) });
}
