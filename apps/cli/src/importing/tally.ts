import type { Place, UploadReport } from "@salus/client/writer";
import type { Assigned } from "@salus/health";
import { counted, number } from "../progress.ts";
import type { Session } from "../session.ts";

/** Something that was not taken, or was taken with a remark. */
export interface Remarked {
  readonly place: Place;
  /** Why, in one word: the table in docs/guides/cli.md says what each means. */
  readonly kind: string;
  readonly type?: string;
  readonly id?: string;
  /** The element of the resource. */
  readonly path?: string;
}

/** How many are kept with their places; of all of them there is a count. */
const KEPT = 10_000;
const SHOWN = 20;

/** What became of everything that was read. */
export class Tally {
  readonly records: Map<string, number> = new Map();
  readonly assigned: Record<Assigned, number> = { stated: 0, inferred: 0, patient: 0 };
  stored = 0;
  unchanged = 0;
  repeated = 0;
  providers = 0;
  entries = 0;
  batches = 0;
  readonly refused: Remarks = new Remarks();
  readonly remarks: Remarks = new Remarks();

  /** Everything that is safe in the cloud or in the registry, now or before. */
  get taken(): number {
    return this.stored + this.unchanged + this.repeated + this.providers;
  }

  /**
   * Count an upload while it goes on: several count at a time, so each adds what it has not added.
   *
   * Gives:   what to call with its report so far, and once more with the whole.
   */
  counter(): (report: UploadReport) => void {
    let before = { records: 0, unchanged: 0, entries: 0, batches: 0 };
    return ({ records, unchanged, entries, batches }) => {
      this.stored += records - before.records;
      this.unchanged += unchanged - before.unchanged;
      this.entries += entries - before.entries;
      this.batches += batches - before.batches;
      before = { records, unchanged, entries, batches };
    };
  }

  /** Say it to people. */
  say(session: Session, seconds: number): void {
    const rate = Math.round(this.stored / Math.max(seconds, 0.001));
    session.note(
      `${counted(this.taken, "resource")} taken: ${counted(this.stored, "record")} stored, ` +
        `${number(this.unchanged)} there already, ${number(this.repeated)} repeated in the input, ` +
        `${number(this.providers)} for the registry of providers.`,
    );
    const { stated, inferred, patient } = this.assigned;
    session.note(
      `Made by an organisation that they name ${number(stated)}, that was inferred ` +
        `${number(inferred)}, kept by the patients themselves ${number(patient)}.`,
    );
    session.note(
      `${counted(this.entries, "index entry", "index entries")} in ${counted(this.batches, "batch", "batches")}, ` +
        `${seconds.toFixed(1)} s, ${number(rate)} records/s.`,
    );
    this.remarks.say(session, "Taken with a remark");
    this.refused.say(session, "NOT TAKEN");
  }

  /** Say it to machines. */
  toJSON(): object {
    const { stored, unchanged, repeated, providers, entries, batches, assigned } = this;
    const counts = { stored, unchanged, repeated, providers, entries, batches, assigned };
    return {
      taken: this.taken,
      ...counts,
      records: Object.fromEntries(this.records),
      refused: this.refused,
      remarks: this.remarks,
    };
  }
}

/** A list that stays short: counts by kind, and the first of them with their places. */
class Remarks {
  readonly #kinds = new Map<string, number>();
  readonly #list: Remarked[] = [];

  get count(): number {
    return [...this.#kinds.values()].reduce((sum, one) => sum + one, 0);
  }

  add(remarked: Remarked): void {
    this.#kinds.set(remarked.kind, (this.#kinds.get(remarked.kind) ?? 0) + 1);
    if (this.#list.length < KEPT) this.#list.push(remarked);
  }

  say(session: Session, title: string): void {
    if (this.count === 0) return;
    const kinds = [...this.#kinds].map(([kind, count]) => `${kind} ${number(count)}`);
    session.note(`${title}: ${number(this.count)} (${kinds.join(", ")})`);
    for (const remarked of this.#list.slice(0, SHOWN)) session.note(`  ${lineOf(remarked)}`);
    if (this.count > SHOWN) session.note(`  and ${number(this.count - SHOWN)} more: see --json`);
  }

  toJSON(): object {
    return { count: this.count, kinds: Object.fromEntries(this.#kinds), list: this.#list };
  }
}

/** `bundles.ndjson:17 entry 3: Observation/x bad-date effectiveDateTime` */
function lineOf({ place, kind, type, id, path }: Remarked): string {
  const entry = place.entry === undefined ? "" : ` entry ${place.entry}`;
  const what = [type === undefined ? "" : `${type}${id === undefined ? "" : `/${id}`}`, kind, path];
  const parts = what.filter((part) => part !== undefined && part !== "");
  return `${place.file}:${place.line}${entry}: ${parts.join(" ")}`;
}
