import { CATEGORIES, type Category } from "../policy/category.ts";

/** Bytes as lower-case hexadecimal: what has no meaning but its identity. */
export type Hex = string;

/** Milliseconds since 1970. */
export type Time = number;

/** From when until when, or at any time. */
export type Period = readonly [] | readonly [start: Time, end: Time];

/** Somebody in the requester's certificate path, or one of her other devices. */
export interface Party {
  readonly role: "organisation" | "department" | "physician" | "device";
  /** Provider id. */
  readonly node: string;
  readonly name: string;
  /** `system|value`: registration numbers and the like. */
  readonly identifiers: readonly string[];
  /** Ed25519 key. */
  readonly key: Hex;
  /** The signed certificate: what is stated beside it is read from it, and to be read only. */
  readonly certificate: Hex;
}

/** The requester's mailbox, with its keys: the answer is sealed to it. Its suite is 1. */
export interface ReplyMailbox {
  readonly id: Hex;
  readonly sign: Hex;
  readonly kem: Hex;
}

/** A request for access, as its statement says. Spec: requests §1. */
export interface AskedAccess {
  readonly request: Hex;
  /** SHA-256 of the signed statement. */
  readonly digest: Hex;
  /** The patient's mailbox. */
  readonly to: Hex;
  /** From the organisation down to the device that signed. */
  readonly path: readonly Party[];
  readonly devices: readonly Party[];
  readonly attestations: readonly Hex[];
  /** v3-PurposeOfUse. */
  readonly purpose: string;
  /** Nodes of organisations; none means all. */
  readonly sources: readonly string[];
  /** None means all. */
  readonly categories: readonly Category[];
  readonly period: Period;
  readonly expires: Time;
  readonly answerBy: Time;
  /** `kind|value` that she was looked up by; empty for a QR code. */
  readonly identifier: string;
  readonly note: string;
  readonly reply: ReplyMailbox;
  readonly time: Time;
}

/** One grant: of one source, or of the root's scopes, to one device. Spec: sharing §4. */
export interface GrantedAccess {
  readonly grant: Hex;
  /** The device's Ed25519 key. */
  readonly grantee: Hex;
  /** Absent for the scopes of the root. */
  readonly source?: { readonly handle: Hex; readonly node: string; readonly name: string };
  readonly categories: readonly Category[];
  readonly purpose: string;
  readonly notBefore: Time;
  readonly expires: Time;
  readonly period: Period;
  readonly state: "live" | "revoked";
}

/** What the patient answered. Spec: requests §2. */
export type ConsentDecision =
  | { readonly decision: "denied"; readonly note: string; readonly time: Time }
  | {
      readonly decision: "approved";
      readonly note: string;
      readonly time: Time;
      /** Handle of her vault. */
      readonly vault: Hex;
      /** SHA-256 of the signed `chain/approval`: her signature, by reference. */
      readonly link: Hex;
      readonly grants: readonly GrantedAccess[];
    };

/** A request, and what became of it. */
export interface ConsentRecord {
  readonly asked: AskedAccess;
  /** Absent while nobody has answered. */
  readonly decision?: ConsentDecision;
}

/**
 * Why something is not read as a consent.
 *
 * `not-mapped`: an element at the path holds what a consent of ours cannot: it is refused, rather
 * than dropped.
 */
export type ConsentFault =
  | { readonly kind: "not-a-consent" }
  | { readonly kind: "not-mapped"; readonly path: string };

const HANDLE = /^[0-9a-f]{32}$/;
const KEY = /^[0-9a-f]{64}$/;
const BYTES = /^(?:[0-9a-f]{2})+$/;
/** Years that ISO 8601 writes in four digits. */
const EARLIEST = Date.parse("0001-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/** Whether all handles, keys, times and categories are some. */
export function isConsent({ asked, decision }: ConsentRecord): boolean {
  const { path, devices, attestations, categories, period, expires, answerBy, time } = asked;
  const { reply } = asked;
  const handles = [asked.request, asked.to, reply.id].every((text) => HANDLE.test(text));
  const parties = [...path, ...devices].every(
    ({ key, certificate }) => KEY.test(key) && BYTES.test(certificate),
  );
  return (
    handles &&
    parties &&
    path.length > 0 &&
    KEY.test(asked.digest) &&
    KEY.test(reply.sign) &&
    BYTES.test(reply.kem) &&
    attestations.every((text) => BYTES.test(text)) &&
    areCategories(categories) &&
    [...period, expires, answerBy, time].every(isTime) &&
    (decision === undefined || isDecision(decision))
  );
}

function isDecision(decision: ConsentDecision): boolean {
  if (!isTime(decision.time)) return false;
  if (decision.decision === "denied") return true;
  const { vault, link, grants } = decision;
  return KEY.test(vault) && KEY.test(link) && grants.length > 0 && grants.every(isGrant);
}

function isGrant(one: GrantedAccess): boolean {
  const { grant, grantee, source, categories, notBefore, expires, period } = one;
  return (
    HANDLE.test(grant) &&
    KEY.test(grantee) &&
    (source === undefined || HANDLE.test(source.handle)) &&
    areCategories(categories) &&
    [...period, notBefore, expires].every(isTime)
  );
}

function areCategories(categories: readonly Category[]): boolean {
  return categories.every((category) => CATEGORIES.includes(category));
}

function isTime(time: Time): boolean {
  return Number.isSafeInteger(time) && time >= EARLIEST && time <= LATEST;
}
