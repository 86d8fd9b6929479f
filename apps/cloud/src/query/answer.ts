import { assert, fail, ok, type Result } from "@salus/base";
import { Absent, BatchId, type Malformed, type Query, type QueryAnswer } from "@salus/protocol";
import { inSnapshot } from "@salus/service";
import type { Trx } from "../database/schema.ts";
import { RecordSet } from "../record-set.ts";
import type { Access } from "../store/access.ts";
import { readCandidates } from "../store/candidate.ts";
import { FIRST, recordsInRanges } from "../store/ordered-entry.ts";
import { openersOf, sourceKeys } from "../store/record-page.ts";
import type { Store } from "../store/store.ts";
import { findVault, type VaultRow } from "../store/vault.ts";
import { isRanges, matchingRecords, NARROW, visibleRecords } from "./candidates.ts";
import { coverageOf, shownSources } from "./coverage.ts";
import { type Cursor, encodeCursor, parseCursor } from "./cursor.ts";
import { type Page, rangePage, recordPage, sortedPage } from "./page.ts";
import { type Question, type QuestionError, readQuestion } from "./question.ts";
import { Scanner } from "./scan.ts";

/** Why a query is not answered. */
export type QueryError = QuestionError | Malformed;

/**
 * Answer a page of a query, all of it as of one moment.
 *
 * Sees:    where two fresh points fall in the order of a column; which sealed entries lie on which
 *          side of a bound; which tag lists carry a keyword; nothing of what any of them mean.
 * Fails:   any `QueryError`.
 * Plan:    one index-only range for each ordered probe; columns in memory for the others.
 */
export async function answerQuery(
  store: Store,
  access: Access<"query">,
  query: Query,
): Promise<Result<QueryAnswer, QueryError>> {
  const started = performance.now();
  return inSnapshot(store.db, async (trx): Promise<Result<QueryAnswer, QueryError>> => {
    const row = await findVault(trx, access.handle);
    assert(row !== undefined, "a vault that was found stays");
    const groups = query.order.length > 0 ? query.order.length + 1 : 0;
    const cursor = parseCursor(query.cursor, groups);
    if (!cursor.ok) return cursor;
    const question = await readQuestion(store, trx, row, access, query);
    if (!question.ok) return question;
    const scanner = new Scanner(trx, store.columns, row, access.chain);
    const asked = { store, access, query, question: question.value, row, trx, scanner };
    const found = await findPage(asked, cursor.value);
    if (!found.ok) return found;
    const { page, total } = found.value;
    return ok({
      ...(await readPage(asked, page)),
      total,
      sources: coverageOf(
        access,
        question.value.sources,
        await store.facts.newestBatches(trx, row),
        scanner.failed,
      ),
      cost: {
        probes: query.clauses.reduce((sum, clause) => sum + clause.length, 0),
        scanned: scanner.bytes,
        milliseconds: Math.round(performance.now() - started),
      },
    });
  });
}

/** Everything that one question goes by. */
interface Asked {
  readonly store: Store;
  readonly access: Access<"query">;
  readonly query: Query;
  readonly question: Question;
  readonly row: VaultRow;
  readonly trx: Trx;
  readonly scanner: Scanner;
}

interface Found {
  readonly page: Page;
  readonly total: number | null;
}

async function findPage(asked: Asked, cursor: Cursor): Promise<Result<Found, Malformed>> {
  const { query, question, row, trx } = asked;
  const visible = await visibleOf(asked);
  const narrow = await narrowOf(asked, cursor, visible);
  if (narrow === "wide") {
    const from = cursor.mode === "ranges" ? cursor : { range: 0, after: FIRST };
    const ranges = question.clauses[0]?.ranges ?? [];
    const page = await rangePage(trx, row, ranges, visible, from, query.limit);
    return ok({ page, total: null });
  }
  if (cursor.mode === "ranges") return fail({ kind: "malformed", what: "cursor" });
  let candidates = narrow;
  if (candidates === undefined && question.clauses.length > 0) {
    const matching = await matchingRecords(trx, row, question.clauses, asked.scanner);
    if (!matching.ok) return matching;
    candidates = matching.value;
  }
  if (candidates === undefined) candidates = visible?.copy() ?? new RecordSet(row.records);
  else if (visible !== undefined) candidates.intersect(visible);
  const total = query.total ? candidates.size : null;
  if (query.order.length === 0) {
    const after = cursor.mode === "records" ? cursor.after : 0;
    return ok({ page: recordPage(candidates, after, query.limit), total });
  }
  const sorting = {
    ...{ trx, row, candidates },
    ...{ columns: question.order, descending: query.descending },
  };
  const places = cursor.mode === "groups" ? cursor.places : [];
  return ok({ page: await sortedPage(sorting, places, query.limit), total });
}

/** The records that may be shown; nothing when that is every record that has an entry. */
async function visibleOf(asked: Asked): Promise<RecordSet | undefined> {
  const { store, access, question, row, trx } = asked;
  if (question.everything && question.clauses.length > 0) return undefined;
  const wards = await store.wards.of(trx, row);
  return visibleRecords(row, wards, question, shownSources(access, question.sources));
}

/**
 * For one clause of ordered ranges, asked without order or total: what it finds, or that it finds so
 * much that it is given out as it is read.
 */
async function narrowOf(
  { query, question, row, trx }: Asked,
  cursor: Cursor,
  visible: RecordSet | undefined,
): Promise<RecordSet | "wide" | undefined> {
  const [clause, ...others] = question.clauses;
  const alone = clause !== undefined && others.length === 0 && isRanges(clause);
  if (!alone || query.order.length > 0 || query.total) return undefined;
  if (cursor.mode === "ranges") return "wide";
  const records = await recordsInRanges(trx, row.vault, clause.ranges, NARROW + 1);
  if (records.length <= NARROW) return RecordSet.of(row.records, records);
  // Where most of what is read could not be shown, reading on is no way to fill a page.
  const shown = visible === undefined || 2 * visible.size >= row.records;
  return cursor.mode === "start" && shown ? "wide" : undefined;
}

/** The page's envelopes, and what opens them. */
async function readPage(
  { access, query, trx }: Asked,
  page: Page,
): Promise<Omit<QueryAnswer, "total" | "sources" | "cost">> {
  const numbers = page.members.map((member) => member.record);
  const { rows, done } = await readCandidates(trx, access.vault, numbers);
  const { cursor, ended } = page.rest(done);
  const grouped = query.order.length;
  const candidates = rows.map((row) => {
    const member = page.members[row.place - 1];
    assert(member?.record === row.record, "candidates come in the order of the page");
    return {
      record: row.handle,
      revision: row.revision,
      batch: BatchId.of(row.batch_handle),
      envelope: row.envelope,
      group: member.group,
      term: member.group < grouped ? member.term : Absent.of(new Uint8Array()),
    };
  });
  const openers = await openersOf(trx, access.vault, rows, sourceKeys(access));
  return { candidates, ended, cursor: encodeCursor(cursor), ...openers };
}
