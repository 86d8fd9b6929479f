import type { Trx } from "../database/schema.ts";
import { RecordSet } from "../record-set.ts";
import {
  FIRST,
  LAST,
  nextEntries,
  type Place,
  recordsInColumns,
  termName,
  termsOf,
  wholeColumn,
} from "../store/ordered-entry.ts";
import type { VaultRow } from "../store/vault.ts";
import type { GroupPlace } from "./cursor.ts";

/** A candidate and where it stands in its group; in the last group the term says nothing. */
export interface Member extends Place {
  readonly group: number;
}

/** What gives the next members of a group, in order. */
export interface Group {
  /** Gives: at most `count` members behind the last that was given; fewer only at the end. */
  next(count: number): Promise<readonly Member[]>;
}

const CHUNK_MIN = 128;
const CHUNK_MAX = 20_000;
const RARER = 4;
/** A record has about so many entries, all of which are read to find those in some columns. */
const ENTRIES_A_RECORD = 16;
const FEW_MIN = 200;

/** What all groups of one question share. */
export interface Sorting {
  readonly trx: Trx;
  readonly row: VaultRow;
  /** The columns, in order of group; nothing for one without entries. */
  readonly columns: readonly (number | undefined)[];
  readonly descending: boolean;
  readonly candidates: RecordSet;
}

/**
 * The groups of a sorted question: one for each column, and one for the candidates in none.
 *
 * Few candidates are sorted in memory by their terms. Many are met by walking through the columns,
 * and a page needs only the next part of each.
 */
export async function openGroups(
  sorting: Sorting,
  places: readonly GroupPlace[],
  pageSize: number,
): Promise<readonly Group[]> {
  const { candidates, row } = sorting;
  const size = candidates.size;
  const few = Math.max(FEW_MIN, Math.sqrt((pageSize * row.records) / ENTRIES_A_RECORD));
  if (size <= few) return sortedGroups(sorting, candidates.after(0, size), places);
  const share = Math.max(1, row.records / size);
  const groups = sorting.columns.map((_, group) =>
    walkedGroup(sorting, group, places[group] ?? "start", share),
  );
  return [...groups, restGroup(sorting, places.at(-1) ?? "start")];
}

/** For each of some records, the group that it is in and its place there. */
async function placesOf(
  { trx, row, columns, descending }: Sorting,
  records: readonly number[],
): Promise<ReadonlyMap<number, Member>> {
  const known = columns.filter((column) => column !== undefined);
  const found = new Map<number, Member & { readonly name: string }>();
  if (records.length === 0) return found;
  for (const { record, column, term } of await termsOf(trx, row.vault, records, known)) {
    const group = columns.indexOf(column);
    const name = termName(term);
    const before = found.get(record);
    const earlier =
      before === undefined ||
      group < before.group ||
      (group === before.group && (descending ? name > before.name : name < before.name));
    if (earlier) found.set(record, { record, group, term, name });
  }
  return found;
}

async function sortedGroups(
  sorting: Sorting,
  records: readonly number[],
  places: readonly GroupPlace[],
): Promise<readonly Group[]> {
  const last = sorting.columns.length;
  const members = await placesOf(sorting, records);
  const groups: Member[][] = Array.from({ length: last + 1 }, () => []);
  for (const record of records) {
    const member = members.get(record) ?? { ...FIRST, record, group: last };
    groups[member.group]?.push(member);
  }
  return groups.map((group, at) => {
    const compare = comparePlaces(sorting.descending && at < last);
    const place = places[at] ?? "start";
    const rest = group.sort(compare).filter((member) => isBehind(member, place, compare));
    return { next: async (count) => rest.splice(0, count) };
  });
}

function isBehind(
  member: Member,
  place: GroupPlace,
  compare: (a: Place, b: Place) => number,
): boolean {
  if (place === "ended") return false;
  return place === "start" || compare(member, place) > 0;
}

function comparePlaces(descending: boolean): (a: Place, b: Place) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [termName(a.term), termName(b.term)];
    if (x !== y) return x < y ? -sign : sign;
    return sign * (a.record - b.record);
  };
}

/** A group that is met by walking through its column. */
function walkedGroup(sorting: Sorting, group: number, start: GroupPlace, share: number): Group {
  const { trx, row, columns, descending, candidates } = sorting;
  const column = columns[group];
  let place: Place | undefined = descending ? LAST : FIRST;
  if (start === "ended" || column === undefined) place = undefined;
  else if (start !== "start") place = start;
  const waiting: Member[] = [];
  let found = share;

  const walk = async (count: number): Promise<void> => {
    if (place === undefined || column === undefined) return;
    const limit = Math.min(Math.max(Math.ceil(count * found * 1.25), CHUNK_MIN), CHUNK_MAX);
    const range = wholeColumn(column);
    const entries = await nextEntries(trx, row.vault, range, place, descending, limit);
    const hits = entries.filter((entry) => candidates.has(entry.record));
    // A record with several terms stands at the first; one with a term in an earlier column, there.
    const members = await placesOf(sorting, [...new Set(hits.map((entry) => entry.record))]);
    for (const hit of hits) {
      const member = members.get(hit.record);
      if (member?.group === group && termName(member.term) === termName(hit.term)) {
        waiting.push(member);
      }
    }
    place = entries.length < limit ? undefined : entries.at(-1);
    // Candidates may be rarer here than in the vault, down to none: then the rest is read in few steps.
    if (hits.length < count) found *= RARER;
  };

  return {
    next: async (count) => {
      while (waiting.length < count && place !== undefined) await walk(count - waiting.length);
      return waiting.splice(0, count);
    },
  };
}

/** The candidates that are in no column, in the order of their numbers. */
function restGroup(sorting: Sorting, start: GroupPlace): Group {
  const { trx, row, columns, candidates } = sorting;
  const group = columns.length;
  let rest: RecordSet | undefined;
  let after = start === "start" ? 0 : start === "ended" ? row.records : start.record;
  return {
    next: async (count) => {
      if (rest === undefined) {
        const known = columns.filter((column) => column !== undefined);
        rest = candidates.copy();
        rest.subtract(RecordSet.of(row.records, await recordsInColumns(trx, row.vault, known)));
      }
      const records = rest.after(after, count);
      after = records.at(-1) ?? after;
      return records.map((record) => ({ ...FIRST, record, group }));
    },
  };
}
