import type { Result } from "@salus/base";
import { type ChainCache, type Cloud, Patient, Reader, Registry } from "@salus/client";
import { Source } from "@salus/client/writer";
import type { Failure } from "../words.ts";
import type { Homes, Resident } from "./homes.ts";
import type { Person } from "./person.ts";

/** What everybody of one run shares. */
export interface Shared {
  readonly cloud: Cloud;
  readonly chains: ChainCache;
}

/** The node of what patients write themselves: they are in no registry. */
export const PATIENT_NODE = "patient";

/** Somebody as a source: an organisation, or a patient of her own vault. */
export function openSource(writer: Resident, shared: Shared): Promise<Result<Source, Failure>> {
  const { person, home } = writer;
  const node = person.role === "patient" ? PATIENT_NODE : person.id;
  return Source.open({ ...shared, store: home.store, node });
}

/** Somebody as the owner of her vault. Fails: `no-vault`, as `Patient.sync`. */
export async function openPatient(
  homes: Homes,
  person: Person,
  shared: Shared,
): Promise<Result<Patient, Failure>> {
  const resident = await homes.open(person);
  return resident.ok ? Patient.open({ ...shared, store: resident.value.home.store }) : resident;
}

/** Somebody as a reader, who knows providers by name. */
export function openReader(
  { home, identity }: Pick<Resident, "home" | "identity">,
  shared: Shared & { readonly registry: Registry },
): Reader {
  return new Reader(identity, { ...shared, store: home.store });
}

/** The providers whose certificates lead to an authority that this home pins. */
export async function openRegistry(homes: Homes, cloud: Cloud): Promise<Result<Registry, Failure>> {
  const authorities = await homes.pinned();
  return authorities.ok ? Registry.load({ cloud, authorities: authorities.value }) : authorities;
}
