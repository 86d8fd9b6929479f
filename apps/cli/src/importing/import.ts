import { ok, type Result } from "@salus/base";
import { ChainCache, type Cloud } from "@salus/client";
import {
  type Belongs,
  derive,
  type Found,
  type Input,
  type Read,
  resources,
  Seen,
  Sorter,
  Survey,
} from "@salus/client/writer";
import type { Assigned, Policy, Remark, Resource } from "@salus/health";
import { PATIENT_NODE } from "../homes/clients.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import { number, Progress } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import { Associations } from "./associations.ts";
import { Delivery } from "./delivery.ts";
import { Loads, VAULTS_AT_ONCE } from "./parcels.ts";
import { Providers } from "./providers.ts";
import { publishProviders } from "./registry.ts";
import { Tally } from "./tally.ts";

/** What an import works with. */
export interface ImportContext {
  readonly session: Session;
  readonly homes: Homes;
  readonly cloud: Cloud;
  /** Of vaults that are made. */
  readonly policy: Policy;
  /** Ends it after what is in hand: what waits is left for the next time. */
  readonly signal: AbortSignal;
}

/** An import that ended early still says what it did. */
export interface Imported {
  readonly tally: Tally;
  readonly failure: Failure | undefined;
}

/**
 * Bring everything in the inputs into the vaults of the patients whom it is about.
 *
 * Reads twice: first to learn who treats whom, then to send. May be interrupted at any time and
 * repeated: what the cloud has acknowledged is not sent again.
 */
export async function importInputs(
  context: ImportContext,
  inputs: readonly Input[],
): Promise<Imported> {
  const survey = new Survey();
  const above = context.homes.people("organisation", "department");
  const physicians = context.homes.people("practitioner");
  survey.remember([...above, ...physicians], false);
  const progress = new Progress(context.session, "looking through the input");
  const { signal } = context;
  for (const input of inputs) await survey.take(input, signal, (count) => progress.at(count));
  progress.end();
  // What the input says itself comes first: an input that is repeated is to say the same again.
  const unplaced = physicians.filter(
    ({ references: [reference = ""] }) => survey.care.workplaceOf(reference) === undefined,
  );
  survey.remember([...above, ...unplaced]);
  const work = new Import(context, survey);
  if (signal.aborted) work.stop();
  else signal.addEventListener("abort", () => work.stop());
  const failure = await work.run(inputs);
  return { tally: work.tally, failure };
}

/** Who writes a record, and how that was found. */
interface Authorship {
  /** Nobody, when it is the patient. */
  readonly source: Resident | undefined;
  readonly path: readonly string[];
  readonly assigned: Assigned;
}

class Import {
  readonly tally: Tally = new Tally();
  readonly #context: ImportContext;
  readonly #survey: Survey;
  readonly #providers: Providers;
  readonly #associations: Associations;
  readonly #progress: Progress;
  readonly #loads: Loads;
  readonly #seen = new Seen();
  readonly #sorter: Sorter;
  #failure: Failure | undefined;

