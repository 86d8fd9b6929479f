import { fail, fromHex, ok, type Result, toHex } from "@salus/base";
import {
  associate,
  type ReadAssociation,
  type Registry,
  readAssociation,
  sendParcel,
  shownText,
  type Written,
  writtenBy,
} from "@salus/client";
import type { Category } from "@salus/health";
import { SourceHandle } from "@salus/protocol";
import { deciderOf, newestDecider, newestMailbox } from "../deciding/decider.ts";
import { NAME_MAX, type SourceName, sourceName } from "../deciding/names.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem, WebError } from "../problem.ts";

/** Somebody who writes into her record. */
export interface SourceView {
  readonly source: string;
  readonly name: SourceName;
  readonly state: "live" | "ended";
  readonly categories: readonly Category[];
  /** Departments of it that the registry knows: what they write comes through it. */
  readonly departments: readonly string[];
  readonly suspended: boolean;
}

/** Who invites her, before she agrees. */
export interface InvitationView {
  /** By which she agrees to this one, and to no other. */
  readonly id: string;
  readonly name: string;
  readonly node: string;
  /** `system|number`, as the certificate has them. */
  readonly registrations: readonly string[];
  readonly expires: number;
  /** Whether it is one of her sources already. */
  readonly known: boolean;
}

interface Shown {
  readonly id: string;
  readonly read: ReadAssociation;
}

/** The invitation that was shown last: the page names it, and cannot bring another. */
const shown = new WeakMap<Open, Shown>();

/** The hospitals that write. */
export const sources = {
  list: (): Promise<Result<readonly SourceView[], Problem>> =>
    withOpen(async (open) => {
      const decider = await newestDecider(open);
      if (!decider.ok) return decider;
      const { patient, registry } = decider.value;
      const all = patient.sources().map(({ source, key, status, categories }): SourceView => {
        const provider = registry.byKey(key);
        const below = registry
          .providers()
          .filter(({ role, parent }) => role === "department" && parent === provider?.node);
        return {
          source: toHex(source),
          name: sourceName(patient, registry, source),
          state: status,
          categories,
          departments: below.map(({ name }) => shownText(name, NAME_MAX)),
          suspended: provider?.standing === "suspended",
        };
      });
      return ok(all.toSorted((a, b) => rank(a) - rank(b)));
    }),

  /** How much one has written, and since when. Nothing is opened for it. */
  written: (source: string): Promise<Result<Written, Problem>> =>
    withOpen(async (open) => {
      const patient = await open.patient();
      if (!patient.ok) return patient;
      const handle = handleOf(source);
      return handle.ok ? writtenBy(patient.value, open.cloud, handle.value) : handle;
    }),

  /**
   * Read an invitation, and say who it is from.
   *
   * Fails:   `bad-invitation`, `invitation-expired`, `certificate-path`, `certificate-suspended`.
   */
  read: (text: string): Promise<Result<InvitationView, Problem>> =>
    withOpen(async (open) => {
      const decider = await newestDecider(open);
      if (!decider.ok) return decider;
      const { patient, registry } = decider.value;
      const read = await readInvitation(text, registry);
      if (!read.ok) return read;
      const { invitation, organisation } = read.value;
      const id = crypto.randomUUID();
      shown.set(open, { id, read: read.value });
      const key = toHex(organisation.card.sign);
      return ok({
        id,
        name: shownText(organisation.name, NAME_MAX),
        node: shownText(organisation.node, NAME_MAX),
        registrations: organisation.identifiers.map((one) => shownText(one, NAME_MAX)),
        expires: invitation.expires,
        known: patient.sources().some((one) => one.status === "live" && toHex(one.key) === key),
      });
    }),

  /** Let in whoever was shown. Repeating it does no harm. Fails: `not-begun`; as `associate`. */
  agree: (id: string, categories?: readonly Category[]): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const invitation = shown.get(open);
      if (invitation?.id !== id) return fail({ kind: "not-begun" });
      const decider = await deciderOf(open);
      if (!decider.ok) return decider;
      const { patient, session } = decider.value;
      const mailbox = newestMailbox(decider.value);
      // The vault of an account without a recovery phrase does not open.
      const options = { patient, mailbox, phraseConfirmed: true };
      const done = await associate(invitation.read, {
        ...options,
        ...(categories && { categories }),
      });
      if (!done.ok) return done;
      const { to, kind, statement } = done.value.letter;
      const sent = await sendParcel(session, to, kind, statement);
      if (!sent.ok) return sent;
      shown.delete(open);
      return ok(undefined);
    }),

  /** Let one write no more. Fails: as `Patient.end`. */
  end: (source: string): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const decider = await newestDecider(open);
      if (!decider.ok) return decider;
      const handle = handleOf(source);
      return handle.ok ? decider.value.patient.end(handle.value) : handle;
    }),
};

/** An organisation may have been certified a moment ago. */
async function readInvitation(
  text: string,
  registry: Registry,
): Promise<Result<ReadAssociation, Failure>> {
  const read = readAssociation(text, registry);
  if (read.ok || read.error.kind !== "certificate-path") return read;
  const refreshed = await registry.refresh();
  return refreshed.ok ? readAssociation(text, registry) : refreshed;
}

function rank({ name, state }: SourceView): number {
  return (state === "live" ? 0 : 2) + (name.kind === "own" ? 1 : 0);
}

function handleOf(hex: string): Result<SourceHandle, WebError> {
  const bytes = fromHex(hex);
  const handle = bytes.ok ? SourceHandle.parse(bytes.value) : bytes;
  return handle.ok ? handle : fail({ kind: "bad-input", what: "source" });
}
