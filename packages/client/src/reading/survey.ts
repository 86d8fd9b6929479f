import { CareMap, humanName, objects, type Resource, textOf } from "@salus/health";
import type { Input } from "./input.ts";
import { Links } from "./links.ts";
import { resources } from "./resources.ts";

/** What may be about nobody, and yet belongs into the record of whoever it is mentioned in. */
const SHARED = /^(?:Medication|Location|Device|Substance|HealthcareService|Endpoint)[/?]/;

/** What the input says of a patient, an organisation or a practitioner. */
export interface Facts {
  readonly name: string;
  readonly identifiers: readonly string[];
}

/** A provider that is known before anything is read. */
export interface KnownProvider {
  readonly role: string;
  readonly id: string;
  /** Id of what it is below; empty at the top. */
  readonly parent: string;
  /** How resources refer to it, `Organization/17` first. */
  readonly references: readonly string[];
  /** `system|value`. */
  readonly identifiers: readonly string[];
}

const PROVIDER = /^(?:Organization|Practitioner)[/?]/;
const PERSON = /^(?:Organization|Practitioner|Patient)$/;

/**
 * The first look at everything that is to be imported: who treats whom, and who is called what. What
 * a file says may decide about a record in another one, so nothing is sent before all is seen.
 */
export class Survey {
  readonly care: CareMap = new CareMap();
  /** How many resources there are. */
  count = 0;
  /** What resources are about that name no patient: whose it is says whose they are. */
  readonly wanted: Set<string> = new Set();
  /** Facts by reference, `Organization/17`. */
  readonly #facts = new Map<string, Facts>();
  /** Names that only references say. */
  readonly #displays = new Map<string, string>();
  readonly #users = new Map<string, Set<string>>();
  readonly #links = new Map<Input, Links>();

  /**
   * Know what is known already of the tree of providers.
   *
   * Takes:   `workplaces`, whether practitioners work where they were last known to.
   */
  remember(people: readonly KnownProvider[], workplaces = true): void {
    const named = new Map(people.map((person) => [person.id, person.references[0]]));
    for (const { role, parent, references, identifiers } of people) {
      const above = named.get(parent);
      const [reference] = references;
      const [type, id] = reference?.split("/") ?? [];
      if (above === undefined || type === undefined || id === undefined) continue;
      const identifier = identifiers.map((token) => {
        const [system, value] = token.split(/\|(.*)/s);
        return { system, value };
      });
      const own = { id, identifier };
      this.care.add({ resourceType: type, ...own, partOf: { reference: above } });
      if (role !== "practitioner" || !workplaces) continue;
      const practitioner = { reference };
      const organization = { reference: above };
      this.care.add({ resourceType: "PractitionerRole", id, practitioner, organization });
    }
  }

  /** Read an input to its end, or until it is enough. */
  async take(
    input: Input,
    signal: AbortSignal,
    onProgress: (count: number) => void,
  ): Promise<void> {
    const links = this.linksOf(input);
    const before = this.count;
    await this.#read(input, links, signal, onProgress);
    if (!links.missed) return;
    // A Bundle too large to hold refers to a later entry: now that all names are known, once more.
    this.count = before;
    await this.#read(input, links, signal, onProgress);
  }

  /** The names in the large Bundles of an input, to be used when it is read again. */
  linksOf(input: Input): Links {
    const links = this.#links.get(input) ?? new Links();
    this.#links.set(input, links);
    return links;
  }

  /** Organisations and practitioners that the input has resources of. */
  providers(): readonly string[] {
    return [...this.#facts.keys()].filter((reference) => PROVIDER.test(reference));
  }

  /** What is known of somebody whom a resource, or only a reference, names. */
  factsOf(reference: string): Facts {
    const facts = this.#facts.get(reference);
    if (facts !== undefined) return facts;
    const [, kind, text = ""] = /^\w+(?:\/|\?(identifier|name)=)(.*)$/.exec(reference) ?? [];
    const name = this.#displays.get(reference) ?? text.slice(text.lastIndexOf("|") + 1);
    return { name, identifiers: kind === "identifier" ? [text] : [] };
  }

  /** The patients whose records name something that belongs to nobody: a medication, a place. */
  usersOf(reference: string): Iterable<string> {
    return this.#users.get(reference) ?? [];
  }

  async #read(
    input: Input,
    links: Links,
    signal: AbortSignal,
    onProgress: (count: number) => void,
  ): Promise<void> {
    let mentioned: string[] = [];
    const named = (reference: string, display: string | undefined): void => {
      if (display !== undefined && PROVIDER.test(reference)) this.#displays.set(reference, display);
      if (SHARED.test(reference)) mentioned.push(reference);
    };
    for await (const read of resources(input, links, named)) {
      if (signal.aborted) return;
      if (read.found) {
        this.count += 1;
        onProgress(this.count);
        this.#look(read.resource, mentioned);
      }
      mentioned = [];
    }
  }

  #look(resource: Resource, mentioned: readonly string[]): void {
    this.care.add(resource);
    const patient = this.care.patientOf(resource, (about) => {
      this.wanted.add(about);
      return undefined;
    });
    if (PERSON.test(resource.resourceType)) this.#addFacts(resource);
    if (patient === undefined) return;
    for (const reference of mentioned) {
      const users = this.#users.get(reference);
      if (users === undefined) this.#users.set(reference, new Set([patient]));
      else users.add(patient);
    }
  }

  #addFacts(person: Resource): void {
    const { resourceType, id, name } = person;
    const identifiers = objects(person.identifier)
      .filter(({ value }) => typeof value === "string")
      .map(({ system, value }) => `${textOf(system)}|${textOf(value)}`);
    const called = resourceType === "Organization" ? textOf(name) : humanName(name);
    this.#facts.set(`${resourceType}/${id}`, { name: called || id, identifiers });
  }
}
