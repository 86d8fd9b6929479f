import {
  Digest,
  IdentifierTag,
  type KemKey,
  type Mailbox,
  MailboxId,
  OpenerId,
  RequestHandle,
  SessionId,
  type StatementPayloads,
  type StatementType,
  UnlockId,
  VaultHandle,
} from "@salus/protocol";
import { encodeTerms, scopeHandle } from "../src/index.ts";
import {
  ABSENT,
  BATCH,
  cellOf,
  doctor,
  GRANT,
  NORTH,
  NOW,
  north,
  patient,
  scopeOf,
  termsFor,
} from "./people.ts";

const VAULT = VaultHandle.of(new Uint8Array(32));
const REQUEST = RequestHandle.of(new Uint8Array(16).fill(0xe0));
const MAILBOX: Mailbox = {
  id: MailboxId.of(new Uint8Array(16)),
  sign: patient.signer.key,
  suite: 1,
  kem: new Uint8Array(1216) as KemKey,
};
const place = { seq: 7, prev: Digest.of(new Uint8Array(32).fill(7)), time: NOW };
const wrap = { suite: 2, enc: new Uint8Array(32), ct: new Uint8Array(48) } as const;
const { cell, kem } = cellOf(NORTH, "laboratory", 1);
const scope = scopeHandle(scopeOf(NORTH, "laboratory", 1));
const closes = { cells: [cell], scopes: [scope] };

const unlock = {
  id: UnlockId.of(place.prev.subarray(0, 16)),
  kind: "password",
  ...kem.public,
} as const;

/** A statement of every type. */
export const samples: { readonly [T in StatementType]: StatementPayloads[T] } = {
  "chain/genesis": {
    ...place,
    device: patient.device,
    merge: "sources",
    policy: "balanced",
    policyVersion: 1,
    salt: new Uint8Array(16),
  },
  "chain/device": { ...place, op: "add", device: patient.device },
  "chain/roster": {
    ...place,
    op: "add",
    source: NORTH,
    key: north.signer.key,
    ...north.kem.public,
  },
  "chain/cell": { ...place, cell, source: NORTH, generation: 1, ...kem.public, replaces: [] },
  "chain/scope": { ...place, scope, node: NORTH, version: 1, replaces: [] },
  "chain/keys": { ...place, to: NORTH, wrap },
  "chain/grant": { ...place, grant: GRANT, terms: encodeTerms(termsFor()), wrap },
  "chain/revoke": { ...place, grant: GRANT, closes },
  "chain/generation": { ...place, closes },
  "account/genesis": {
    ...place,
    device: patient.device,
    root: patient.signer.key,
    salt: new Uint8Array(16),
  },
  "account/device": { ...place, op: "add", device: patient.device },
  "account/unlock": { ...place, op: "add", unlock },
  "account/root": {
    ...place,
    root: patient.signer.key,
    wraps: [{ to: OpenerId.of(patient.device.id), wrap }],
  },
  batch: {
    vault: VaultHandle.of(new Uint8Array(32)),
    source: NORTH,
    batch: BATCH,
    number: 1,
    prev: place.prev,
    head: { seq: 1, hash: place.prev },
    time: NOW,
    policyVersion: 1,
    scopes: [scope],
    wraps: place.prev,
    items: 1,
    root: place.prev,
  },
  certificate: {
    issuer: north.signer.key,
    subject: doctor.signer.key,
    role: "physician",
    node: "p1",
    parent: "north",
    name: "Dr. Example",
    identifiers: ["system|1"],
    ...doctor.kem.public,
    notBefore: NOW,
    expires: NOW + 1,
  },
  capability: {
    audience: "cloud",
    method: "GET",
    path: "/v1/vaults",
    body: place.prev,
    nonce: new Uint8Array(16),
    expires: NOW,
    grant: ABSENT,
  },
  "chain/approval": { ...place, request: REQUEST, digest: place.prev, grants: [GRANT] },
  "chain/trail": { ...place, ...kem.public },
  "chain/policy": { ...place, policyVersion: 2 },
  "certificate/status": { certificate: place.prev, status: "suspended", seq: 1, time: NOW },
  attestation: {
    certificate: place.prev,
    subject: doctor.signer.key,
    notBefore: NOW,
    expires: NOW + 604_800_000,
  },
  request: {
    request: REQUEST,
    to: MAILBOX.id,
    certificates: [new Uint8Array(9)],
    attestations: [new Uint8Array(9)],
    devices: [new Uint8Array(9)],
    purpose: "TREAT",
    sources: ["north"],
    categories: ["laboratory", "vitals"],
    period: [NOW, NOW + 1],
    expires: NOW,
    answerBy: NOW,
    identifier: "email|ana@example.org",
    note: "note",
    reply: MAILBOX,
    time: NOW,
  },
  answer: {
    request: REQUEST,
    decision: "approved",
    vault: VAULT,
    grants: [GRANT],
    note: "note",
    time: NOW,
  },
  association: { reference: new Uint8Array(16), vault: VAULT, time: NOW },
  joining: {
    invitation: place.prev,
    card: { sign: doctor.signer.key, ...doctor.kem.public },
    proof: place.prev,
    time: NOW,
  },
  writing: {
    organisation: doctor.signer.key,
    vault: VAULT,
    resource: "{}",
    time: NOW,
  },
  "look-up": {
    audience: "directory",
    session: SessionId.of(new Uint8Array(16)),
    tag: IdentifierTag.of(new Uint8Array(32)),
    reason: "TREAT",
    time: NOW,
  },
  mailbox: {
    audience: "directory",
    session: SessionId.of(new Uint8Array(16)),
    mailbox: MAILBOX,
    time: NOW,
  },
  checkpoint: { log: "cloud", size: 1, root: place.prev, time: NOW },
};

/** Every type that a statement can have. */
export const types: readonly StatementType[] = Object.keys(samples) as StatementType[];
