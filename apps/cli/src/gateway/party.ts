import { fail, fromHex, ok, type Result } from "@salus/base";
import {
  type ChainCache,
  type Cloud,
  type Identity,
  type KeyStore,
  openIdentity,
  type Registry,
} from "@salus/client";
import { OrganisationWriter, PatientWriter, VaultWorld, type Writer } from "@salus/gateway";
import { VaultHandle } from "@salus/protocol";
import type { Homes } from "../homes/homes.ts";
import type { Person, Role } from "../homes/person.ts";
import type { Failure } from "../words.ts";

/** Whom a gateway is started as. */
export interface Whom {
  /** `--as`. */
  readonly as?: string;
  /** `--reader`: who reads what an organisation writes. */
  readonly reader?: string;
}

/** Who a gateway is, and in words. */
export interface Party {
  readonly world: VaultWorld;
  readonly about: string;
}

/** What everybody of one gateway shares. */
interface Common {
  readonly cloud: Cloud;
  readonly chains: ChainCache;
  readonly registry: Registry;
}

interface Reads {
  readonly identity: Identity;
  readonly store: KeyStore;
  readonly name: string;
}

/** Who reads and who writes: the same patient, a practitioner and her organisation, or one of them alone. */
interface Roles {
  readonly reads: Reads | undefined;
  readonly writes: { readonly writer: Writer; readonly name: string } | undefined;
}

const ROLES: readonly Role[] = ["patient", "practitioner", "reader", "organisation", "department"];
const READERS: readonly Role[] = ["patient", "practitioner", "reader"];

/**
 * Open whoever a gateway is to be.
 *
 * Fails:   `unknown-name`, `ambiguous-name`; `usage` where it is not clear who is meant; any `HomeError`, any
 *          `ClientError`.
 */
export async function openParty(
  homes: Homes,
  common: Common,
  whom: Whom,
): Promise<Result<Party, Failure>> {
  const roles = await rolesOf(homes, common, whom);
  if (!roles.ok) return roles;
  const { reads, writes } = roles.value;
  const writer = writes?.writer;
  const world = new VaultWorld({ ...common, reader: reads, writer, known: knownIn(homes) });
  const looked = await world.look();
  if (!looked.ok) return looked;
  const reading = reads === undefined ? "nobody, so that it answers no search" : reads.name;
  const { vaults, older } = looked.value;
  const behind = older === 0 ? "" : `, ${older} of an older index policy: see salus reindex`;
  const count = reads === undefined ? "" : ` (vaults: ${vaults}${behind})`;
  return ok({ world, about: `reads as ${reading}${count}; writes as ${writes?.name ?? "nobody"}` });
}

async function rolesOf(homes: Homes, common: Common, whom: Whom): Promise<Result<Roles, Failure>> {
  const reader = whom.reader === undefined ? ok(undefined) : find(homes, whom.reader, READERS);
  if (!reader.ok) return reader;
  const reads = reader.value === undefined ? ok(undefined) : await readsOf(homes, reader.value);
  if (!reads.ok) return reads;
  if (whom.as === undefined && homes.self !== undefined) {
    return selfOf(homes, common, homes.self, reads.value);
  }
  const person = whom.as === undefined ? onlyOne(homes) : find(homes, whom.as, ROLES);
  if (!person.ok) return person;
  const { role } = person.value;
  if (role === "organisation") return organisationOf(homes, common, person.value, reads.value, []);
  const own = reads.value === undefined ? await readsOf(homes, person.value) : reads;
  if (!own.ok || own.value === undefined) return own as Result<never, Failure>;
  if (role === "patient") return patientOf(common, own.value);
  const line = lineOf(homes, person.value);
  const [top] = line;
  if (top === undefined) return ok({ reads: own.value, writes: undefined });
  const below = line.slice(1).map(({ id }) => id);
  return organisationOf(homes, common, top, own.value, below);
}

function find(homes: Homes, text: string, roles: readonly Role[]): Result<Person, Failure> {
  return homes.find(text, "somebody whose home is here", ...roles);
}

