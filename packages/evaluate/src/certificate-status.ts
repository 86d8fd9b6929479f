import { equalBytes, toHex } from "@salus/base";
import type { Digest, VerifyKey } from "@salus/protocol";
import type { Statement } from "./statement.ts";

/** Verified statuses by the certificate that they are about. Whose word counts, a path says. */
export type StatusBook = ReadonlyMap<string, readonly Statement<"certificate/status">[]>;

/** Keep verified statuses so that they are found. */
export function statusBook(all: Iterable<Statement<"certificate/status">>): StatusBook {
  const book = new Map<string, Statement<"certificate/status">[]>();
  for (const status of all) {
    const certificate = toHex(status.payload.certificate);
    const known = book.get(certificate);
    if (known === undefined) book.set(certificate, [status]);
    else known.push(status);
  }
  return book;
}

/**
 * How a certificate stood at a time, by those whose word counts.
 *
 * The newest status counts, `left` for good. Where a number is missing somebody keeps a status back,
 * and where two have one number they contradict each other: then the certificate is not believed.
 *
 * Source:  spec/sharing.md §5; vectors/provider-v1.json.
 */
export function standingAt(
  book: StatusBook,
  certificate: Digest,
  above: readonly VerifyKey[],
  at: number,
): "good" | "suspended" | "left" {
  const said = (book.get(toHex(certificate)) ?? [])
    .filter(({ signer }) => above.some((key) => equalBytes(key, signer)))
    .map(({ payload }) => payload)
    .filter(({ time }) => time <= at)
    .sort((a, b) => a.seq - b.seq);
  if (said.some(({ status }) => status === "left")) return "left";
  if (said.some(({ seq }, index) => seq !== index + 1)) return "suspended";
  return said.at(-1)?.status === "suspended" ? "suspended" : "good";
}
