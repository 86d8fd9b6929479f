import type { Provider } from "@salus/client";
import type { KnownProvider, Survey } from "@salus/client/writer";
import type { Assigned, Resource } from "@salus/health";

/** Where in the organisation a record was made. */
export type Authorship =
  | { readonly kind: "here"; readonly path: readonly string[]; readonly assigned: Assigned }
  /** It says that another organisation made it: that one's records come from itself. */
  | { readonly kind: "other-organisation" };

/** Says of records who of an organisation made them, as its exports and the registry name people. */
export class Authors {
  readonly #survey: Survey;
  readonly #own: Provider;
  readonly #below: readonly Provider[];
  readonly #alias: string;

  /**
   * Takes:   `below`, everybody of the organisation; `alias`, what its files call it where that is not
   *          its node: `Organization/17`, or empty.
   */
  constructor(survey: Survey, own: Provider, below: readonly Provider[], alias: string) {
    this.#survey = survey;
    this.#own = own;
    this.#below = below.filter(({ role }) => role === "department" || role === "physician");
    this.#alias = alias;
    survey.remember([own, ...this.#below].map(knownAs));
  }

  /** Who made a record of a patient. */
  of(resource: Resource, patient: string): Authorship {
    const { care } = this.#survey;
    const { organisation, department, physician, assigned } = care.assign(resource, patient);
    // What names nobody is from whoever could import it.
    if (organisation === undefined) return { kind: "here", path: [], assigned: "inferred" };
    if (!this.#isOwn(organisation)) return { kind: "other-organisation" };
    const who = this.#find(physician) ?? this.#find(department);
    return { kind: "here", path: who?.path.slice(1) ?? [], assigned };
  }

  #isOwn(reference: string): boolean {
    const { care } = this.#survey;
    const named = care.resolve(reference);
    if (this.#alias !== "" && named === care.resolve(this.#alias)) return true;
    return referencesOf(this.#own).some((one) => one === named || care.resolve(one) === named);
  }

  #find(reference: string | undefined): Provider | undefined {
    if (reference === undefined) return undefined;
    const { care } = this.#survey;
    const named = care.resolve(reference);
    return this.#below.find((one) =>
      referencesOf(one).some((own) => own === named || care.resolve(own) === named),
    );
  }
}

function knownAs(provider: Provider): KnownProvider {
  const { node: id, parent, identifiers, role } = provider;
  const references = referencesOf(provider);
  return {
    role: role === "physician" ? "practitioner" : role,
    id,
    parent,
    references,
    identifiers,
  };
}

/** How FHIR resources refer to a provider. */
function referencesOf({ role, node, identifiers }: Provider): readonly string[] {
  const type = role === "physician" ? "Practitioner" : "Organization";
  return [`${type}/${node}`, ...identifiers.map((one) => `${type}?identifier=${one}`)];
}
