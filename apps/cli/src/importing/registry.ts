import { type Bytes, ok, type Result } from "@salus/base";
import { type Cloud, certify, publishCertificates } from "@salus/client";
import type { Homes, Resident } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import type { Failure } from "../words.ts";

const YEAR_MS = 365 * 86_400_000;
const GOOD_FOR_MS = 5 * YEAR_MS;
/** A certificate that ends sooner is made anew. */
const RENEWED_MS = YEAR_MS;

/**
 * Certify every provider in the folder and publish the certificates: organisations by the folder's
 * authority, departments by their organisation, practitioners by whom they work for.
 *
 * Takes:   `roles`, whose keys are in this folder; the keys of the others are not touched.
 * Cost:    a signature for each that has no certificate yet, and a request for each issuer.
 */
export async function publishProviders(
  homes: Homes,
  cloud: Cloud,
  roles: readonly ProviderRole[] = ["organisation", "department", "practitioner"],
): Promise<Result<void, Failure>> {
  const authority = await homes.authority();
  if (!authority.ok) return authority;
  const organisations = uncertified(homes, roles).filter(({ role }) => role === "organisation");
  const published = await publish(homes, cloud, authority.value, organisations);
  if (!published.ok) return published;
  const below = uncertified(homes, roles).filter(({ role }) => role !== "organisation");
  for (const [issuer, people] of groupByIssuer(homes, below)) {
    const resident = await homes.open(issuer);
    if (!resident.ok) return resident;
    const stored = await publish(homes, cloud, resident.value, people);
    if (!stored.ok) return stored;
  }
  await homes.save();
  return ok(undefined);
}

type ProviderRole = "organisation" | "department" | "practitioner";

function uncertified(homes: Homes, roles: readonly ProviderRole[]): readonly Person[] {
  const soon = Date.now() + RENEWED_MS;
  return homes.people(...roles).filter((person) => (person.certified ?? 0) < soon);
}

function groupByIssuer(homes: Homes, people: readonly Person[]): Map<Person, Person[]> {
  const groups = new Map<Person, Person[]>();
  for (const person of people) {
    const { parent } = person;
    const issuer = homes.byId("department", parent) ?? homes.byId("organisation", parent);
    // Who works nowhere that is known cannot be certified, and is found by no name.
    if (issuer === undefined) continue;
    const group = groups.get(issuer);
    if (group === undefined) groups.set(issuer, [person]);
    else group.push(person);
  }
  return groups;
}

async function publish(
  homes: Homes,
  cloud: Cloud,
  issuer: Resident,
  people: readonly Person[],
): Promise<Result<void, Failure>> {
  const notBefore = Date.now();
  const expires = notBefore + GOOD_FOR_MS;
  const certificates: Bytes[] = [];
  for (const person of people) {
    const resident = await homes.open(person);
    if (!resident.ok) return resident;
    const { role, id: node, parent, name, identifiers } = person;
    certificates.push(
      certify(issuer.identity, {
        role: role === "practitioner" ? "physician" : (role as "organisation" | "department"),
        node,
        ...(parent !== "" && { parent }),
        name,
        identifiers,
        card: resident.value.identity.card,
        notBefore,
        expires,
      }),
    );
  }
  if (certificates.length === 0) return ok(undefined);
  const stored = await publishCertificates(cloud, issuer.identity, certificates);
  if (!stored.ok) return stored;
  for (const person of people) homes.certified(person, expires);
  return ok(undefined);
}
