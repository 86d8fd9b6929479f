import { BALANCED, deriveIndex, type Resource } from "@salus/health";
import type { Found } from "./resources.ts";
import type { Survey } from "./survey.ts";

/** Where a resource belongs. */
export type Belongs =
  /** Into the registry of providers, and into nobody's record. */
  | { readonly kind: "provider" }
  /** It names no patient, but something that may have one: ask again when all was read. */
  | { readonly kind: "later" }
  /** Into these records, each `Patient/17`. */
  | { readonly kind: "records"; readonly patients: readonly string[] }
  /** Nowhere: no record can be of it, or it does not say whose it is. */
  | { readonly kind: "nowhere"; readonly why: "unknown-type" | "no-patient" };

const PROVIDERS = new Set(["Organization", "Practitioner", "PractitionerRole"]);

/** Says of each resource of an import into whose record it belongs, after a survey of all of them. */
export class Sorter {
  readonly #survey: Survey;
  readonly #owners = new Map<string, string>();
  readonly #later: Found[] = [];

  constructor(survey: Survey) {
    this.#survey = survey;
  }

  /** Where one belongs. What is for later is kept: see `later`. */
  sort(found: Found): Belongs {
    const { resource } = found;
    if (PROVIDERS.has(resource.resourceType)) return { kind: "provider" };
    const patient = this.#survey.care.patientOf(resource);
    if (patient === undefined) {
      this.#later.push(found);
      return { kind: "later" };
    }
    const reference = `${resource.resourceType}/${resource.id}`;
    if (this.#survey.wanted.has(reference)) this.#owners.set(reference, patient);
    return { kind: "records", patients: [patient] };
  }

  /**
   * What was put off, once all was read: what is about something of a patient is hers; what several
   * mention is in each one's record.
   */
  *later(): Generator<readonly [Found, Belongs]> {
    const { care } = this.#survey;
    for (const found of this.#later) {
      const { resource } = found;
      const owner = care.patientOf(resource, (about) => this.#owners.get(about));
      const names = care.namesOf(`${resource.resourceType}/${resource.id}`);
      const users = new Set(names.flatMap((name) => [...this.#survey.usersOf(name)]));
      const patients = (owner === undefined ? [...users] : [owner]).map((one) => care.resolve(one));
      if (patients.length > 0) yield [found, { kind: "records", patients }];
      else yield [found, { kind: "nowhere", why: ownerlessKind(resource) }];
    }
  }
}

/** What no record can be is nobody's; the rest would be somebody's, if it said whose. */
function ownerlessKind(resource: Resource): "unknown-type" | "no-patient" {
  const index = deriveIndex(resource, { path: [], policy: BALANCED });
  return !index.ok && index.error.kind === "unknown-type" ? "unknown-type" : "no-patient";
}
