import { fail, ok, type Result, toHex } from "@salus/base";
import { type AnsweredSource, askAbout, vaultOf } from "../asking.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { type Entry, entriesOf } from "./entry.ts";
import { type KnownPatient, knownPatients } from "./known-patients.ts";
import { hear, ownRequests } from "./requests.ts";

/** Somebody whose record may be read now. */
export interface Readable {
  readonly vault: string;
  readonly name: string | undefined;
  readonly identifier: string;
}

/** What one patient's sources answered. */
export interface AskedPatient extends Readable {
  /** `silent`: the record could not be asked at all. */
  readonly word: "answered" | "silent";
  readonly sources: readonly AnsweredSource[];
}

/** What came of a question to the records of some patients. */
export interface Answered {
  readonly entries: readonly Entry[];
  readonly patients: readonly AskedPatient[];
  readonly doubtful: number;
  readonly more: boolean;
  /** Between which exchanges it was asked: what the cloud saw of it. */
  readonly marks: { readonly after: number; readonly until: number };
}

const SHOWN_MAX = 200;

/** Everybody whose approval is in force, the newest first, after the answers that came have been taken. */
export function readable(): Promise<Result<readonly Readable[], Problem>> {
  return withOpen(async (open) => {
    const requests = await ownRequests(open);
    if (!requests.ok) return requests;
    // Whoever has approved before can be asked without a directory too.
    await hear(open, requests.value.own);
    return readableBy(open);
  });
}

/** Whom this device has looked at, the last first; whether they may still be read is not said. */
export function recent(): Promise<Result<readonly KnownPatient[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly KnownPatient[], Failure>> => {
    const known = await knownPatients(open);
    if (!known.ok) return known;
    return ok([...known.value.values()].toSorted((a, b) => b.opened - a.opened));
  });
}

/**
 * Ask one question of one patient's sources, or of those of all.
 *
 * Takes:   `query`, a FHIR search; `vault`, or nothing for everybody.
 * Leaks:   as `Reader.search`; each patient reads in her log what was asked.
 * Fails:   `bad-query`; `access-over` for the one patient whom it is about; any `CloudError`.
 */
export function question(
  query: string,
  vault: string | undefined,
): Promise<Result<Answered, Problem>> {
  return withOpen(async (open): Promise<Result<Answered, Failure>> => {
    const all = await readableBy(open);
    if (!all.ok) return all;
    const patients = all.value.filter((one) => vault === undefined || one.vault === vault);
    if (vault !== undefined && patients.length === 0) return fail({ kind: "access-over" });
    const vaults = patients.flatMap((one) => {
      const handle = vaultOf(one.vault);
      return handle.ok ? [handle.value] : [];
    });
    const after = open.exchanges.mark();
    if (vaults.length === 0) {
      const marks = { after, until: after };
      return ok({ entries: [], patients: [], doubtful: 0, more: false, marks });
    }
    const found = await askAbout(open, query, vaults, SHOWN_MAX);
    if (!found.ok) return found;
    const registry = await open.registry();
    if (!registry.ok) return registry;
    const { matches, sources, unasked, doubtful, more } = found.value;
    return ok({
      entries: entriesOf(matches, registry.value),
      patients: patients.map((one) => ({
        ...one,
        word: unasked.includes(one.vault) ? "silent" : "answered",
        sources: sources.filter((source) => source.vault === one.vault),
      })),
      doubtful,
      more,
      marks: { after, until: open.exchanges.mark() },
    });
  });
}

async function readableBy(open: Open): Promise<Result<readonly Readable[], Failure>> {
  const requests = await ownRequests(open);
  if (!requests.ok) return requests;
  const { own } = requests.value;
  const all = await own.list();
  if (!all.ok) return all;
  const known = await knownPatients(open);
  if (!known.ok) return known;
  const found = new Map<string, Readable>();
  for (const { handle, asked, outcome } of all.value) {
    if (outcome.state !== "approved" || found.has(toHex(outcome.vault))) continue;
    const access = await own.access(handle, open.cloud, open.chains);
    if (!access.ok || access.value.status !== "live") continue;
    const vault = toHex(outcome.vault);
    found.set(vault, { vault, name: known.value.get(vault)?.name, identifier: asked.identifier });
  }
  return ok([...found.values()]);
}
