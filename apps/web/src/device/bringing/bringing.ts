import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { Links, resources } from "@salus/client/writer";
import type { Category } from "@salus/health";
import { fileInput } from "../file-input.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { type Measurement, observationOf } from "../record/measures.ts";
import { categoryOf, ownVault, SELF } from "../record/own.ts";
import { roomOf } from "../record/room.ts";
import { DOCUMENT_BYTES_MAX, type DocumentNote, documentOf } from "./document.ts";

/** Something of a file that was not taken, and why: its place is counted from one. */
export interface NotTaken {
  readonly line: number;
  readonly entry: number | undefined;
  /** Of FHIR; empty where it is not known. */
  readonly type: string;
  readonly reason: string;
}

/** What came of bringing something. */
export interface Brought {
  readonly taken: number;
  /** There already, with the same content. */
  readonly unchanged: number;
  readonly refused: readonly NotTaken[];
  /** Of `refused`, those that are not listed. */
  readonly moreRefused: number;
}

/** One row of a table of measurements, or why it is none. */
export type MeasuredRow =
  | { readonly line: number; readonly measurement: Measurement }
  | { readonly line: number; readonly reason: string };

const AT_ONCE = 250;
const LISTED_MAX = 100;

interface Placed {
  readonly resource: Resource;
  readonly line: number;
  readonly entry: number | undefined;
}

/** What is being brought: counted, and what was refused is listed as far as a screen can show it. */
class Load {
  readonly #open: Open;
  readonly #refused: NotTaken[] = [];
  #waiting: { readonly placed: Placed; readonly category: Category }[] = [];
  #taken = 0;
  #unchanged = 0;
  #count = 0;

  constructor(open: Open) {
    this.#open = open;
  }

  get taken(): number {
    return this.#taken + this.#unchanged;
  }

  refuse(line: number, entry: number | undefined, type: string, reason: string): void {
    this.#count += 1;
    if (this.#refused.length < LISTED_MAX) this.#refused.push({ line, entry, type, reason });
  }

  async add(placed: Placed): Promise<Result<void, Failure>> {
    const category = categoryOf(placed.resource);
    if (!category.ok) {
      this.refuse(placed.line, placed.entry, placed.resource.resourceType, "unsupported");
      return ok(undefined);
    }
    this.#waiting.push({ placed, category: category.value });
    return this.#waiting.length < AT_ONCE ? ok(undefined) : this.send();
  }

  /** Seal and send what waits. What was sent stays sent: the same file again changes nothing. */
  async send(): Promise<Result<void, Failure>> {
    const some = this.#waiting;
    this.#waiting = [];
    if (some.length === 0) return ok(undefined);
    const categories = [...new Set(some.map(({ category }) => category))];
    const vault = await ownVault(this.#open, categories);
    if (!vault.ok) return vault;
    const report = await vault.value.upload(
      some.map(({ placed }) => ({ resource: placed.resource, assigned: "patient" as const })),
    );
    if (!report.ok) return report;
    const { records, unchanged, refused } = report.value;
    this.#taken += records;
    this.#unchanged += unchanged;
    for (const { type, id, problem } of refused) {
      const of = some.find(({ placed: { resource } }) => {
        return resource.id === id && resource.resourceType === type;
      });
      this.refuse(of?.placed.line ?? 0, of?.placed.entry, type, problem);
    }
    roomOf(this.#open).forgetFeeds();
    return ok(undefined);
  }

  report(): Brought {
    return {
      taken: this.#taken,
      unchanged: this.#unchanged,
      refused: this.#refused,
      moreRefused: this.#count - this.#refused.length,
    };
  }
}

let current: Load | undefined;

async function bring(
  open: Open,
  fill: (load: Load) => Promise<Result<void, Failure>>,
): Promise<Result<Brought, Failure>> {
  const load = new Load(open);
  current = load;
  const filled = await fill(load);
  if (!filled.ok) return filled;
  const sent = await load.send();
  return sent.ok ? ok(load.report()) : sent;
}

async function bringFhir(load: Load, file: File): Promise<Result<void, Failure>> {
  for await (const read of resources(
    fileInput(file, () => undefined),
    new Links(),
  )) {
    const { line, entry } = read.place;
    if (!read.found) {
      load.refuse(line, entry, read.type ?? "", read.kind);
      continue;
    }
    const added = await load.add({ resource: read.resource, line, entry });
    if (!added.ok) return added;
  }
  return ok(undefined);
}

/** What a patient brings into her record herself. It stands there as brought by her. */
export const bringing = {
  /** Records of a FHIR file: a resource, a Bundle, or one resource on each line, gzipped or not. */
  fhir: (file: File): Promise<Result<Brought, Problem>> =>
    withOpen((open) => bring(open, (load) => bringFhir(load, file))),

  /** How many records of the file at work are in. */
  progress: async (): Promise<Result<number, Problem>> => ok(current?.taken ?? 0),

  /** Measurements that were read from a table. */
  measurements: (rows: readonly MeasuredRow[]): Promise<Result<Brought, Problem>> =>
    withOpen((open) =>
      bring(open, async (load) => {
        for (const row of rows) {
          if ("reason" in row) {
            load.refuse(row.line, undefined, "Observation", row.reason);
            continue;
          }
          // The same row again is the same record.
          const { measurement: entry, line } = row;
          const id = await nameOf(entry);
          const made = observationOf(entry, { id, self: SELF, now: Date.now() });
          if (!made.ok) {
            load.refuse(line, undefined, "Observation", "implausible");
            continue;
          }
          const added = await load.add({ resource: made.value, line, entry: undefined });
          if (!added.ok) return added;
        }
        return ok(undefined);
      }),
    ),

  /** A document or a photo, as a record of its own. Fails: `bad-input`: it is too large. */
  document: (file: File, note: DocumentNote): Promise<Result<Brought, Problem>> =>
    withOpen((open) =>
      bring(open, async (load) => {
        if (file.size > DOCUMENT_BYTES_MAX) return fail({ kind: "bad-input", what: "size" });
        const resource = await documentOf(file, note, { id: crypto.randomUUID(), self: SELF });
        return load.add({ resource, line: 1, entry: undefined });
      }),
    ),
};

/** The id of a measurement: what it says, hashed, so that it is the same in the same table. */
async function nameOf(entry: Measurement): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(entry));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
