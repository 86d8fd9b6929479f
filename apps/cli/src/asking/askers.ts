import { fail, fromHex, ok, type Result, toHex } from "@salus/base";
import { ChainCache, type Cloud, type Reader, type Registry } from "@salus/client";
import { VaultHandle } from "@salus/protocol";
import { connect } from "../connect.ts";
import { openReader, openRegistry } from "../homes/clients.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import type { Person, Role } from "../homes/person.ts";
import type { Failure } from "../words.ts";

/** Somebody who asks. Her home is opened when it is her turn: there may be many of her. */
export interface Asker {
  /** The vaults that she asks about; all that she may read when none is named. */
  readonly vaults: readonly VaultHandle[] | undefined;
  /** Fails: any `HomeError`. */
  open(): Promise<Result<Reader, Failure>>;
  /** Let go of her home. */
  close(): Promise<void>;
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

const READERS: readonly Role[] = [
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
async function askersOf(homes: Homes, cloud: Cloud, whom: Whom): Promise<Result<Asked, Failure>> {
  const patient = whom.patient === undefined ? ok(undefined) : vaultOf(homes, whom.patient);
  if (!patient.ok) return patient;
  const people = peopleOf(homes, whom, patient.value);
  if (!people.ok) return people;
  const registry = await openRegistry(homes, cloud);
  if (!registry.ok) return registry;
  const vaults = patient.value === undefined ? undefined : [patient.value];
  const shared = { cloud, chains: new ChainCache(), registry: registry.value };
  const askers = people.value.map((person) => {
    // Asked for as patients, they answer for themselves, and not for whom they may read too.
    const own = whom.as === undefined && vaults === undefined ? ownVault(person) : vaults;
    return askerAt(homes, person, own, shared);
  });
  if (askers.length === 0 && homes.self !== undefined) {
    const reader = openReader({ home: homes.root, identity: homes.self }, shared);
    askers.push({ vaults, open: async () => ok(reader), close: async () => undefined });
  }
  if (askers.length === 0) return fail({ kind: "no-identity" });
  return ok({ askers, registry: registry.value });
}

function ownVault({ vault }: Person): readonly VaultHandle[] | undefined {
  const handle = vault === undefined ? undefined : VaultHandle.fromHex(vault);
  return handle?.ok === true ? [handle.value] : undefined;
}

function askerAt(
  homes: Homes,
  person: Person,
  vaults: readonly VaultHandle[] | undefined,
  shared: Parameters<typeof openReader>[1],
): Asker {
  let resident: Resident | undefined;
  return {
    vaults,
    open: async () => {
      const opened = await homes.open(person);
      if (!opened.ok) return opened;
      resident = opened.value;
      return ok(openReader(resident, shared));
    },
    close: async () => {
      if (resident !== undefined) await homes.release(resident);
    },
  };
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
  const owner = patient === undefined ? undefined : homes.byVault(toHex(patient));
  if (owner !== undefined) return ok([owner]);
  const patients = homes.people("patient");
  if (patient === undefined && patients.length > 0) return ok(patients);
  // A practitioner in a home of her own asks for herself.
  return ok(homes.members().filter(({ role }) => role === "practitioner"));
}

/** The vault of a patient, named as in `--patient`; a handle may be of anybody's. */
function vaultOf(homes: Homes, text: string): Result<VaultHandle, Failure> {
  const bytes = /^[0-9a-f]{64}$/.test(text) ? fromHex(text) : undefined;
  if (bytes?.ok === true) return ok(VaultHandle.of(bytes.value));
  const person = homes.find(text, "a patient", "patient");
  if (!person.ok) return person;
  const [vault] = ownVault(person.value) ?? [];
  if (vault !== undefined) return ok(vault);
  return fail({ kind: "unknown-name", name: text, what: "a patient with a vault", known: [] });
}
