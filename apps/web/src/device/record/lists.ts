import { fail, ok, type Result } from "@salus/base";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import {
  CHAPTER_NAMES,
  CHAPTERS,
  type ChapterName,
  type Days,
  searchOf,
  TIMELINE,
} from "./chapters.ts";
import { roomOf } from "./room.ts";
import { rememberSeen } from "./seen.ts";
import type { ChaptersView, ChapterView, ListView, SourceView } from "./views.ts";

/** What a list is restricted to, and which part of it is wanted. */
export interface ListOrder extends Days {
  /** A source's handle, in hexadecimal. */
  readonly source?: string;
  readonly start?: number;
  readonly count?: number;
  /** Whether it may go on from what has been read already; what is new since is not in that. */
  readonly goesOn?: boolean;
}

const COUNT = 60;
/** So many records of a chapter are counted for the overview. */
const COUNTED = 20;

/** One chapter, the newest first. Fails: `not-found`, any `ClientError`. */
export function chapter(
  name: ChapterName,
  order: ListOrder = {},
): Promise<Result<ListView, Problem>> {
  return withOpen(async (open) => {
    const parts = CHAPTERS[name];
    if (parts === undefined) return fail({ kind: "not-found" });
    // A type without a date cannot be of a day.
    const dated = order.from !== undefined || order.to !== undefined;
    const asked = parts.filter(({ date }) => !dated || date !== undefined);
    const queries = asked.map((part) => searchOf(part, order));
    return kept(open, name, order, () => listOf(open, queries, order));
  });
}

/** Everything that has a time, the newest first. Fails: any `ClientError`. */
export function timeline(order: ListOrder = {}): Promise<Result<ListView, Problem>> {
  return withOpen((open) => {
    const queries = TIMELINE.map((part) => searchOf(part, order));
    return kept(open, "timeline", order, () => listOf(open, queries, order));
  });
}

/** Every chapter with how much is in it, and what came last. Fails: any `ClientError`. */
export function chapters(): Promise<Result<ChaptersView, Problem>> {
  return withOpen((open) => rememberSeen(open, "chapters", () => countChapters(open)));
}

/** Only a list that is not restricted is kept, and only its beginning. */
function kept(
  open: Open,
  name: string,
  { source, from, to, start = 0 }: ListOrder,
  work: () => Promise<Result<ListView, Failure>>,
): Promise<Result<ListView, Failure>> {
  const isWhole = start === 0 && source === undefined && from === undefined && to === undefined;
  return isWhole ? rememberSeen(open, name, work) : work();
}

export async function listOf(
  open: Open,
  queries: readonly string[],
  { source, start = 0, count = COUNT, goesOn = start > 0 }: ListOrder,
): Promise<Result<ListView, Failure>> {
  const room = roomOf(open);
  const after = open.exchanges.mark();
  const feed = await room.feed(queries, source, { fresh: !goesOn, count });
  if (!feed.ok) return feed;
  const lines = await feed.value.slice(start, start + count);
  const answered = await room.answered(feed.value.queries, feed.value.reports, after);
  return ok({ ...answered, lines, start, total: feed.value.total });
}

async function countChapters(open: Open): Promise<Result<ChaptersView, Failure>> {
  const room = roomOf(open);
  const after = open.exchanges.mark();
  const found = await Promise.all(
    CHAPTER_NAMES.map(async (name): Promise<Result<[ChapterView, ListView], Failure>> => {
      const queries = CHAPTERS[name].map((part) => searchOf(part));
      const list = await listOf(open, queries, { count: COUNTED });
      if (!list.ok) return list;
      const { lines, total } = list.value;
      const view = { name, count: lines.length, more: total === undefined, latest: lines[0] };
      return ok([view, list.value]);
    }),
  );
  const views: ChapterView[] = [];
  const lists: ListView[] = [];
  for (const one of found) {
    if (!one.ok) return one;
    views.push(one.value[0]);
    lists.push(one.value[1]);
  }
  const queries = lists.flatMap(({ asked }) => asked.queries);
  const answered = await room.answered(queries, [], after);
  return ok({ ...answered, coverage: worstOf(lists), chapters: views });
}

/** What several answers cover together: a source has answered if it has answered each time. */
export function worstOf(lists: readonly Pick<ListView, "coverage">[]): ListView["coverage"] {
  const order = ["answered", "stale", "hidden", "failed"];
  const sources = new Map<string, ListView["coverage"]["sources"][number]>();
  for (const { coverage } of lists) {
    for (const said of coverage.sources) {
      const known = sources.get(said.source);
      const isWorse =
        known === undefined || order.indexOf(said.status) > order.indexOf(known.status);
      if (isWorse) sources.set(said.source, said);
    }
  }
  return {
    sources: [...sources.values()],
    problem: lists.map(({ coverage }) => coverage.problem).find((problem) => problem !== undefined),
    leftOut: lists.reduce((sum, { coverage }) => sum + coverage.leftOut, 0),
  };
}

/** The sources of the record, for a choice. Fails: any `ClientError`. */
export function sources(): Promise<Result<readonly SourceView[], Problem>> {
  return withOpen((open) => roomOf(open).sources());
}
