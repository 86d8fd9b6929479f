import { type ChainState, headObject } from "@salus/evaluate";
import type { Digest } from "@salus/protocol";
import { appendToLog, type LogEntry } from "@salus/service";
import type { Trx, VaultId } from "../database/schema.ts";

/** Enter a chain's newest link in the log, so that nobody is shown another chain unnoticed. */
export async function logHead(
  trx: Trx,
  time: number,
  owner: VaultId,
  { vault, head }: ChainState,
): Promise<void> {
  const object = headObject(vault, head);
  await appendToLog(trx, time, [{ kind: "chain", of: { owner }, object }]);
}

/** Enter what the registry has gained in the log, by the hashes of the signed bytes. */
export async function logCertificates(
  trx: Trx,
  time: number,
  certificates: readonly { readonly hash: Digest }[],
): Promise<void> {
  const entries = certificates.map(({ hash }): LogEntry => {
    return { kind: "certificate", of: "public", object: hash };
  });
  await appendToLog(trx, time, entries);
}
