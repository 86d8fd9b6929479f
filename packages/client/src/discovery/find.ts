import { type Bytes, fail, ok, type Result } from "@salus/base";
import type { Signer } from "@salus/crypto";
import { checkMailbox } from "@salus/evaluate";
import type { Identifier, Mailbox } from "@salus/protocol";
import { type DirectorySession, type DiscoveryError, pinnedInfo } from "./session.ts";
import { tagsOf } from "./tag.ts";

/** Who looks for somebody: a certified key, and what shows that it is certified. */
export interface Asker {
  /** Of the last certificate. */
  readonly signer: Signer;
  /** Signed certificates from the organisation's down to the signer's. */
  readonly certificates: readonly Bytes[];
  /** Of the physician's certificate. */
  readonly attestations: readonly Bytes[];
}

/**
 * Find the mailbox of whoever has an identifier.
 *
 * Takes:   `reason`, a v3-PurposeOfUse code, which the patient will read.
 * Gives:   a mailbox in any case: whether anybody reads what is sent to it, only an answer tells.
 * Leaks:   to the directory: that this practitioner looked for somebody, why, and whom if it is
 *          somebody whom the directory knows; never the identifier. To the patient: all of it.
 * Fails:   any `DiscoveryError`; as `refused`: `quota`, `not-yours` in a session of another role, and
 *          what is wrong with the certificates.
 * Source:  spec/discovery.md §3.
 */
export async function findPatient(
  session: DirectorySession,
  asker: Asker,
  identifier: Identifier,
  reason: string,
): Promise<Result<Mailbox, DiscoveryError>> {
  const info = await pinnedInfo(session);
  if (!info.ok) return info;
  const tags = await tagsOf(session, [identifier]);
  if (!tags.ok) return tags;
  const [tag] = tags.value;
  if (tag === undefined) return fail({ kind: "malformed-answer", what: "evaluated" });
  const { signer, certificates, attestations } = asker;
  const asked = signer.sign("look-up", {
    audience: info.value.id,
    session: session.caller.session,
    tag,
    reason,
    time: info.value.time,
  });
  const found = await session.directory.lookUp(session.caller, {
    asked,
    certificates,
    attestations,
  });
  if (!found.ok) return found;
  const { mailbox } = found.value;
  const sound = checkMailbox(mailbox).ok;
  return sound ? ok(mailbox) : fail({ kind: "malformed-answer", what: "mailbox" });
}
