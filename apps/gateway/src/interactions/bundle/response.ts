import { STATUS_CODES } from "node:http";
import type { Resource } from "@salus/client";
import { etagOf } from "../../http/conditions.ts";
import type { Answer } from "../../http/exchange.ts";
import { encodeOutcome, type Outcome } from "../../outcome.ts";

/** What became of one entry. */
export type Done =
  | { readonly ok: true; readonly value: Answer }
  | { readonly ok: false; readonly error: Outcome };

/** The answer to a batch or transaction: an entry for each that was asked, in the same order. */
export function responseBundle(
  type: "batch" | "transaction",
  base: string,
  done: readonly Done[],
): Resource {
  return {
    resourceType: "Bundle",
    type: `${type}-response`,
    ...(done.length > 0 && {
      entry: done.map((each) => (each.ok ? answered(each.value, base) : refused(each.error))),
    }),
  };
}

function answered({ status, body, version, located }: Answer, base: string): object {
  const isOutcome = body?.resourceType === "OperationOutcome";
  const place = version === undefined ? "" : `${version.type}/${version.id}`;
  return {
    ...(located && version && { fullUrl: `${base}/${place}` }),
    ...(body && !isOutcome && { resource: body }),
    response: {
      status: lineOf(status),
      ...(located && version && { location: `${place}/_history/${version.versionId}` }),
      ...(version && {
        etag: etagOf(version.versionId),
        lastModified: new Date(version.at).toISOString(),
      }),
      ...(isOutcome && { outcome: body }),
    },
  };
}

const refused = ({ status, issues }: Outcome): object => ({
  response: { status: lineOf(status), outcome: encodeOutcome(issues) },
});

const lineOf = (status: number): string => `${status} ${STATUS_CODES[status] ?? ""}`.trim();
