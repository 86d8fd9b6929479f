import { toHex } from "@salus/base";
import type { Exchange } from "@salus/client";
import { decodeAs, type Probe, querySchema } from "@salus/protocol";
import { number } from "../progress.ts";

/** Of a handle; of points what tells them apart, since neighbours begin alike. */
const SHOWN_BYTES = 6;
const POINT_BYTES = 16;
const SHOWN_PROBES = 3;
/** Points in a shared order first: of all that it sees they say most. */
const RANK: Readonly<Record<Probe["kind"], number>> = { ordered: 0, sealed: 1, tag: 2 };

/** What the cloud saw of a question: the real bytes of its requests, as it has to read them. */
export function seenOf(exchanges: readonly Exchange[]): readonly string[] {
  const sent = exchanges.reduce((sum, exchange) => sum + exchange.sent.length, 0);
  const received = exchanges.reduce((sum, exchange) => sum + exchange.received.length, 0);
  const requests = exchanges.length === 1 ? "one request" : `${exchanges.length} requests`;
  const probes = exchanges.flatMap(probesOf).sort((a, b) => RANK[a.kind] - RANK[b.kind]);
  const more = probes.length - SHOWN_PROBES;
  return [
    `The cloud saw ${requests} of ${number(sent)} bytes, and sent ${number(received)} sealed bytes:`,
    ...probes.slice(0, SHOWN_PROBES).map((probe) => `    ${probeText(probe)}`),
    ...(more > 0 ? [`    and ${number(more)} more`] : []),
  ];
}

function probesOf({ sent }: Exchange): readonly Probe[] {
  const query = decodeAs(querySchema, sent, "query");
  return query.ok ? query.value.clauses.flat() : [];
}

function probeText(probe: Probe): string {
  switch (probe.kind) {
    case "ordered":
      return `column ${cut(probe.attribute)} of ${cut(probe.scope)}: between ${cut(probe.low, POINT_BYTES)} and ${cut(probe.high, POINT_BYTES)}`;
    case "sealed":
      return `sealed column ${cut(probe.attribute)} of ${cut(probe.cell)}: on one side of ${apart(probe.low, probe.high)}, on the other of ${apart(probe.high, probe.low)}`;
    case "tag":
      return `tags of ${cut(probe.cell)}: whatever ${cut(probe.token, POINT_BYTES)} picks out`;
  }
}

/** Of some bytes what begins where others differ from them, in hexadecimal. */
function apart(bytes: Uint8Array, others: Uint8Array): string {
  const at = Math.max(
    bytes.findIndex((byte, place) => byte !== others[place]),
    0,
  );
  return `${at > 0 ? "…" : ""}${cut(bytes.subarray(at), POINT_BYTES)}`;
}

/** The beginning of some bytes, in hexadecimal. */
export function cut(bytes: Uint8Array, most: number = SHOWN_BYTES): string {
  return `${toHex(bytes.subarray(0, most))}${bytes.length > most ? "…" : ""}`;
}
