import { ok, type Result, toHex } from "@salus/base";
import { type Admission, type ChainCache, type Cloud, Patient } from "@salus/client";
import type { Source, Survey } from "@salus/client/writer";
import type { Category, Policy } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import { openSource } from "../homes/clients.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import type { Failure } from "../words.ts";
import type { Associated, Associations } from "./associations.ts";
import type { Load, Parcel } from "./parcels.ts";
import { settlePatient } from "./providers.ts";
import type { Tally } from "./tally.ts";

/** What a delivery needs beside its load. */
export interface DeliveryContext {
  readonly homes: Homes;
  readonly cloud: Cloud;
  /** Of vaults that are made. */
  readonly policy: Policy;
  readonly chains: ChainCache;
  readonly survey: Survey;
  readonly associations: Associations;
  readonly tally: Tally;
  readonly onProgress: () => void;
}

/** Brings loads to their vaults: makes what is missing, admits who writes, and uploads. */
export class Delivery {
  readonly #context: DeliveryContext;
  readonly #sources = new Map<string, Promise<Result<Source, Failure>>>();

  constructor(context: DeliveryContext) {
    this.#context = context;
  }

  /** Deliver a load. Fails: what was delivered before stays, and is not sent again. */
  async deliver(load: Load): Promise<Result<void, Failure>> {
    const { homes, survey, associations } = this.#context;
    const associated = await associations.of(load.patient);
    if (!associated.ok) return associated;
    if (associated.value.length > 0) return this.#deliverToHers(associated.value, load);
    const owner = await settlePatient(homes, survey, load.patient);
    if (!owner.ok) return owner;
    const delivered = await this.#deliverFor(owner.value, load);
    await homes.release(owner.value);
    return delivered;
  }

  async #deliverFor(owner: Resident, load: Load): Promise<Result<void, Failure>> {
    const patient = await this.#openVault(owner, load);
    if (!patient.ok) return patient;
    const admitted = await this.#admit(patient.value, owner, load);
    if (!admitted.ok) return admitted;
    for (const [writer, parcels] of admitted.value) {
      const sent = await this.#upload(writer, patient.value.vault, parcels);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  }

  /** Deliver to a vault that the patient keeps herself: whom she has let in for what, she has said. */
  async #deliverToHers(
    associated: readonly Associated[],
    load: Load,
  ): Promise<Result<void, Failure>> {
    for (const { source: writer, parcels } of load.bySource.values()) {
      const at = associated.find(
        ({ organisation }) => organisation.person.home === writer?.person.home,
      );
      if (writer === undefined || at === undefined) continue;
      const sent = await this.#upload(writer, at.vault, parcels);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  }

  /** Open the vault of somebody. One that is made lets in at once whoever has something to write. */
  async #openVault(owner: Resident, load: Load): Promise<Result<Patient, Failure>> {
    const { person, home } = owner;
    const { homes, cloud, chains, policy } = this.#context;
    const options = { cloud, store: home.store, chains };
    if (person.vault !== undefined) return Patient.open(options);
    const admissions = [...load.bySource.values()].map(({ source, parcels }) =>
      admissionOf(source ?? owner, categoriesOf(parcels)),
    );
    const patient = await Patient.create({ ...options, policy: policy.kind }, admissions);
    if (patient.ok) {
      homes.put({ ...person, vault: toHex(patient.value.vault) });
      await homes.saveAtTimes();
    }
    return patient;
  }

  /** Let everybody write who has something to write. Gives: them, without those who were ended. */
  async #admit(
    patient: Patient,
    owner: Resident,
    load: Load,
  ): Promise<Result<ReadonlyMap<Resident, readonly Parcel[]>, Failure>> {
    const writers = new Map<Resident, readonly Parcel[]>();
    const admissions: Admission[] = [];
    for (const { source, parcels } of load.bySource.values()) {
      const writer = source ?? owner;
      const known = patient.sources().filter(({ key }) => toHex(key) === writer.person.key);
      const live = known.find(({ status }) => status === "live");
      if (live === undefined && known.length > 0) {
        this.#refuse(parcels, "source-ended");
        continue;
      }
      writers.set(writer, parcels);
      const needed = categoriesOf(parcels);
      for (const category of live?.categories ?? []) needed.delete(category as Category);
      if (needed.size > 0) admissions.push(admissionOf(writer, needed));
    }
    const admitted = admissions.length === 0 ? ok([]) : await patient.admitAll(admissions);
    return admitted.ok ? ok(writers) : admitted;
  }

  async #upload(
    writer: Resident,
    handle: VaultHandle,
    parcels: readonly Parcel[],
  ): Promise<Result<void, Failure>> {
    const { tally, onProgress } = this.#context;
    const source = await this.#sourceOf(writer);
    if (!source.ok) return source;
    const vault = await source.value.open(handle);
    if (!vault.ok) return vault;
    const count = tally.counter();
    const report = await vault.value.upload(parcels, (sofar) => {
      count(sofar);
      onProgress();
    });
    if (!report.ok) return report;
    count(report.value);
    for (const { type, id, problem, where } of report.value.refused) {
      const found = parcels.find(
        ({ derived: { index } }) => index.id === id && index.type === type,
      );
      if (found !== undefined) this.#refuse([found], problem, where);
    }
    return ok(undefined);
  }

  #sourceOf(writer: Resident): Promise<Result<Source, Failure>> {
    const { home } = writer.person;
    const opened =
      this.#sources.get(home) ??
      openSource(writer, { cloud: this.#context.cloud, chains: this.#context.chains });
    // Homes of patients are too many to keep, and each writes into one vault.
    if (writer.person.role !== "patient") this.#sources.set(home, opened);
    return opened;
  }

  #refuse(parcels: readonly Parcel[], kind: string, path?: string): void {
    for (const { place, derived } of parcels) {
      const { id, type } = derived.index;
      this.#context.tally.refused.add({
        place,
        kind,
        type,
        id,
        ...(path !== undefined && { path }),
      });
    }
  }
}

function categoriesOf(parcels: readonly Parcel[]): Set<Category> {
  return new Set(parcels.map(({ derived }) => derived.index.category));
}

function admissionOf({ identity }: Resident, categories: ReadonlySet<Category>): Admission {
  return { card: identity.card, categories: [...categories] };
}
