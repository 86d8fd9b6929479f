import { fail, isYoung, ok, type Result, toHex } from "@salus/base";
import { type CoveredSource, type Match, shownText } from "@salus/client";
import { CATEGORIES, type Category, describe, objects, textOf } from "@salus/health";
import type { SourceHandle, VaultHandle } from "@salus/protocol";
import {
  askAbout,
  type Findings,
  isPatient,
  type SourceWord,
  together,
  vaultOf,
} from "../asking.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { type Entry, entriesOf } from "./entry.ts";
import { knownPatients, remember } from "./known-patients.ts";
import { type Covered, ownRequests } from "./requests.ts";
import { RECORDS_MAX, SECTION, type SectionName } from "./sections.ts";

/** What a grant is, for the banner of a chart. */
export interface Scope {
  readonly purposes: readonly string[];
  readonly covered: readonly Covered[];
  readonly categories: readonly Category[];
  /** Of care; empty for all of it. Several requests may each have their own. */
  readonly periods: readonly (readonly number[])[];
  readonly expires: number;
  readonly status: "live" | "ended" | "revoked";
}

/** Whose chart it is, and what of it may be read. */
export interface ChartHead {
  readonly vault: string;
  readonly name: string | undefined;
  readonly birthDate: string | undefined;
  readonly sex: string | undefined;
  /** How she was found: shown where her record does not say who she is. */
  readonly identifier: string;
  readonly scope: Scope;
}

/** A source, and what is to be said of it in one section. */
export interface SectionSource {
  readonly source: string;
  readonly name: string | undefined;
  readonly own: boolean;
  /** `hidden`: the patient shares nothing of this section from it. */
  readonly word: SourceWord | "hidden";
}

/** A section of a chart. */
export interface SectionView {
  readonly entries: readonly Entry[];
  readonly sources: readonly SectionSource[];
  readonly doubtful: number;
  /** Whether there are older ones that are not here. */
  readonly more: boolean;
}

/** What was asked in this chart lately: a chart that is turned over is not asked for once more. */
const KEPT_MS = 60_000;
const asked = new WeakMap<Open, Map<string, { readonly at: number; readonly found: Asked }>>();
type Asked = Promise<Result<Findings, Failure>>;

/** Forget what was asked: something was written. */
export function forgetCharts(open: Open): void {
  asked.delete(open);
}

/**
 * Whose chart it is, and what may be read of it by the patient's own chain.
 *
 * Fails:   `not-found`: nobody has approved a request for this record; as `OwnRequests.access`.
 */
export function head(vault: string): Promise<Result<ChartHead, Problem>> {
  return withOpen(async (open): Promise<Result<ChartHead, Failure>> => {
    const found = await scopeOf(open, vault);
    if (!found.ok) return found;
    const { scope, identifier } = found.value;
    const known = await knownPatients(open);
    if (!known.ok) return known;
    const before = known.value.get(vault);
    const person = scope.status === "live" ? await personOf(open, vault, scope) : ok(undefined);
    const said = person.ok ? person.value : undefined;
    const { name, birthDate, sex } = { ...before, ...said };
    const seen = { vault, name, identifier, birthDate, sex, opened: Date.now() };
    const kept = await remember(open, seen);
    if (!kept.ok) return kept;
    return ok({ vault, name, birthDate, sex, identifier, scope });
  });
}

/** What may be read of it at this moment. Nothing is searched for. Fails: as `head`. */
export function scope(vault: string): Promise<Result<Scope, Problem>> {
  return withOpen(async (open) => {
    scopes.get(open)?.delete(vault);
    const found = await scopeOf(open, vault);
    return found.ok ? ok(found.value.scope) : found;
  });
}

/**
 * One section of a chart, facts that several sources have recorded once.
 *
 * Takes:   `fresh`, to ask again what was asked a moment ago.
 * Fails:   `not-found`, `access-over`, any `CloudError`.
 */
export function section(
  vault: string,
  name: SectionName,
  fresh = false,
): Promise<Result<SectionView, Problem>> {
  return withOpen(async (open): Promise<Result<SectionView, Failure>> => {
    const found = await scopeOf(open, vault);
    if (!found.ok) return found;
    const { covered, status } = found.value.scope;
    // Nothing is covered any more: that is not the same as hidden.
    if (status !== "live") return fail({ kind: "access-over" });
    const { categories, queries } = SECTION[name];
    const shares = ({ categories: shared }: Covered): boolean =>
      categories.some((category) => shared.includes(category));
    const sharing = covered.filter(shares);
    const hidden = covered
      .filter((one) => !shares(one))
      .map(({ source, name: called, own }) => ({
        ...{ source, name: called, own },
        word: "hidden" as const,
      }));
    if (sharing.length === 0) return ok({ entries: [], sources: hidden, doubtful: 0, more: false });
    const findings = await askAll(open, vault, queries, fresh);
    if (!findings.ok) return findings;
    const registry = await open.registry();
    if (!registry.ok) return registry;
    const { matches, doubtful, more, unasked } = findings.value;
    const word = wordsOf(findings.value, unasked.length > 0);
    const asking = sharing.map(({ source, name: called, own }) => ({
      ...{ source, name: called, own },
      word: word(source),
    }));
    const entries = entriesOf(matches.toSorted(newestFirst), registry.value);
    return ok({ entries, sources: [...asking, ...hidden], doubtful, more });
  });
}

