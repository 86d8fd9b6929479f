import { ok, type Result, toHex } from "@salus/base";
import type { Derived, Place, Source, UploadReport } from "@salus/client/writer";
import type { Assigned } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import type { Failure } from "../../problem.ts";
import type { Tally } from "./tally.ts";

/** A record that is ready to be sent, and where it was read. */
export interface Parcel {
  readonly place: Place;
  readonly derived: Derived;
  readonly assigned: Assigned;
}

interface Load {
  readonly vault: VaultHandle;
  parcels: Parcel[];
}

/** A batch takes so many. */
const WHOLE = 1_000;
/** What may wait: a few kB each. */
const HELD = 3_000;

/** Sorts records by vault and uploads them in loads, so that memory stays bounded. */
export class Deliveries {
  readonly #source: Source;
  readonly #tally: Tally;
  /** The one that was added to last stands last. */
  readonly #waiting = new Map<string, Load>();
  #held = 0;

  constructor(source: Source, tally: Tally) {
    this.#source = source;
    this.#tally = tally;
  }

  /** Take a record in, and deliver while there is no room. Fails: as `Source.open`, `upload`. */
  async add(vault: VaultHandle, parcel: Parcel): Promise<Result<void, Failure>> {
    const key = toHex(vault);
    const load = this.#waiting.get(key) ?? { vault, parcels: [] };
    this.#waiting.delete(key);
    this.#waiting.set(key, load);
    load.parcels.push(parcel);
    this.#held += 1;
    if (load.parcels.length >= WHOLE) return this.#deliver(load);
    const [oldest] = this.#waiting.values();
    return this.#held < HELD || oldest === undefined ? ok(undefined) : this.#deliver(oldest);
  }

  /** Deliver what still waits. */
  async finish(): Promise<Result<void, Failure>> {
    for (const load of [...this.#waiting.values()]) {
      const delivered = await this.#deliver(load);
      if (!delivered.ok) return delivered;
    }
    return ok(undefined);
  }

  async #deliver({ vault: handle, parcels }: Load): Promise<Result<void, Failure>> {
    this.#waiting.delete(toHex(handle));
    this.#held -= parcels.length;
    const vault = await this.#source.open(handle);
    if (!vault.ok) {
      // She lets it in no more: that is said of her records, and the others go on.
      const { kind } = vault.error;
      if (kind !== "not-live" && kind !== "unknown-source") return vault;
      for (const { place, derived } of parcels) this.#refuse(place, derived, "ended");
      return ok(undefined);
    }
    const count = this.#counter();
    const report = await vault.value.upload(parcels, count);
    if (!report.ok) return report;
    count(report.value);
    const refused = new Set<Parcel>();
    for (const { type, id, problem, where: element } of report.value.refused) {
      const found = parcels.find(
        ({ derived: { index } }) => index.type === type && index.id === id,
      );
      if (found === undefined) continue;
      refused.add(found);
      this.#refuse(found.place, found.derived, problem, element);
    }
    for (const one of parcels) if (!refused.has(one)) this.#tally.take(one.place, 1);
    return ok(undefined);
  }

  #refuse(place: Place, { index }: Derived, why: string, element?: string): void {
    const { type, id } = index;
    this.#tally.refuse(place, { why, type, id, ...(element !== undefined && { element }) });
  }

  /** Count an upload while it goes on. */
  #counter(): (report: UploadReport) => void {
    let before = { records: 0, unchanged: 0 };
    return ({ records, unchanged }) => {
      this.#tally.stored += records - before.records;
      this.#tally.unchanged += unchanged - before.unchanged;
      before = { records, unchanged };
    };
  }
}
