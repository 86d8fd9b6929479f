import { randomBytes } from "node:crypto";
import type { Bytes, Result } from "@salus/base";
import {
  type Asker,
  claimMailbox,
  type DirectorySession,
  findPatient,
  httpDirectory,
  Identity,
  memoryKeyStore,
  phoneIdentifier,
  registerIdentifier,
} from "@salus/client";
import { drawKey, MailboxKeys, signCertificate } from "@salus/crypto";
import { digest, type TrustPolicy } from "@salus/evaluate";
import {
  type AccountRole,
  GrantHandle,
  type Identifier,
  type IdentifierTag,
  type Mailbox,
  type Role,
  SessionId,
  type Suite,
} from "@salus/protocol";
import { must } from "@salus/testkit";
import { newSigner, Asker as Raw } from "@salus/testkit/asker";
import { startTestDirectory, type TestDirectory } from "./harness.ts";

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

export function newIdentity(suite: Suite = 2): Identity {
  return Identity.ofRoot(drawKey("account-root"), suite);
}

/** Who certifies and attests here. */
export const authority: Identity = newIdentity();
export const trust: TrustPolicy = {
  registries: [authority.signer.key],
  authorities: [authority.signer.key],
  threshold: 1,
};

/** A directory that believes `authority`, and what it sent to numbers. */
export interface Discovery extends TestDirectory {
  readonly codes: { readonly number: string; readonly code: string }[];
}

export async function startDiscovery(): Promise<Discovery> {
  const codes: { readonly number: string; readonly code: string }[] = [];
  const directory = await startTestDirectory(undefined, {
    trust,
    sendCode: async ({ number, code }) => {
      codes.push({ number, code });
      return { ok: true, value: undefined };
    },
  });
  return { ...directory, codes };
}

/** Somebody with an account and a session. How both come about is tested with accounts. */
export interface Member extends DirectorySession {
  readonly account: Bytes;
  readonly mailbox: MailboxKeys;
  /** The same session, to see answers as they come. */
  readonly raw: Raw;
}

export async function member(world: TestDirectory, role: AccountRole): Promise<Member> {
  const handle = Uint8Array.from(randomBytes(32));
  const account = handle.slice(0, 16);
  const zeros = Buffer.alloc(32);
  await world.database.client.query(
    `insert into account (account, handle, head_seq, head_hash, head_root, recovery, roles,
      discoverable, created) values ($1, $2, 0, $3, $3, $3, $4, true, 0)`,
    [Buffer.from(account).toString("hex"), Buffer.from(handle), zeros, role],
  );
  const mailbox = new MailboxKeys(drawKey("account-root"));
  const session = await openSession(world, account, role);
  const person: Member = { ...session, account, mailbox };
  must(await claimMailbox(person, mailbox));
  return person;
}

/** Another session of an account, as of now, on a device of its own. */
export async function openSession(
  world: TestDirectory,
  account: Bytes,
  role: AccountRole,
): Promise<DirectorySession & { readonly raw: Raw }> {
  const id = SessionId.of(Uint8Array.from(randomBytes(16)));
  const signer = newSigner();
  const now = world.now();
  const text = (bytes: Bytes): string => Buffer.from(bytes).toString("hex");
  await world.database.client.query(
    `insert into session (session, account, key, role, opened, seen, expires, stepped_up, limited)
     values ($1, $2, $3, $4, $5, $5, $6, $5, false)`,
    [text(id), text(account), Buffer.from(signer.key), role, now, now + HOUR_MS],
  );
  await world.database.client.query("insert into account_device (account, sign) values ($1, $2)", [
    text(account),
    Buffer.from(signer.key),
  ]);
  return {
    directory: httpDirectory(world.url, { patience: { totalMs: 0 } }),
    caller: { signer, session: id },
    store: memoryKeyStore(),
    raw: new Raw(world, signer, GrantHandle.of(id)),
  };
}

/** What is to be said of somebody in a certificate. */
export interface Described {
  readonly role: Role;
  readonly node: string;
  readonly parent: string;
  readonly name?: string;
  readonly expires?: number;
}

export function certified(issuer: Identity, subject: Identity, described: Described): Bytes {
  return signCertificate(issuer.signer, {
    subject: subject.signer.key,
    ...subject.kem.public,
    name: described.node,
    identifiers: [],
    notBefore: Date.now() - HOUR_MS,
    expires: Date.now() + YEAR_MS,
    ...described,
  });
}

export function attested(certificate: Bytes, subject: Identity, by: Identity = authority): Bytes {
  const notBefore = Date.now() - HOUR_MS;
  return by.signer.sign("attestation", {
    certificate: digest(certificate),
    subject: subject.signer.key,
    notBefore,
    expires: notBefore + 100 * HOUR_MS,
  });
}

export const hospital: Identity = newIdentity();
export const hospitalCertificate: Bytes = certified(authority, hospital, {
  role: "organisation",
  node: "north",
  parent: "",
});

/** A physician of the hospital, with a device of her own. */
export interface Physician {
  readonly identity: Identity;
  readonly device: Identity;
  readonly asker: Asker;
}

export function physician(name: string, suite: Suite = 2): Physician {
  const [identity, device] = [newIdentity(suite), newIdentity(suite)];
  const own = certified(hospital, identity, { role: "physician", node: name, parent: "north" });
  const further = certified(identity, device, { role: "device", node: name, parent: name });
  const asker = {
    signer: device.signer,
    certificates: [hospitalCertificate, own, further],
    attestations: [attested(own, identity)],
  };
  return { identity, device, asker };
}

export function phone(number: string): Identifier {
  return must(phoneIdentifier(number));
}

/** A number of the range that Switzerland keeps for nobody. */
export function someNumber(at: number): string {
  return `+41446681${String(at).padStart(3, "0")}`;
}

export async function registered(person: Member, identifier: Identifier): Promise<IdentifierTag> {
  return must(await registerIdentifier(person, identifier));
}

export async function found(
  doctor: Member,
  asker: Asker,
  identifier: Identifier,
): Promise<Mailbox> {
  return must(await findPatient(doctor, asker, identifier, "TREAT"));
}

/** `ok`, or why the directory refused, or the kind of another failure. */
export function outcome(
  result: Result<unknown, { readonly kind: string; readonly problem?: string }>,
): string {
  return result.ok ? "ok" : (result.error.problem ?? result.error.kind);
}
