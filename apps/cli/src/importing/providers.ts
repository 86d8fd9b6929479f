import { createHash } from "node:crypto";
import { fail, ok, type Result } from "@salus/base";
import type { Survey } from "@salus/client/writer";
import type { Assignment } from "@salus/health";
import type { Homes, Resident } from "../homes/homes.ts";
import type { Role } from "../homes/person.ts";
import type { Failure } from "../words.ts";

type ProviderRole = Extract<Role, "organisation" | "department" | "practitioner">;

const PROVIDERS: readonly ProviderRole[] = ["organisation", "department", "practitioner"];
/** Homes made at a time: most of the time goes into waiting for the disk. */
const AT_ONCE = 8;
const NODE = /^[A-Za-z0-9.-]{1,64}$/;

/** Who writes a record: an organisation's home, and the nodes below it down to the author. */
export interface Author {
  readonly source: Resident;
  readonly path: readonly string[];
}

/**
 * The provider tree of an import: every organisation, department and practitioner gets a home, keys
 * and a node, once, under whatever reference FHIR names them.
 */
export class Providers {
  readonly #homes: Homes;
  readonly #survey: Survey;

  constructor(homes: Homes, survey: Survey) {
    this.#homes = homes;
    this.#survey = survey;
  }

  /** Give a home to everybody that the input has a resource of. Gives: how many those are. */
  async settleAll(onProgress: (count: number) => void): Promise<Result<number, Failure>> {
    const references = this.#survey.providers();
    for (let at = 0; at < references.length; at += AT_ONCE) {
      const some = references.slice(at, at + AT_ONCE);
      const settled = await Promise.all(some.map((reference) => this.#settleOne(reference)));
      const failed = settled.find(({ ok: fine }) => !fine);
      if (failed?.ok === false) return failed;
      onProgress(at + some.length);
    }
    return ok(references.length);
  }

  /** Who writes what is assigned so; nobody when it is the patient. Fails: any `HomeError`. */
  async authorOf(assignment: Assignment): Promise<Result<Author | undefined, Failure>> {
    if (assignment.organisation === undefined) return ok(undefined);
    const line = await this.#lineOf(assignment.organisation, assignment);
    if (!line.ok) return line;
    const [source, ...below] = line.value;
    return ok({ source: source as Resident, path: below.map(({ person }) => person.id) });
  }

  /** The organisation, its department and the physician, as far as they are named. */
  async #lineOf(
    organisation: string,
    below: Pick<Assignment, "department"> & Partial<Assignment>,
  ): Promise<Result<readonly Resident[], Failure>> {
    const named: readonly (readonly [ProviderRole, string | undefined])[] = [
      ["organisation", organisation],
      ["department", below.department],
      ["practitioner", below.physician],
    ];
    const line: Resident[] = [];
    for (const [role, reference] of named) {
      if (reference === undefined) continue;
      const resident = await this.#resident(role, reference, line.at(-1)?.person.id ?? "");
      if (!resident.ok) return resident;
      line.push(resident.value);
    }
    return ok(line);
  }

  async #settleOne(reference: string): Promise<Result<void, Failure>> {
    const { care } = this.#survey;
    const place = care.workplaceOf(reference);
    // Who is employed nowhere is a practice of her own.
    const organisation = place?.organisation ?? reference;
    const physician = place && reference.startsWith("Practitioner") ? reference : undefined;
    const line = await this.#lineOf(organisation, { department: place?.department, physician });
    return line.ok ? ok(undefined) : line;
  }

  async #resident(
    role: ProviderRole,
    named: string,
    parent: string,
  ): Promise<Result<Resident, Failure>> {
    const reference = this.#survey.care.resolve(named);
    const known = this.#homes.byReference(reference);
    if (known !== undefined) return this.#homes.open(known);
    const { name, identifiers } = this.#survey.factsOf(reference);
    const type = reference.slice(0, reference.search(/[/?]/));
    const references = [
      reference,
      ...identifiers.map((identifier) => `${type}?identifier=${identifier}`),
    ];
    const id = this.#freeNode(role, reference);
    return this.#homes.settle({ role, id, name, references, identifiers, parent });
  }

  /** A provider's id, which no other kind of provider has: nodes share one space of names. */
  #freeNode(role: ProviderRole, reference: string): string {
    const id = nodeOf(reference);
    const taken = PROVIDERS.some((other) => this.#homes.byId(other, id) !== undefined);
    return taken ? `${role}-${id}`.slice(0, 64) : id;
  }
}

/** `17` of `Organization/17`, `7` of `Organization?identifier=urn:npi|7`. */
function nodeOf(reference: string): string {
  const text = reference.slice(reference.search(/[/=]/) + 1);
  const value = text.slice(text.lastIndexOf("|") + 1);
  if (NODE.test(value)) return value;
  const plain = value.replace(/[^A-Za-z0-9.]+/g, "-").replace(/^-+|-+$/g, "");
  const digest = createHash("sha256").update(reference).digest("hex").slice(0, 8);
  return `${plain.slice(0, 48)}-${digest}`;
}

/** The home of a patient that the input names: `Patient/17`. Fails: any `HomeError`. */
export async function settlePatient(
  homes: Homes,
  survey: Survey,
  reference: string,
): Promise<Result<Resident, Failure>> {
  const [, id] = /^Patient\/(.+)$/.exec(reference) ?? [];
  if (id === undefined) {
    return fail({ kind: "unknown-name", name: reference, what: "a patient", known: [] });
  }
  const { name, identifiers } = survey.factsOf(reference);
  const references = [reference, ...identifiers.map((token) => `Patient?identifier=${token}`)];
  const known = homes.byId("patient", id);
  if (known === undefined) {
    return homes.settle({ role: "patient", id, name, references, identifiers });
  }
  // A name that only a later import says is worth having.
  const isNews = known.name === known.id && name !== id;
  return homes.open(isNews ? homes.put({ ...known, name, references, identifiers }) : known);
}