/** Who is meant when nobody is named: the only one there is. */
function onlyOne(homes: Homes): Result<Person, Failure> {
  const all = homes.people(...ROLES);
  const [first] = all;
  if (first !== undefined && all.length === 1) return ok(first);
  const what =
    first === undefined ? "nobody has a home in this folder" : "several people have homes here";
  return fail({ kind: "usage", what, next: "name one with --as, by id or by name." });
}

async function readsOf(homes: Homes, person: Person): Promise<Result<Reads, Failure>> {
  const resident = await homes.open(person);
  if (!resident.ok) return resident;
  const { home, identity } = resident.value;
  return ok({ identity, store: home.store, name: person.name || person.id });
}

/** A home that is somebody's own: a patient's, an organisation's, or one of who only reads. */
async function selfOf(
  { root }: Homes,
  common: Common,
  self: Identity,
  reader: Reads | undefined,
): Promise<Result<Roles, Failure>> {
  const { store } = root;
  const { registry } = common;
  const practitioner = await openIdentity(store, "practitioner");
  const certified = practitioner.ok && registry.byKey(practitioner.value.card.sign);
  const identity = practitioner.ok && certified ? practitioner.value : self;
  const provider = registry.byKey(identity.card.sign);
  if (provider?.role === "organisation") {
    const options = { ...common, store, node: provider.node, reader: reader?.identity.card };
    const writer = await OrganisationWriter.of(options);
    if (!writer.ok) return writer;
    return ok({ reads: reader, writes: { writer: writer.value, name: provider.name } });
  }
  const own = { identity, store, name: provider?.name ?? "the owner of this home" };
  if (provider !== undefined) return ok({ reads: own, writes: undefined });
  const patient = await patientOf(common, own);
  const isNone = !patient.ok && patient.error.kind === "no-vault";
  return isNone ? ok({ reads: own, writes: undefined }) : patient;
}

async function patientOf(common: Common, reads: Reads): Promise<Result<Roles, Failure>> {
  const writer = await PatientWriter.of({ ...common, store: reads.store });
  if (!writer.ok) return writer;
  return ok({ reads, writes: { writer: writer.value, name: `${reads.name}, as a patient` } });
}

/** An organisation writes, under the path of whoever it writes for. */
async function organisationOf(
  homes: Homes,
  common: Common,
  organisation: Person,
  reads: Reads | undefined,
  path: readonly string[],
): Promise<Result<Roles, Failure>> {
  const resident = await homes.open(organisation);
  if (!resident.ok) return resident;
  const { store } = resident.value.home;
  const options = { ...common, store, node: organisation.id, path, reader: reads?.identity.card };
  const writer = await OrganisationWriter.of(options);
  if (!writer.ok) return writer;
  const name = organisation.name || organisation.id;
  return ok({ reads, writes: { writer: writer.value, name } });
}

/** From the organisation whose home is here down to somebody; nobody where it is not here. */
function lineOf(homes: Homes, person: Person): readonly Person[] {
  const line = [person];
  for (let above = parentOf(homes, person); above !== undefined; above = parentOf(homes, above)) {
    if (line.includes(above)) return [];
    line.unshift(above);
  }
  return line[0]?.role === "organisation" ? line : [];
}

function parentOf(homes: Homes, { parent }: Person): Person | undefined {
  return homes.byId("department", parent) ?? homes.byId("organisation", parent);
}

/** What an import has noted of whose vault is whose: an organisation cannot look into them. */
function knownIn(
  homes: Homes,
): readonly { readonly patient: string; readonly vault: VaultHandle }[] {
  return homes.people("patient").flatMap(({ vault, references }) => {
    const handle = vault === undefined ? undefined : fromHex(vault);
    if (handle?.ok !== true) return [];
    return references.flatMap((reference) => {
      const [type, patient = ""] = reference.split("/");
      return type === "Patient" ? [{ patient, vault: VaultHandle.of(handle.value) }] : [];
    });
  });
}