  constructor(context: ImportContext, survey: Survey) {
    const { session, homes, cloud, policy } = context;
    this.#context = context;
    this.#survey = survey;
    this.#sorter = new Sorter(survey);
    this.#providers = new Providers(homes, survey);
    this.#progress = new Progress(session, "records stored");
    const { tally } = this;
    const onProgress = (): void => this.#progress.at(tally.stored, survey.count, this.#passed());
    // A chain is needed while its vault is delivered to, and not again soon.
    const chains = new ChainCache(2 * VAULTS_AT_ONCE);
    this.#associations = new Associations(homes, survey);
    const associations = this.#associations;
    const delivery = new Delivery({
      ...{ homes, cloud, policy, chains, survey, tally, onProgress },
      associations,
    });
    this.#loads = new Loads(async (load) => {
      const delivered = await delivery.deliver(load);
      if (!delivered.ok) this.#failure ??= delivered.error;
      return delivered.ok;
    });
  }

  /** Deliver what is in hand, and begin nothing else. */
  stop(): void {
    this.#failure ??= { kind: "interrupted" };
    this.#loads.stop();
  }

  async run(inputs: readonly Input[]): Promise<Failure | undefined> {
    const published = await this.#publish();
    if (!published.ok) return published.error;
    for (const input of inputs) {
      for await (const read of resources(input, this.#survey.linksOf(input))) {
        const goOn = await this.#take(read);
        if (!goOn) break;
      }
    }
    for (const [found, belongs] of this.#sorter.later()) {
      if (this.#failure === undefined) await this.#takeInto(found, belongs);
    }
    await this.#loads.finish();
    this.#progress.end();
    await this.#context.homes.save();
    return this.#failure;
  }

  /** Certify the providers before anything of theirs is stored, so that readers know their names. */
  async #publish(): Promise<Result<void, Failure>> {
    const progress = new Progress(this.#context.session, "providers");
    const settled = await this.#providers.settleAll((count) => progress.at(count));
    progress.end();
    if (!settled.ok) return settled;
    await this.#context.homes.save();
    return publishProviders(this.#context.homes, this.#context.cloud);
  }

  /** Gives: whether to go on. */
  async #take(read: Read): Promise<boolean> {
    if (this.#failure !== undefined) return false;
    if (!read.found) {
      const { place, kind, type, id } = read;
      this.tally.refused.add({ place, kind, ...(type && { type }), ...(id && { id }) });
      return true;
    }
    return this.#takeInto(read, this.#sorter.sort(read));
  }

  async #takeInto(found: Found, belongs: Belongs): Promise<boolean> {
    if (belongs.kind === "later") return true;
    if (belongs.kind === "nowhere") return this.#refuse(found, belongs.why);
    if (belongs.kind === "provider") {
      this.tally.providers += 1;
      return true;
    }
    let goOn = true;
    for (const patient of belongs.patients) goOn = await this.#takeRecord(found, patient);
    return goOn;
  }

  async #takeRecord(found: Found, patient: string): Promise<boolean> {
    if (!patient.startsWith("Patient/")) return this.#refuse(found, "unknown-patient");
    const authorship = await this.#authorshipOf(found.resource, patient);
    if (!authorship.ok) {
      this.#failure ??= authorship.error;
      return false;
    }
    if (authorship.value === "nobody") return this.#refuse(found, "not-associated");
    const { source, path, assigned } = authorship.value;
    const node = source?.person.id ?? PATIENT_NODE;
    const { place, resource } = found;
    const derived = derive(resource, [node, ...path], this.#context.policy);
    if (!derived.ok) {
      const { error } = derived;
      return this.#refuse(found, error.kind, "path" in error ? error.path : undefined);
    }
    const { text, index } = derived.value;
    const novelty = this.#seen.note(patient, source?.person.id ?? "", index.type, index.id, text);
    if (novelty === "other") return this.#refuse(found, "duplicate-id");
    if (novelty === "repeated") {
      this.tally.repeated += 1;
      return true;
    }
    this.#count(found, assigned, index.remarks);
    return this.#loads.add(patient, source, { place, derived: derived.value, assigned });
  }

  /**
   * Who writes a record. Into a vault that its patient keeps herself nobody does but whom she has let
   * in; what names no organisation there is from the only one that could import it.
   */
  async #authorshipOf(
    resource: Resource,
    patient: string,
  ): Promise<Result<Authorship | "nobody", Failure>> {
    const assignment = this.#survey.care.assign(resource, patient);
    const author = await this.#providers.authorOf(assignment);
    if (!author.ok) return author;
    const associated = await this.#associations.of(patient);
    if (!associated.ok) return associated;
    const { source, path = [] } = author.value ?? {};
    const [first, ...others] = associated.value;
    if (first === undefined) return ok({ source, path, assigned: assignment.assigned });
    if (source === undefined && others.length === 0) {
      return ok({ source: first.organisation, path: [], assigned: "inferred" });
    }
    const isIn = associated.value.some(
      ({ organisation }) => organisation.person.home === source?.person.home,
    );
    return ok(isIn ? { source, path, assigned: assignment.assigned } : "nobody");
  }

  #refuse({ place, resource }: Found, kind: string, path?: string): true {
    const { resourceType: type, id } = resource;
    this.tally.refused.add({ place, kind, type, id, ...(path !== undefined && { path }) });
    return true;
  }

  #count({ place, resource }: Found, assigned: Assigned, remarks: readonly Remark[]): void {
    const { resourceType: type, id } = resource;
    this.tally.records.set(type, (this.tally.records.get(type) ?? 0) + 1);
    this.tally.assigned[assigned] += 1;
    for (const { kind, path } of remarks) this.tally.remarks.add({ place, kind, type, id, path });
  }

  #passed(): string {
    const { unchanged, repeated } = this.tally;
    const passed = unchanged + repeated;
    return passed === 0 ? "" : ` (${number(passed)} there already)`;
  }
}
