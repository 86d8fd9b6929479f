import { fail, ok, type Result, toHex } from "@salus/base";
import {
  Account,
  ChainCache,
  type GivenAccess,
  givenAccesses,
  httpDirectory,
  type Patient,
  PatientRequests,
  type Registry,
} from "@salus/client";
import { connect } from "../connect.ts";
import { openPatient, openRegistry } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import { type CloudOptions, type HomeOptions, withHomes } from "../options.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";

/** The owner of a vault, who needs nobody but the cloud to take back what she gave. */
export interface Owner {
  readonly homes: Homes;
  readonly person: Person;
  readonly patient: Patient;
  readonly registry: Registry;
  /** Of whoever has an account. */
  readonly requests: PatientRequests | undefined;
}

export interface OwnerOptions extends HomeOptions, CloudOptions {
  readonly patient?: string;
}

/** Run something as the owner of a vault: the only patient here, if none is named. */
export function asOwner(
  session: Session,
  options: OwnerOptions,
  run: (owner: Owner) => Promise<number>,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const person = ownerOf(homes, options.patient);
    if (!person.ok) return session.fail(person.error);
    const owner = await openOwner(homes, person.value, options);
    return owner.ok ? run(owner.value) : session.fail(owner.error);
  });
}

function ownerOf(homes: Homes, text: string | undefined): Result<Person, Failure> {
  if (text !== undefined) return homes.find(text, "a patient", "patient");
  const [only, ...others] = homes.people("patient");
  if (only !== undefined && others.length === 0) return ok(only);
  const next = "name her with --patient; `salus keys` lists who is here.";
  return fail({ kind: "usage", what: "it is not said whose vault", next });
}

async function openOwner(
  homes: Homes,
  person: Person,
  { cloud: url }: CloudOptions,
): Promise<Result<Owner, Failure>> {
  const cloud = await connect(url);
  if (!cloud.ok) return cloud;
  const shared = { cloud: cloud.value, chains: new ChainCache() };
  const patient = await openPatient(homes, person, shared);
  if (!patient.ok) return patient;
  const synced = await patient.value.sync();
  if (!synced.ok) return synced;
  const registry = await openRegistry(homes, cloud.value);
  if (!registry.ok) return registry;
  const requests = await requestsOf(homes, person, patient.value, registry.value);
  if (!requests.ok) return requests;
  return ok({
    ...{ homes, person, patient: patient.value },
    ...{ registry: registry.value, requests: requests.value },
  });
}

/** Opening an account asks nobody: what was granted is taken back with the cloud alone. */
const NOBODY = "http://directory.invalid";

async function requestsOf(
  homes: Homes,
  person: Person,
  patient: Patient,
  registry: Registry,
): Promise<Result<PatientRequests | undefined, Failure>> {
  if (person.login === undefined) return ok(undefined);
  const resident = await homes.open(person);
  if (!resident.ok) return resident;
  const { store } = resident.value.home;
  const account = await Account.open({ directory: httpDirectory(NOBODY), store });
  if (!account.ok) return account;
  const [mailbox, ...older] = account.value.mailboxes();
  if (mailbox === undefined) return fail({ kind: "locked" });
  return ok(new PatientRequests({ patient, registry, mailbox, older, store }));
}

/** What she lets whom read: the grants of one request as one. */
export function accessesOf({
  patient,
  requests,
}: Pick<Owner, "patient" | "requests">): readonly GivenAccess[] {
  return requests?.given() ?? givenAccesses(patient.grants(), Date.now());
}

/** The name of an access: of the request that it answers, or of its grant. */
export function accessName({ request, grants }: GivenAccess): string {
  return toHex(request ?? (grants[0] as Uint8Array));
}

/**
 * An access by the beginning of its name, or of the name of one of its grants.
 *
 * Fails:   `unknown-name`, `ambiguous-name`.
 */
export function accessOf(owner: Owner, text: string): Result<GivenAccess, Failure> {
  const all = accessesOf(owner);
  const begins = (name: string): boolean => name.startsWith(text.toLowerCase());
  const found = all.filter(
    (access) => begins(accessName(access)) || access.grants.map(toHex).some(begins),
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return ok(first);
  const kind = first === undefined ? "unknown-name" : "ambiguous-name";
  return fail({ kind, name: text, what: "an access that was given", known: all.map(accessName) });
}
