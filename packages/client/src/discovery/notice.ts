import { equalBytes, fail, ok, type Result } from "@salus/base";
import {
  checkPractitioner,
  type Practitioner,
  type PractitionerError,
  type StatementError,
  type StatusBook,
  type TrustPolicy,
  verifySigned,
} from "@salus/evaluate";
import type { Identifier, Notice } from "@salus/protocol";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { knownIdentifiers } from "./registered.ts";

/** Somebody looked for this account's owner: what her own signature says of it. */
export interface SeenLookUp {
  /** Who it was, or why her certificates do not show that she was somebody. */
  readonly by: Result<Practitioner, PractitionerError>;
  /** A v3-PurposeOfUse code. */
  readonly reason: string;
  readonly time: number;
  /** By what she was looked for; nothing when another device registered it. */
  readonly identifier: Identifier | undefined;
}

/**
 * Read a notice, believing nothing that its practitioner did not sign.
 *
 * Takes:   `trust` and `statuses`, of the reader's own registry.
 * Fails:   statement errors: nobody signed it; `store-damaged`.
 * Source:  spec/discovery.md §3.
 */
export async function readNotice(
  { asked, certificates, attestations }: Notice,
  store: KeyStore,
  trust: TrustPolicy,
  statuses: StatusBook,
): Promise<Result<SeenLookUp, StatementError | StoreDamaged>> {
  const statement = verifySigned("look-up", asked);
  if (!statement.ok) return fail(statement.error);
  const { signer, payload } = statement.value;
  const { tag, reason, time } = payload;
  const known = await knownIdentifiers(store);
  if (!known.ok) return known;
  const identifier = known.value.find((one) => equalBytes(one.tag, tag));
  const by = checkPractitioner({ certificates, attestations }, signer, trust, statuses, time);
  return ok({ by, reason, time, identifier });
}