/** A source that nothing was heard of did not answer. */
function wordsOf({ sources }: Findings, failed: boolean): (source: string) => SourceWord {
  const words = new Map(sources.map(({ source, word }) => [source, word]));
  return (source) => (failed ? "silent" : (words.get(source) ?? "silent"));
}

async function askAll(
  open: Open,
  vault: string,
  queries: readonly string[],
  fresh: boolean,
): Promise<Result<Findings, Failure>> {
  const handle = vaultOf(vault);
  if (!handle.ok) return handle;
  const answers = await Promise.all(queries.map((query) => once(open, handle.value, query, fresh)));
  const good: Findings[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    good.push(answer.value);
  }
  return ok(together(good));
}

function once(open: Open, vault: VaultHandle, query: string, fresh: boolean): Asked {
  const kept = asked.get(open) ?? new Map();
  asked.set(open, kept);
  const name = `${toHex(vault)} ${query}`;
  const before = kept.get(name);
  if (!fresh && before !== undefined && isYoung(before.at, KEPT_MS)) return before.found;
  const found = askAbout(open, query, [vault], 2 * RECORDS_MAX);
  kept.set(name, { at: Date.now(), found });
  void found.then((result) => {
    if (!result.ok) kept.delete(name);
  });
  return found;
}

type Scoped = Result<{ readonly scope: Scope; readonly identifier: string }, Failure>;

/** The sections of one screen ask for the same at once: the chain is read once for all of them. */
const SCOPE_KEPT_MS = 5_000;
const scopes = new WeakMap<
  Open,
  Map<string, { readonly at: number; readonly found: Promise<Scoped> }>
>();

/** Everything that her approvals let this device read of one vault. */
function scopeOf(open: Open, vault: string): Promise<Scoped> {
  const kept = scopes.get(open) ?? new Map();
  scopes.set(open, kept);
  const before = kept.get(vault);
  if (before !== undefined && isYoung(before.at, SCOPE_KEPT_MS)) return before.found;
  const found = readScope(open, vault);
  kept.set(vault, { at: Date.now(), found });
  void found.then((result) => {
    if (!result.ok) kept.delete(vault);
  });
  return found;
}

async function readScope(open: Open, vault: string): Promise<Scoped> {
  const requests = await ownRequests(open);
  if (!requests.ok) return requests;
  const { own } = requests.value;
  const all = await own.list();
  if (!all.ok) return all;
  const hers = all.value.filter(
    ({ outcome }) => outcome.state === "approved" && toHex(outcome.vault) === vault,
  );
  const [newest] = hers;
  if (newest === undefined) return fail({ kind: "not-found" });
  const accesses = [];
  for (const { handle, asked: request } of hers) {
    const access = await own.access(handle, open.cloud, open.chains);
    if (!access.ok) return access;
    accesses.push({ ...access.value, purpose: request.purpose });
  }
  const live = accesses.filter(({ status }) => status === "live");
  const revoked = accesses[0]?.status === "revoked";
  const covered = mergedCover(live, (of, source) => isPatient(open, of, source));
  const categories = CATEGORIES.filter((one) => covered.some((of) => of.categories.includes(one)));
  return ok({
    identifier: newest.asked.identifier,
    scope: {
      purposes: [...new Set(live.map(({ purpose }) => purpose))],
      covered,
      categories,
      periods: live.map(({ period }) => period),
      expires: Math.max(...(live.length > 0 ? live : accesses).map(({ expires }) => expires)),
      status: live.length > 0 ? "live" : revoked ? "revoked" : "ended",
    },
  });
}

function mergedCover(
  accesses: readonly { readonly vault: VaultHandle; readonly sources: readonly CoveredSource[] }[],
  isOwn: (vault: VaultHandle, source: SourceHandle) => boolean,
): readonly Covered[] {
  const merged = new Map<string, Covered>();
  for (const { vault, sources } of accesses) {
    for (const { source: handle, name, categories } of sources) {
      const source = toHex(handle);
      const before = merged.get(source)?.categories ?? [];
      const both = CATEGORIES.filter((one) => before.includes(one) || categories.includes(one));
      merged.set(source, { source, name, own: isOwn(vault, handle), categories: both });
    }
  }
  return [...merged.values()];
}

interface Said {
  readonly name: string;
  readonly birthDate: string | undefined;
  readonly sex: string | undefined;
}

/** Who she is, as the sources that share it say. Where they do not agree, who says most counts. */
async function personOf(
  open: Open,
  vault: string,
  { categories }: Scope,
): Promise<Result<Said | undefined, Failure>> {
  if (!categories.includes("administrative")) return ok(undefined);
  const found = await askAll(open, vault, ["Patient"], false);
  if (!found.ok) return found;
  const said = found.value.matches.map(saidOf).filter(({ name }) => name !== "");
  return ok(said.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0]);
}

function saidOf({ resource }: Match): Said {
  const json = objects(resource)[0] ?? {};
  const text = (value: unknown): string | undefined => shownText(textOf(value), 40) || undefined;
  return {
    name: shownText(describe(resource).title, 128),
    birthDate: text(json.birthDate),
    sex: text(json.gender),
  };
}

function sizeOf({ birthDate, sex }: Said): number {
  return Number(birthDate !== undefined) + Number(sex !== undefined);
}

/** What has no date comes last. */
function newestFirst(a: Match, b: Match): number {
  return timeOf(b) - timeOf(a);
}

function timeOf({ resource }: Match): number {
  return Date.parse(describe(resource).date) || 0;
}
