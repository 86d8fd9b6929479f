import { ok, type Result } from "@salus/base";
import {
  type Cloud,
  certify,
  httpCloud,
  type Identity,
  type KeptOrganisation,
  keepOrganisation,
  keptOrganisations,
  noteDeed,
  type OrganisationAbout,
  publishCertificates,
  signatureOf,
} from "@salus/client";
import { openRegistry } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import type { Failure } from "../words.ts";

/** The organisation that the administrator of a demo keeps. */
export const CLINIC: OrganisationAbout = {
  ...{
    role: "organisation",
    node: "northlake-day-clinic",
    parent: "",
    name: "Northlake Day Clinic",
  },
  identifiers: ["https://registry.salus.example/facility|4711"],
};

const DEPARTMENT: OrganisationAbout = {
  ...{ role: "department", node: "northlake-outpatients", parent: CLINIC.node },
  ...{ name: "Outpatients", identifiers: [] },
};

/**
 * Give the administrator of a demo an organisation of her own, with its keys in her home alone: the
 * demo's hospitals run by themselves and keep theirs.
 *
 * Takes:   `administrator`, the id of somebody who has signed up.
 * Fails:   any `HomeError`, any `CloudError`.
 */
export async function foundClinic(
  homes: Homes,
  administrator: string,
  url: string,
): Promise<Result<void, Failure>> {
  const person = homes.byId("administrator", administrator);
  if (person === undefined) return ok(undefined);
  const resident = await homes.open(person);
  if (!resident.ok) return resident;
  const authority = await homes.authority();
  if (!authority.ok) return authority;
  const cloud = httpCloud(url);
  const registry = await openRegistry(homes, cloud);
  if (!registry.ok) return registry;
  const { store } = resident.value.home;
  const clinic = await kept(store, CLINIC);
  if (!clinic.ok) return clinic;
  const department = await kept(store, DEPARTMENT);
  if (!department.ok) return department;
  const isKnown = ({ identity }: KeptOrganisation): boolean =>
    registry.value.byKey(identity.card.sign) !== undefined;
  if (!isKnown(clinic.value)) {
    await noteDeed(clinic.value.store, { did: "founded", who: CLINIC.name, node: CLINIC.node });
    const certified = await publish(cloud, authority.value.identity, clinic.value);
    if (!certified.ok) return certified;
  }
  if (isKnown(department.value)) return ok(undefined);
  const certified = await publish(cloud, clinic.value.identity, department.value);
  if (!certified.ok) return certified;
  const { name: who, node } = DEPARTMENT;
  await noteDeed(clinic.value.store, { did: "certified", who, node, signature: certified.value });
  return ok(undefined);
}

async function kept(
  home: Parameters<typeof keepOrganisation>[0],
  about: OrganisationAbout,
): Promise<Result<KeptOrganisation, Failure>> {
  const all = await keptOrganisations(home);
  if (!all.ok) return all;
  const known = all.value.find(({ about: { node } }) => node === about.node);
  if (known !== undefined) return ok(known);
  const made = await keepOrganisation(home, about);
  if (made.ok || made.error.kind === "store-damaged")
    return made as Result<KeptOrganisation, Failure>;
  throw new Error("bug: the names of the demo's clinic are good ones");
}

/** Gives: by what a deed names the certificate. */
async function publish(
  cloud: Cloud,
  issuer: Identity,
  { about, identity }: KeptOrganisation,
): Promise<Result<string, Failure>> {
  const { parent, ...stated } = about;
  const above = parent === "" ? {} : { parent };
  const certificate = certify(issuer, { ...stated, ...above, card: identity.card });
  const published = await publishCertificates(cloud, issuer, [certificate]);
  return published.ok ? ok(signatureOf(certificate)) : published;
}
