import { toHex } from "@salus/base";
import type { Exchange } from "@salus/client";
import { decodeAs, type Probe, querySchema } from "@salus/protocol";
import { number } from "../progress.ts";

/** Of a handle; points are shown whole, since neighbours differ only at their ends. */
const SHOWN_BYTES = 6;
const POINT_BYTES = 16;
const SHOWN_PROBES = 3;

/** What the cloud saw of a question: the real bytes of its requests, as it has to read them. */
export function seenOf(exchanges: readonly Exchange[]): readonly string[] {
  const sent = exchanges.reduce((sum, exchange) => sum + exchange.sent.length, 0);
  const received = exchanges.reduce((sum, exchange) => sum + exchange.received.length, 0);
  const requests = exchanges.length === 1 ? "one request" : `${exchanges.length} requests`;
  const probes = exchanges.flatMap(probesOf);
  const more = probes.length - SHOWN_PROBES;
  return [
    `The cloud saw ${requests} of ${number(sent)} bytes, and sent ${number(received)} sealed bytes:`,
    ...probes.slice(0, SHOWN_PROBES).map((probe) => `    ${probeText(probe)}`),
    ...(more > 0 ? [`    and ${number(more)} more like these`] : []),
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
      return `column ${cut(probe.attribute)} of ${cut(probe.cell)}: between ${cut(probe.low, POINT_BYTES)} and ${cut(probe.high, POINT_BYTES)}`;
    case "tag":
      return `tags of ${cut(probe.cell)}: whatever ${cut(probe.token, POINT_BYTES)} picks out`;
  }
}

/** The beginning of some bytes, in hexadecimal. */
export function cut(bytes: Uint8Array, most: number = SHOWN_BYTES): string {
  return `${toHex(bytes.subarray(0, most))}${bytes.length > most ? "…" : ""}`;
}
