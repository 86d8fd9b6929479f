import { fail, fromHex, ok, type Result, toHex } from "@salus/base";
import { ChainCache, type Cloud, type Reader, type Registry } from "@salus/client";
import { VaultHandle } from "@salus/protocol";
import { connect } from "../connect.ts";
import { openReader, openRegistry } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import type { Person, Role } from "../homes/person.ts";
import type { Failure } from "../words.ts";

/** Somebody who asks, and the vaults that she asks about; all she may read when none is named. */
export interface Asker {
  readonly reader: Reader;
  readonly vaults: readonly VaultHandle[] | undefined;
}

/** Who asks, and the providers whose names she knows. */
export interface Asked {
  readonly askers: readonly Asker[];
  readonly registry: Registry;
}

/** Who is to ask, of whose records. */
export interface Whom {
  /** `--as`. */
  readonly as?: string;
  /** `--patient`. */
  readonly patient?: string;
}

export const READERS: readonly Role[] = [
  "patient",
  "organisation",
  "department",
  "practitioner",
  "reader",
];

/** Everybody who asks a cloud that has yet to be reached. Fails: as `askersOf`, and as `connect`. */
export async function askersAt(
  homes: Homes,
  url: string,
  whom: Whom,
): Promise<Result<Asked, Failure>> {
  const cloud = await connect(url);
  return cloud.ok ? askersOf(homes, cloud.value, whom) : cloud;
}

/**
 * Everybody who asks: the one named by `--as`; else the owner of the home itself, if it is somebody's
 * own; else the patients whose homes stand in the folder.
 *
 * Fails:   `unknown-name`, `ambiguous-name`, `no-identity`, any `HomeError`.
 */
export async function askersOf(
  homes: Homes,
  cloud: Cloud,
  whom: Whom,
): Promise<Result<Asked, Failure>> {
  const patient = whom.patient === undefined ? ok(undefined) : vaultOf(homes, whom.patient);
  if (!patient.ok) return patient;
  const people = peopleOf(homes, whom, patient.value);
  if (!people.ok) return people;
  const registry = await openRegistry(homes, cloud);
  if (!registry.ok) return registry;
  const vaults = patient.value === undefined ? undefined : [patient.value];
  const shared = { cloud, chains: new ChainCache(), registry: registry.value };
  const askers: Asker[] = [];
  if (people.value.length === 0 && homes.self !== undefined) {
    const resident = { home: homes.root, identity: homes.self };
    askers.push({ reader: openReader(resident, shared), vaults });
  }
  for (const person of people.value) {
    const resident = await homes.open(person);
    if (!resident.ok) return resident;
    askers.push({ reader: openReader(resident.value, shared), vaults });
  }
  if (askers.length === 0) return fail({ kind: "no-identity" });
  return ok({ askers, registry: registry.value });
}

function peopleOf(
  homes: Homes,
  whom: Whom,
  patient: VaultHandle | undefined,
): Result<readonly Person[], Failure> {
  if (whom.as !== undefined) {
    const person = homes.find(whom.as, "anybody who could read", ...READERS);
    return person.ok ? ok([person.value]) : person;
  }
  if (patient === undefined) return ok(homes.people("patient"));
  const owner = homes.byVault(toHex(patient));
  return ok(owner === undefined ? [] : [owner]);
}

/** The vault of a patient, named as in `--patient`; a handle may be of anybody's. */
export function vaultOf(homes: Homes, text: string): Result<VaultHandle, Failure> {
  const bytes = /^[0-9a-f]{64}$/.test(text) ? fromHex(text) : undefined;
  if (bytes?.ok === true) return ok(VaultHandle.of(bytes.value));
  const person = homes.find(text, "a patient", "patient");
  if (!person.ok) return person;
  const { vault, id } = person.value;
  const handle = vault === undefined ? undefined : VaultHandle.fromHex(vault);
  if (handle?.ok === true) return ok(handle.value);
  return fail({ kind: "unknown-name", name: id, what: "a patient with a vault", known: [] });
}
