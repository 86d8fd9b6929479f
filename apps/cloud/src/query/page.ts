import { equalBytes } from "@salus/base";
import type { Trx } from "../database/schema.ts";
import type { RecordSet } from "../record-set.ts";
import {
  FIRST,
  firstPlaces,
  nextEntries,
  type OrderedRange,
  type Place,
} from "../store/ordered-entry.ts";
import type { VaultRow } from "../store/vault.ts";
import type { Cursor, GroupPlace } from "./cursor.ts";
import { type Group, type Member, openGroups, type Sorting } from "./groups.ts";

/**
 * The candidates of a page, in order, and how to go on behind any of them.
 *
 * How many fit is known only when their envelopes are read, so that the cursor is asked for then.
 */
export interface Page {
  readonly members: readonly Member[];
  /** Takes: how many of `members` are sent. Gives: `start` when nothing is left. */
  rest(sent: number): { readonly cursor: Cursor; readonly ended: readonly number[] };
}

const DONE = { mode: "start" } as const;
/** Fewer are not worth a statement of their own. */
const ENTRIES_MIN = 128;

/** A page in the order of the records' numbers. */
export function recordPage(candidates: RecordSet, after: number, limit: number): Page {
  const records = candidates.after(after, limit + 1);
  const members = records.slice(0, limit).map((record) => ({ ...FIRST, record, group: 0 }));
  return {
    members,
    rest: (sent) => {
      const last = members[sent - 1];
      if (sent === records.length || last === undefined) return { cursor: DONE, ended: [0] };
      return { cursor: { mode: "records", after: last.record }, ended: [] };
    },
  };
}

/**
 * A page of a single clause of ordered ranges that finds very many: range by range, in the order of
 * the terms, without reading what comes behind the page.
 *
 * A record that an earlier range, or an earlier term, has given already is left out.
 *
 * Plan:    an index-only range for each range of the page; `ordered_entry_by_record` for its records.
 */
export async function rangePage(
  trx: Trx,
  row: VaultRow,
  ranges: readonly OrderedRange[],
  visible: RecordSet | undefined,
  from: { readonly range: number; readonly after: Place },
  limit: number,
): Promise<Page> {
  const members: (Member & { readonly range: number })[] = [];
  let { range: at, after } = from;
  while (at < ranges.length && members.length <= limit) {
    const range = ranges[at] as OrderedRange;
    const wanted = Math.max(limit + 1 - members.length, ENTRIES_MIN);
    const entries = await nextEntries(trx, row.vault, range, after, false, wanted);
    const seen = entries.filter((entry) => visible?.has(entry.record) ?? true);
    const records = [...new Set(seen.map((entry) => entry.record))];
    const firsts = await firstPlaces(trx, row.vault, ranges, records);
    for (const entry of seen) {
      const first = firsts.get(entry.record);
      const isFirst = first?.range === at && equalBytes(first.term, entry.term);
      if (isFirst) members.push({ ...entry, group: 0, range: at });
    }
    const last = entries.at(-1);
    if (entries.length < wanted || last === undefined) {
      at += 1;
      after = FIRST;
    } else {
      after = last;
    }
  }
  return {
    members: members.slice(0, limit),
    rest: (sent) => {
      const last = members[sent - 1];
      if (sent === members.length || last === undefined) return { cursor: DONE, ended: [0] };
      return { cursor: { mode: "ranges", range: last.range, after: last }, ended: [] };
    },
  };
}

/** A page of a sorted question: from each group in turn, the last group when all others have ended. */
export async function sortedPage(
  sorting: Sorting,
  from: readonly GroupPlace[],
  limit: number,
): Promise<Page> {
  const last = sorting.columns.length;
  const places = from.length > 0 ? from : Array.from({ length: last + 1 }, () => "start" as const);
  const groups = await openGroups(sorting, places, limit);
  const queues = groups.map((group) => new Queue(group));
  const members: Member[] = [];
  let live = queues.slice(0, last);
  while (members.length < limit && live.length > 0) {
    const wanted = Math.ceil((limit - members.length) / live.length);
    for (const queue of live) {
      const member = members.length < limit ? await queue.take(wanted) : undefined;
      if (member !== undefined) members.push(member);
    }
    live = await withMore(live);
  }
  const open = await withMore(queues.slice(0, last));
  const rest = queues[last] as Queue;
  while (open.length === 0 && members.length < limit) {
    const member = await rest.take(limit - members.length);
    if (member === undefined) break;
    members.push(member);
  }
  // While another group goes on nobody asks whether the last has members: that may cost much.
  const unfinished = new Set(open.length > 0 ? [...open, rest] : await withMore([rest]));
  const exhausted = queues.map((queue) => !unfinished.has(queue));
  return { members, rest: (sent) => behind(members, sent, places, exhausted) };
}

async function withMore(queues: readonly Queue[]): Promise<Queue[]> {
  const more: Queue[] = [];
  for (const queue of queues) if (await queue.hasMore()) more.push(queue);
  return more;
}

/** Members of a group, fetched some at a time, always knowing whether there is another. */
class Queue {
  readonly #group: Group;
  #waiting: Member[] = [];
  #ended = false;

  constructor(group: Group) {
    this.#group = group;
  }

  async take(wanted: number): Promise<Member | undefined> {
    if (this.#waiting.length <= 1) await this.#fetch(wanted + 1);
    return this.#waiting.shift();
  }

  async hasMore(): Promise<boolean> {
    if (this.#waiting.length === 0) await this.#fetch(1);
    return this.#waiting.length > 0;
  }

  async #fetch(count: number): Promise<void> {
    if (this.#ended) return;
    const fetched = await this.#group.next(count);
    this.#ended = fetched.length < count;
    this.#waiting.push(...fetched);
  }
}

function behind(
  members: readonly Member[],
  sent: number,
  from: readonly GroupPlace[],
  exhausted: readonly boolean[],
): { readonly cursor: Cursor; readonly ended: readonly number[] } {
  const places = from.map((place, group): GroupPlace => {
    const mine = members.filter((member) => member.group === group);
    const given = members.slice(0, sent).filter((member) => member.group === group);
    if (exhausted[group] && given.length === mine.length) return "ended";
    const last = given.at(-1);
    return last === undefined ? place : { term: last.term, record: last.record };
  });
  const ended = places.flatMap((place, group) => (place === "ended" ? [group] : []));
  const cursor = ended.length === places.length ? DONE : ({ mode: "groups", places } as const);
  return { cursor, ended };
}
