import {
  actorsOf,
  instant,
  isOrganisation,
  isPatient,
  isPractitioner,
  objects,
  ownersOf,
  placesOf,
  references,
  subjectsOf,
  timeOf,
  visitsNamedBy,
} from "./care.ts";
import type { Resource } from "./population/population.ts";

/** How it was found where a resource belongs: it said so, its neighbours did, or nobody did. */
export type Assigned = "stated" | "inferred" | "patient";

/** Who made a resource, by reference: `Organization/17`, or `Organization?identifier=system|value`. */
export interface Assignment {
  /** The top of the provider's tree; none when the patient keeps it herself. */
  readonly organisation: string | undefined;
  /** A part of the organisation, when a part was named. */
  readonly department: string | undefined;
  readonly physician: string | undefined;
  readonly assigned: Assigned;
}

/** What is kept of an encounter: references as they stood, since what they name may come later. */
interface Visit {
  readonly subjects: readonly string[];
  readonly owners: readonly string[];
  readonly actors: readonly string[];
  readonly places: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** What others refer to by an identifier; the rest would cost memory for each record. */
const NAMED = new Set(
  "Organization Practitioner PractitionerRole Patient Location Device Encounter Medication Substance HealthcareService".split(
    " ",
  ),
);

const PATIENTS_OWN: Assignment = {
  organisation: undefined,
  department: undefined,
  physician: undefined,
  assigned: "patient",
};

/**
 * What a set of resources says about who cares for whom.
 *
 * Show it every resource first, in any order; then ask it where each belongs. It keeps what it needs
 * of encounters and providers and nothing of the rest, so a large import fits in memory.
 *
 * Takes:   references that name a resource of the set as `Type/id`: resolve `urn:uuid:` before.
 * Cost:    some 500 bytes an encounter; a resource that names nobody is compared with each
 *          encounter of its patient.
 */
export class CareMap {
  /** `Type?identifier=system|value` to `Type/id`. */
  readonly #identified = new Map<string, string>();
  /** The same, the other way round. */
  readonly #names = new Map<string, readonly string[]>();
  readonly #partOf = new Map<string, string>();
  /** Roles, practitioners, locations and devices to the organisations that they belong to. */
  readonly #employers = new Map<string, Set<string>>();
  /** PractitionerRole to Practitioner. */
  readonly #persons = new Map<string, string>();
  readonly #visits = new Map<string, Visit>();
  /** Built when first asked for, since everybody may be known by several names. */
  #visitsOf: Map<string, Visit[]> | undefined;
  #workplaces: Map<string, string> | undefined;

  /** Note what a resource says about others. Showing it again changes nothing. */
  add(resource: Resource): void {
    const key = `${resource.resourceType}/${resource.id}`;
    switch (resource.resourceType) {
      case "Organization":
        for (const parent of references(resource.partOf, "Organization")) {
          this.#partOf.set(key, parent);
        }
        break;
      case "PractitionerRole":
        for (const person of references(resource.practitioner)) {
          this.#persons.set(key, person);
          this.#addEmployer(person, resource.organization);
        }
        this.#addEmployer(key, resource.organization);
        break;
      case "Location":
        this.#addEmployer(key, resource.managingOrganization);
        break;
      case "Device":
        this.#addEmployer(key, resource.owner);
        break;
      case "Encounter":
        this.#addVisit(key, resource);
        break;
    }
    if (NAMED.has(resource.resourceType)) this.#identify(key, resource);
  }

  /** `Type/id` for any way of naming a resource of the set; otherwise the reference as it is. */
  resolve(reference: string): string {
    return this.#identified.get(reference) ?? reference;
  }

  /** All ways of naming a resource of the set that others may have used. */
  namesOf(key: string): readonly string[] {
    return [key, ...(this.#names.get(key) ?? [])];
  }

  /**
   * Whose record a resource belongs into, or nothing when it is about no patient.
   *
   * Takes:   `about`, which says whose something is that the resource is about: a Provenance names
   *          what it vouches for, and not always the patient.
   */
  patientOf(
    resource: Resource,
    about?: (reference: string) => string | undefined,
  ): string | undefined {
    if (resource.resourceType === "Patient") return `Patient/${resource.id}`;
    const subjects = subjectsOf(resource).map((subject) => this.resolve(subject));
    return subjects.find(isPatient) ?? firstOf(subjects, (subject) => about?.(subject));
  }

  /**
   * Say who made a resource: the encounter's service provider; else the organisation of its author
   * or performer; else that of the patient's encounter nearest in time, which is an inference; else
   * the patient.
   */
  assign(resource: Resource, patient: string): Assignment {
    const visit = this.#visitOf(resource);
    const actors = actorsOf(resource);
    const physician = this.#physicianAmong(actors) ?? this.#physicianAmong(visit?.actors ?? []);
    const stated =
      (visit && this.#providerOf(visit)) ??
      this.#providerOf({ owners: ownersOf(resource), actors, places: placesOf(resource) });
    if (stated !== undefined) return this.#within(stated, physician, "stated");
    if (actors.some((actor) => this.resolve(actor) === patient)) return PATIENTS_OWN;
    const nearest = this.#nearest(resource, patient);
    return nearest === undefined ? PATIENTS_OWN : this.#within(nearest, undefined, "inferred");
  }

  /**
   * Where somebody works: by her roles; else where she was seen at most encounters.
   *
   * Gives:   nothing for who is unknown, or has several employers and no encounter.
   */
  workplaceOf(practitioner: string): Pick<Assignment, "organisation" | "department"> | undefined {
    const place = this.#employerOf(practitioner) ?? this.#seenAt().get(this.resolve(practitioner));
    if (place === undefined) return undefined;
    const { organisation, department } = this.#within(place, undefined, "stated");
    return { organisation, department };
  }

  /** What an organisation is a part of. */
  parentOf(organisation: string): string | undefined {
    const parent = this.#partOf.get(this.resolve(organisation));
    return parent === undefined ? undefined : this.resolve(parent);
  }

  #addEmployer(key: string, organisation: unknown): void {
    for (const employer of references(organisation, "Organization")) {
      const known = this.#employers.get(key) ?? new Set();
      this.#employers.set(key, known.add(employer));
    }
  }

  #addVisit(key: string, encounter: Resource): void {
    const period = objects(encounter.period)[0] ?? {};
    const from = instant(period.start) ?? instant(period.end);
    this.#visits.set(key, {
      subjects: subjectsOf(encounter),
      owners: ownersOf(encounter),
      actors: actorsOf(encounter),
      places: placesOf(encounter),
      from: from ?? Number.NaN,
      to: instant(period.end) ?? from ?? Number.NaN,
    });
    this.#visitsOf = undefined;
    this.#workplaces = undefined;
  }

