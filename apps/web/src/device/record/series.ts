import { ok, type Result } from "@salus/base";
import type { Match, Registry } from "@salus/client";
import type { DescribedCode } from "@salus/health";
import { described } from "../described.ts";
import { withOpen } from "../open.ts";
import type { Problem } from "../problem.ts";
import { matchOf } from "./items.ts";
import { describedLine, loincOf, timeOf } from "./lines.ts";
import { roomOf } from "./room.ts";
import type { PointView, ResultSeriesView, SeriesView } from "./views.ts";

const POINTS_MAX = 2_000;
const CODES_ASKED = 8;

interface Growing {
  readonly title: string;
  readonly loinc: string;
  readonly unit: string;
  low: number | undefined;
  high: number | undefined;
  readonly points: PointView[];
}

/**
 * All values of what a record measured, over all sources: by its codes, each in the units that it was
 * measured in.
 *
 * Takes:   the handle of a record that gives one: what it is of stands in no address.
 * Fails:   `not-found`, any `ClientError`.
 */
export function series(handle: string): Promise<Result<ResultSeriesView, Problem>> {
  return withOpen(async (open) => {
    const room = roomOf(open);
    const after = open.exchanges.mark();
    const first = await matchOf(room, handle);
    if (!first.ok) return first;
    const vault = await room.vault();
    if (!vault.ok) return vault;
    const said = described(first.value.resource);
    const codes = [...new Set(said.values.flatMap((value) => tokensOf(value.codes)))].slice(
      0,
      CODES_ASKED,
    );
    const query =
      codes.length === 0
        ? `Observation?_id=${encodeURIComponent(said.id)}`
        : `Observation?combo-code=${codes.map(encodeURIComponent).join(",")}&_sort=-date`;
    const answer = await room.ask(query);
    if (!answer.ok) return answer;
    const wanted = new Set(codes);
    const growing = new Map<string, Growing>();
    let count = 0;
    for await (const match of answer.value) {
      count += 1;
      if (count > POINTS_MAX) break;
      room.keep(match);
      enter(growing, match, wanted, vault.value.registry);
    }
    const answered = await room.answered([query], [answer.value.report()], after);
    const all = [...growing.values()].map(
      (one): SeriesView => ({ ...one, points: one.points.toReversed() }),
    );
    return ok({
      ...answered,
      title: said.title,
      loinc: loincOf(said.title, said.codes),
      series: all,
    });
  });
}

/** Put the numbers of a record to those of the same code and unit. They come newest first. */
export function enter(
  growing: Map<string, Growing>,
  match: Match,
  wanted: ReadonlySet<string>,
  registry: Registry,
): void {
  const said = described(match.resource);
  if (said.status === "entered-in-error") return;
  const line = describedLine(match, said, registry);
  const time = timeOf(match);
  if (!Number.isFinite(time)) return;
  for (const value of said.values) {
    const tokens = tokensOf(value.codes);
    const token = tokens.find((one) => wanted.has(one));
    if (value.number === undefined || (wanted.size > 0 && token === undefined)) continue;
    const name = `${token ?? value.label} ${value.unit}`;
    const known = growing.get(name);
    const one: Growing = known ?? {
      title: value.label || said.title,
      loinc: loincOf(value.label || said.title, value.codes),
      unit: value.unit,
      low: value.low,
      high: value.high,
      points: [],
    };
    one.low ??= value.low;
    one.high ??= value.high;
    one.points.push({
      handle: line.handle,
      date: said.date,
      time,
      value: value.number,
      comparator: value.comparator,
      interpretation: value.interpretation,
      from: line.from,
    });
    growing.set(name, one);
  }
}

function tokensOf(codes: readonly DescribedCode[]): readonly string[] {
  const escaped = (text: string): string => text.replace(/[\\,|$]/g, "\\$&");
  return codes.map(({ system, code }) => `${escaped(system)}|${escaped(code)}`);
}
