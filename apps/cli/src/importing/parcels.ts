import type { Derived, Place } from "@salus/client/writer";
import type { Assigned } from "@salus/health";
import type { Resident } from "../homes/homes.ts";

/** A resource that is ready to be sent: its content and index, and where it was read. */
export interface Parcel {
  readonly place: Place;
  readonly derived: Derived;
  readonly assigned: Assigned;
}

/** What waits for one vault, by who writes it; the patient herself under no key. */
export interface Load {
  readonly patient: string;
  readonly bySource: Map<string, { readonly source: Resident | undefined; parcels: Parcel[] }>;
  count: number;
  /** When it was added to last, in resources. */
  last: number;
}

/** What may wait at a time: some 1.5 kB each as JSON, four times that as objects. */
const HELD = 12_000;
/** A load that so many resources have passed by is whole: most exports come patient by patient. */
const QUIET = 1_000;
/** Deliveries at a time: while one waits for the cloud, another seals. */
export const VAULTS_AT_ONCE = 16;

/**
 * Sorts resources by vault and hands them out in loads: as soon as nothing more comes for a vault, or
 * else as large as memory allows.
 */
export class Loads {
  readonly #deliver: (load: Load) => Promise<boolean>;
  /** The one that was added to last stands last. */
  readonly #waiting = new Map<string, Load>();
  readonly #underway = new Map<string, Promise<void>>();
  #held = 0;
  #added = 0;
  #stopped = false;

  /** Takes:   `deliver`, which says whether to go on. */
  constructor(deliver: (load: Load) => Promise<boolean>) {
    this.#deliver = deliver;
  }

  /** Take a parcel in, and wait while there is no room. Gives: whether to go on. */
  async add(patient: string, source: Resident | undefined, parcel: Parcel): Promise<boolean> {
    const load = this.#waiting.get(patient) ?? { patient, bySource: new Map(), count: 0, last: 0 };
    this.#added += 1;
    load.last = this.#added;
    this.#waiting.delete(patient);
    this.#waiting.set(patient, load);
    const key = source?.person.home ?? "";
    const parcels = load.bySource.get(key) ?? { source, parcels: [] };
    load.bySource.set(key, parcels);
    parcels.parcels.push(parcel);
    load.count += 1;
    this.#held += 1;
    while ((this.#held >= HELD || this.#hasQuiet()) && !this.#stopped) await this.#makeRoom();
    return !this.#stopped;
  }

  /** Begin no further delivery. */
  stop(): void {
    this.#stopped = true;
  }

  #hasQuiet(): boolean {
    const [oldest] = this.#waiting.values();
    return oldest !== undefined && oldest.last < this.#added - QUIET;
  }

  /** Deliver what still waits. */
  async finish(): Promise<void> {
    while (this.#waiting.size + this.#underway.size > 0 && !this.#stopped) await this.#makeRoom();
    await Promise.all(this.#underway.values());
  }

  async #makeRoom(): Promise<void> {
    const next = this.#oldest();
    if (next === undefined || this.#underway.size >= VAULTS_AT_ONCE) {
      await Promise.race(this.#underway.values());
      return;
    }
    this.#waiting.delete(next.patient);
    const delivery = this.#deliver(next).then((goOn) => {
      if (!goOn) this.#stopped = true;
      this.#held -= next.count;
      this.#underway.delete(next.patient);
    });
    this.#underway.set(next.patient, delivery);
  }

  /** Of those that nobody delivers to: a vault's chain and batches come one after the other. */
  #oldest(): Load | undefined {
    for (const load of this.#waiting.values()) if (!this.#underway.has(load.patient)) return load;
    return undefined;
  }
}
