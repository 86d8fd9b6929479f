import { ok, type Result, toHex } from "@salus/base";
import { decodeAs, type Probe, querySchema } from "@salus/protocol";
import type { SeenExchange } from "../exchanges.ts";
import { withOpen } from "../open.ts";
import type { Problem } from "../problem.ts";
import { type BytesView, bytesView } from "./bytes-view.ts";
import { stored } from "./stored.ts";

const SHOWN_PROBES = 12;

/** A part of a question, as the cloud has to read it: handles and points, no names and no values. */
export interface ProbeView {
  readonly kind: Probe["kind"];
  /** Where it looks: a scope or a cell, and a column of it; a tag has no column. */
  readonly where: string;
  readonly column: string | undefined;
  readonly low: string;
  /** A tag has only one point. */
  readonly high: string | undefined;
}

/** One request and its answer, as a service saw them. */
export interface SeenView {
  readonly number: number;
  readonly service: SeenExchange["service"];
  readonly method: string;
  readonly path: string;
  /** 0 when nobody answered. */
  readonly status: number;
  readonly sent: BytesView;
  readonly received: BytesView;
  readonly probes: readonly ProbeView[];
  readonly moreProbes: number;
}

function probesOf({ path, sent }: SeenExchange): readonly Probe[] {
  if (!path.endsWith("/query")) return [];
  const query = decodeAs(querySchema, sent, "query");
  return query.ok ? query.value.clauses.flat() : [];
}

function probeView(probe: Probe): ProbeView {
  const { kind } = probe;
  if (kind === "tag") {
    const [where, low] = [toHex(probe.cell), toHex(probe.token)];
    return { kind, where, column: undefined, low, high: undefined };
  }
  const where = toHex(kind === "ordered" ? probe.scope : probe.cell);
  const [low, high] = [toHex(probe.low), toHex(probe.high)];
  return { kind, where, column: toHex(probe.attribute), low, high };
}

function seenView(exchange: SeenExchange): SeenView {
  const { number, service, method, path, status, sent, received } = exchange;
  const probes = probesOf(exchange);
  return {
    ...{ number, service, method, path, status },
    sent: bytesView(sent),
    received: bytesView(received),
    probes: probes.slice(0, SHOWN_PROBES).map(probeView),
    moreProbes: Math.max(0, probes.length - SHOWN_PROBES),
  };
}

/** What the services saw of this device: the real bytes. */
export const cloudView = {
  stored,

  /** Where things stand now: what comes after is seen `between` it and a later one. */
  mark: (): Promise<Result<number, Problem>> => withOpen(async (open) => ok(open.exchanges.mark())),

  /**
   * What was exchanged after one mark and up to another, as long as it is remembered.
   *
   * Takes:   `until`, left out for up to now.
   */
  between: (after: number, until?: number): Promise<Result<readonly SeenView[], Problem>> =>
    withOpen(async (open) =>
      ok(
        open.exchanges
          .since(after)
          .filter(({ number }) => until === undefined || number <= until)
          .map(seenView),
      ),
    ),
};
