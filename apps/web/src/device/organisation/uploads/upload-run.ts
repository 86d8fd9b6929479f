import { ok, type Result } from "@salus/base";
import type { AssociatedPatient, Cloud, KeptOrganisation, Provider } from "@salus/client";
import {
  type Belongs,
  derive,
  type Found,
  type Input,
  type Read,
  resources,
  Seen,
  Sorter,
  Source,
  Survey,
} from "@salus/client/writer";
import { BALANCED } from "@salus/health";
import { fileInput } from "../../file-input.ts";
import type { Failure } from "../../problem.ts";
import { deskOf } from "../patients.ts";
import { Authors } from "./authorship.ts";
import { Deliveries } from "./deliveries.ts";
import { Tally } from "./tally.ts";

/** What an upload works with. */
export interface UploadContext {
  readonly cloud: Cloud;
  readonly kept: KeptOrganisation;
  readonly own: Provider;
  readonly below: readonly Provider[];
  readonly alias: string;
  readonly files: readonly File[];
}

/** How far it is: it reads twice, first to learn who treats whom. */
export type Phase = "looking" | "sending";

/**
 * Brings what stands in files into the records of the patients who have let the organisation in.
 *
 * May be stopped at any time and begun again: what the cloud has acknowledged is not sent again.
 */
export class UploadRun {
  readonly tally: Tally;
  readonly #context: UploadContext;
  readonly #stopped = new AbortController();
  readonly #survey = new Survey();
  readonly #sorter: Sorter;
  readonly #seen = new Seen();
  readonly #authors: Authors;
  readonly #deliveries: Deliveries;
  readonly #patients = new Map<string, Promise<Result<AssociatedPatient | undefined, Failure>>>();
  readonly #inputs: readonly Input[];
  phase: Phase = "looking";
  #failure: Failure | undefined;

  constructor(context: UploadContext) {
    const { kept, own, below, alias, files, cloud } = context;
    this.#context = context;
    this.tally = new Tally(files);
    this.#inputs = files.map((file) => fileInput(file, (bytes) => this.tally.read(bytes)));
    this.#authors = new Authors(this.#survey, own, below, alias);
    this.#sorter = new Sorter(this.#survey);
    const source = new Source(kept.identity, { cloud, store: kept.store, node: own.node });
    this.#deliveries = new Deliveries(source, this.tally);
  }

  /** Begin nothing else; what is under way is finished. */
  stop(): void {
    this.#stopped.abort();
  }

  get isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Gives: what it failed with; what was delivered before stays delivered. */
  async run(): Promise<Failure | undefined> {
    const { signal } = this.#stopped;
    for (const input of this.#inputs) await this.#survey.take(input, signal, () => undefined);
    this.phase = "sending";
    for (const [at, input] of this.#inputs.entries()) {
      for await (const read of resources(input, this.#survey.linksOf(input))) {
        if (this.#isOver()) break;
        await this.#take(at, read);
      }
    }
    for (const [found, belongs] of this.#sorter.later()) {
      if (!this.#isOver()) await this.#put(found, belongs);
    }
    if (!this.#isOver()) await this.#note(this.#deliveries.finish());
    return this.#failure;
  }

  #isOver(): boolean {
    return this.#failure !== undefined || this.isStopped;
  }

  async #note(doing: Promise<Result<void, Failure>>): Promise<void> {
    const done = await doing;
    if (!done.ok) this.#failure ??= done.error;
  }

  async #take(at: number, read: Read): Promise<void> {
    const file = this.tally.files[at];
    if (!read.found) {
      const { place, kind: why, type, id } = read;
      this.tally.refuse(place, { why, ...(type && { type }), ...(id && { id }) });
      return;
    }
    if (file !== undefined) file.found += 1;
    const belongs = this.#sorter.sort(read);
    if (belongs.kind === "provider" && file !== undefined) file.providers += 1;
    await this.#put(read, belongs);
  }

  async #put(found: Found, belongs: Belongs): Promise<void> {
    if (belongs.kind === "nowhere") this.#refuse(found, belongs.why);
    if (belongs.kind !== "records") return;
    for (const patient of belongs.patients) await this.#putInto(found, patient);
  }

  async #putInto(found: Found, patient: string): Promise<void> {
    const { place, resource } = found;
    if (!patient.startsWith("Patient/")) return this.#refuse(found, "unknown-patient", { patient });
    const associated = await this.#associated(patient);
    if (!associated.ok) {
      this.#failure ??= associated.error;
      return;
    }
    if (associated.value === undefined) return this.#refuse(found, "not-associated", { patient });
    const author = this.#authors.of(resource, patient);
    if (author.kind !== "here") return this.#refuse(found, author.kind, { patient });
    const { path, assigned } = author;
    const derived = derive(resource, [this.#context.own.node, ...path], BALANCED);
    if (!derived.ok) {
      const { error } = derived;
      return this.#refuse(found, error.kind, "path" in error ? { element: error.path } : {});
    }
    const { index, text } = derived.value;
    const novelty = this.#seen.note(patient, "", index.type, index.id, text);
    if (novelty === "other") return this.#refuse(found, "duplicate-id");
    if (novelty === "repeated") return this.tally.take(place, 1);
    const parcel = { place, derived: derived.value, assigned };
    return this.#note(this.#deliveries.add(associated.value.vault, parcel));
  }

  #associated(patient: string): Promise<Result<AssociatedPatient | undefined, Failure>> {
    const known = this.#patients.get(patient) ?? this.#lookUp(patient);
    this.#patients.set(patient, known);
    return known;
  }

  /** By her id, or by an identifier that the files say of her. */
  async #lookUp(patient: string): Promise<Result<AssociatedPatient | undefined, Failure>> {
    const desk = deskOf(this.#context.kept.store);
    const { identifiers } = this.#survey.factsOf(patient);
    for (const name of [patient.replace(/^Patient\//, ""), ...identifiers]) {
      const hers = await desk.byLocalId(name);
      if (!hers.ok || hers.value !== undefined) return hers;
    }
    return ok(undefined);
  }

  #refuse(
    { place, resource }: Found,
    why: string,
    more: { readonly element?: string; readonly patient?: string } = {},
  ): void {
    const { resourceType: type, id } = resource;
    this.tally.refuse(place, { why, type, id, ...more });
  }
}
