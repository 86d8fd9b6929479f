import { fail, ok, type Result } from "@salus/base";
import type { Choice, Patient, Registry } from "@salus/client";
import type { Command } from "commander";
import type { Homes } from "../homes/homes.ts";
import { endOf, listOf } from "../options.ts";
import { categoriesOf, sourcesOf } from "../sharing/selection.ts";
import type { Failure } from "../words.ts";

/** How a request or an access is narrowed. */
export interface ChoiceOptions {
  readonly source?: readonly string[];
  readonly category?: readonly string[];
  readonly until?: string;
  readonly period?: string;
}

/** What every command that narrows takes. */
export function withChoice(command: Command): Command {
  return command
    .option("--source <name...>", "only of these sources", listOf)
    .option("--category <name...>", "only these categories, or `ordinary`", listOf)
    .option("--until <date>", "not longer than to: 2027-06-30, or 30d")
    .option("--period <from..to>", "only care of these days: 2020-01-01..2020-12-31");
}

/** Read what is chosen; what is left out stays as it was asked. Fails: `usage`, `unknown-name`. */
export function choiceOf(
  homes: Homes,
  patient: Patient,
  registry: Registry,
  options: ChoiceOptions,
): Result<Pick<Choice, "sources" | "categories" | "expires" | "period">, Failure> {
  const sources = sourcesOf({ homes, registry }, patient, options.source ?? []);
  if (!sources.ok) return sources;
  const categories = categoriesOf(options.category ?? ["all"]);
  if (!categories.ok) return categories;
  const expires = options.until === undefined ? ok(undefined) : endOf(options.until, Date.now());
  if (!expires.ok) return expires;
  const period = options.period === undefined ? ok(undefined) : periodOf(options.period);
  if (!period.ok) return period;
  return ok({
    ...(sources.value !== "all" && { sources: sources.value }),
    ...(categories.value !== "all" && { categories: categories.value }),
    ...(expires.value !== undefined && { expires: expires.value }),
    ...(period.value !== undefined && { period: period.value }),
  });
}

const DAY_MS = 86_400_000;

/** Read `2020-01-01..2020-12-31`: from the beginning of the first day to the end of the last. */
export function periodOf(text: string): Result<readonly [start: number, end: number], Failure> {
  const [, from = "", to = ""] = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  const [start, end] = [Date.parse(from), Date.parse(to) + DAY_MS - 1];
  if (Number.isNaN(start) || Number.isNaN(end) || end < start) {
    const next = "2020-01-01..2020-12-31 is meant.";
    return fail({ kind: "usage", what: `${text} is no period`, next });
  }
  return ok([start, end]);
}
