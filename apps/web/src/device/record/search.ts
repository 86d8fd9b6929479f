import { fail, ok, type Result } from "@salus/base";
import { withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { listOf } from "./lists.ts";
import { type Question, readQuestion, SHAPES, writeQuestion } from "./question.ts";
import { type KnownCode, roomOf } from "./room.ts";
import type { ListView } from "./views.ts";

const PAGE = 40;
const SUGGESTED = 300;
/** Newest records that are opened for their codes, where hardly any is known. */
const WARMING = 80;
const ENOUGH = 12;

/** A search as both of its faces, and what its codes are called in this record. */
export interface QuestionView {
  readonly text: string;
  readonly question: Question;
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Ask a FHIR search of every source, or of one.
 *
 * Takes:   `start`, where the page that is wanted begins.
 * Fails:   `bad-query`, any `ClientError`.
 */
export function search(
  text: string,
  order: { readonly source?: string; readonly start?: number } = {},
): Promise<Result<ListView, Problem>> {
  return withOpen((open) => listOf(open, [text.trim()], { ...order, count: PAGE }));
}

/** What a search says, as chips. Fails: `bad-query`. */
export function readText(text: string): Promise<Result<QuestionView, Problem>> {
  return withOpen(async (open): Promise<Result<QuestionView, Failure>> => {
    const question = readQuestion(text, Date.now());
    if (!question.ok) return fail({ kind: "bad-query", error: question.error });
    return ok(viewOf(question.value, text.trim(), roomOf(open).codes()));
  });
}

/** What chips say, as a search. Fails: `bad-query`. */
export function writeText(question: Question): Promise<Result<QuestionView, Problem>> {
  return withOpen(async (open): Promise<Result<QuestionView, Failure>> => {
    const text = writeQuestion(question, Date.now());
    if (!text.ok) return fail({ kind: "bad-query", error: text.error });
    return ok(viewOf(question, text.value, roomOf(open).codes()));
  });
}

function viewOf(question: Question, text: string, codes: readonly KnownCode[]): QuestionView {
  const names: Record<string, string> = {};
  for (const chip of question.chips) {
    if (chip.kind !== "code") continue;
    for (const token of chip.tokens.split(",")) {
      const known = codes.find(
        ({ system, code }) => `${system}|${code}` === token || code === token,
      );
      if (known !== undefined && known.title !== "") names[token] = known.title;
    }
  }
  return { text, question, names };
}

/**
 * Codes that the record uses, for a type: from what has been opened; where that is little, from its
 * newest records.
 *
 * Fails:   any `ClientError`.
 */
export function codes(type: string): Promise<Result<readonly KnownCode[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly KnownCode[], Failure>> => {
    const shape = SHAPES[type];
    if (shape === undefined) return ok([]);
    const knownCodes = (): readonly KnownCode[] =>
      roomOf(open)
        .codes()
        .filter((code) => code.type === type && code.title !== "");
    if (knownCodes().length < ENOUGH) {
      const sort = shape.date === undefined ? "" : `?_sort=-${shape.date}`;
      const warmed = await listOf(open, [`${type}${sort}`], { count: WARMING });
      if (!warmed.ok) return warmed;
    }
    const known = knownCodes().toSorted((a, b) => a.title.localeCompare(b.title));
    return ok(known.slice(0, SUGGESTED));
  });
}
