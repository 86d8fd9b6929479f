import { fail, fromHex, ok, type Result, toHex } from "@salus/base";
import {
  listIdentifiers,
  type OwnIdentifier,
  provePhone,
  readIdentifier,
  registerIdentifier,
  removeIdentifier,
} from "@salus/client";
import { type Identifier, type IdentifierKind, IdentifierTag, type ProofId } from "@salus/protocol";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";

/** Something that she is found by. */
export interface IdentifierView {
  readonly tag: string;
  readonly kind: IdentifierKind;
  /** Nothing when another device of hers added it: the directory does not know it. */
  readonly value: string | undefined;
  readonly proven: boolean;
  readonly since: number;
}

/** What she is found by, and whether she is found by it at all. */
export interface FoundByView {
  readonly discoverable: boolean;
  readonly identifiers: readonly IdentifierView[];
}

/** An identifier as it is typed. */
export interface TypedIdentifier {
  readonly kind: IdentifierKind;
  /** Of a health number and a record number: who has given it. */
  readonly system: string;
  readonly text: string;
}

interface Proving {
  readonly phone: Identifier;
  readonly proof: ProofId;
}

const proving = new WeakMap<Open, Proving>();

/** What practitioners find her by. */
export const identifiers = {
  list: (): Promise<Result<FoundByView, Problem>> =>
    withOpen(async (open) => {
      const session = open.session();
      if (!session.ok) return session;
      const { directory, caller } = session.value;
      const info = await directory.account(caller);
      if (!info.ok) return info;
      const listed = await listIdentifiers(session.value);
      if (!listed.ok) return listed;
      const { discoverable } = info.value;
      return ok({ discoverable, identifiers: listed.value.map(identifierView) });
    }),

  /** Be found by one. The directory does not learn it. Fails: any `IdentifierError`, `DiscoveryError`. */
  add: (typed: TypedIdentifier): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const identifier = identifierOf(typed);
      if (!identifier.ok) return identifier;
      const session = open.session();
      if (!session.ok) return session;
      const added = await registerIdentifier(session.value, identifier.value);
      return added.ok ? ok(undefined) : added;
    }),

  /** Have a code sent to a number, to show that it is hers. Fails: `bad-phone`; as `provePhone`. */
  sendCode: (typed: TypedIdentifier): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const phone = identifierOf(typed);
      if (!phone.ok) return phone;
      const session = open.session();
      if (!session.ok) return session;
      const proof = await provePhone(session.value, phone.value);
      if (!proof.ok) return proof;
      proving.set(open, { phone: phone.value, proof: proof.value });
      return ok(undefined);
    }),

  /** Show the code that came. Fails: `not-begun`; `refused/code-refused`; as `registerIdentifier`. */
  prove: (code: string): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const begun = proving.get(open);
      if (begun === undefined) return fail({ kind: "not-begun" });
      const session = open.session();
      if (!session.ok) return session;
      const { phone, proof } = begun;
      const added = await registerIdentifier(session.value, phone, [proof, code.trim()]);
      if (!added.ok) return added;
      proving.delete(open);
      return ok(undefined);
    }),

  /** Be found by one no longer. */
  remove: (tag: string): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const bytes = fromHex(tag);
      const read = bytes.ok ? IdentifierTag.parse(bytes.value) : bytes;
      if (!read.ok) return fail({ kind: "bad-input", what: "identifier" });
      const session = open.session();
      return session.ok ? removeIdentifier(session.value, read.value) : session;
    }),

  /** Be found by all of them, or by her own code alone. Fails: `step-up`. */
  setDiscoverable: (discoverable: boolean): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const session = open.session();
      if (!session.ok) return session;
      const { directory, caller } = session.value;
      const info = await directory.account(caller);
      if (!info.ok) return info;
      const { roles } = info.value;
      const changed = await directory.changeAccount(caller, { discoverable, roles });
      return changed.ok ? ok(undefined) : changed;
    }),
};

function identifierOf({ kind, system, text }: TypedIdentifier): Result<Identifier, Failure> {
  const whole = kind === "phone" || kind === "email" ? text : `${system}|${text}`;
  return readIdentifier(kind, whole);
}

function identifierView({ tag, kind, value, proven, registered }: OwnIdentifier): IdentifierView {
  return { tag: toHex(tag), kind, value, proven, since: registered };
}