  #identify(key: string, resource: Resource): void {
    for (const { system, value } of objects(resource.identifier)) {
      if (typeof value !== "string") continue;
      const token = `${typeof system === "string" ? system : ""}|${value}`;
      const name = `${resource.resourceType}?identifier=${token}`;
      if (this.#identified.get(name) === key) continue;
      this.#identified.set(name, key);
      this.#names.set(key, [...(this.#names.get(key) ?? []), name]);
    }
  }

  #visitOf(resource: Resource): Visit | undefined {
    return firstOf(visitsNamedBy(resource), (visit) => this.#visits.get(this.resolve(visit)));
  }

  #providerOf(who: Pick<Visit, "owners" | "actors" | "places">): string | undefined {
    const owners = who.owners.map((owner) => this.resolve(owner));
    return (
      owners.find(isOrganisation) ??
      firstOf(who.actors, (actor) => this.#employerOf(actor)) ??
      firstOf(who.places, (place) => this.#employerOf(place))
    );
  }

  /** The organisation that somebody is, or belongs to; not if there are several. */
  #employerOf(reference: string): string | undefined {
    const key = this.resolve(reference);
    if (isOrganisation(key)) return key;
    const employers = this.#employers.get(key) ?? this.#employers.get(reference) ?? [];
    const known = new Set([...employers].map((employer) => this.resolve(employer)));
    return known.size === 1 ? [...known][0] : undefined;
  }

  #physicianAmong(actors: readonly string[]): string | undefined {
    return firstOf(actors, (actor) => {
      const key = this.resolve(this.#persons.get(this.resolve(actor)) ?? actor);
      return isPractitioner(key) ? key : undefined;
    });
  }

  #nearest(resource: Resource, patient: string): string | undefined {
    const time = timeOf(resource);
    if (time === undefined) return undefined;
    let best: { provider: string; distance: number; from: number } | undefined;
    for (const visit of this.#visitsOfPatient(patient)) {
      const provider = Number.isNaN(visit.from) ? undefined : this.#providerOf(visit);
      if (provider === undefined) continue;
      const distance = Math.max(visit.from - time, time - visit.to, 0);
      const nearer = best === undefined || distance < best.distance;
      // Of two equally near the earlier one, whatever the order in which they were shown.
      if (nearer || (distance === best?.distance && visit.from < best.from)) {
        best = { provider, distance, from: visit.from };
      }
    }
    return best?.provider;
  }

  #visitsOfPatient(patient: string): readonly Visit[] {
    if (this.#visitsOf === undefined) {
      this.#visitsOf = new Map();
      for (const visit of this.#visits.values()) {
        const whose = visit.subjects.map((subject) => this.resolve(subject)).find(isPatient);
        if (whose === undefined) continue;
        const visits = this.#visitsOf.get(whose);
        if (visits === undefined) this.#visitsOf.set(whose, [visit]);
        else visits.push(visit);
      }
    }
    return this.#visitsOf.get(patient) ?? [];
  }

  /** Each practitioner's most frequent provider; of equally frequent ones the first by name. */
  #seenAt(): ReadonlyMap<string, string> {
    if (this.#workplaces !== undefined) return this.#workplaces;
    const counts = new Map<string, Map<string, number>>();
    for (const visit of this.#visits.values()) {
      const provider = this.#providerOf(visit);
      const person = provider === undefined ? undefined : this.#physicianAmong(visit.actors);
      if (provider === undefined || person === undefined) continue;
      const seen = counts.get(person) ?? new Map<string, number>();
      counts.set(person, seen.set(provider, (seen.get(provider) ?? 0) + 1));
    }
    const often = (a: [string, number], b: [string, number]): number =>
      b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
    this.#workplaces = new Map(
      [...counts].map(([person, seen]) => [person, [...seen].sort(often)[0]?.[0] as string]),
    );
    return this.#workplaces;
  }

  /** Stand an organisation under its top: what is part of another is a department of it. */
  #within(named: string, physician: string | undefined, assigned: Assigned): Assignment {
    let top = named;
    // A circle of parts has no top: stop where it closes.
    const met = new Set([top]);
    for (;;) {
      const above = this.#partOf.get(top);
      const next = above === undefined ? undefined : this.resolve(above);
      if (next === undefined || met.has(next)) break;
      met.add(next);
      top = next;
    }
    const department = top === named ? undefined : named;
    return { organisation: top, department, physician, assigned };
  }
}

function firstOf<Item, Value>(
  items: readonly Item[],
  value: (item: Item) => Value | undefined,
): Value | undefined {
  for (const item of items) {
    const found = value(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
