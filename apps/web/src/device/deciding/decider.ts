import { fail, isYoung, ok, type Result, toHex } from "@salus/base";
import {
  type DirectorySession,
  type Patient,
  PatientRequests,
  type Pending,
  type Proposal,
  type Registry,
} from "@salus/client";
import type { Open } from "../open.ts";
import type { Failure } from "../problem.ts";

/** Her mailboxes, the newest first. */
type Mailboxes = ReturnType<Open["account"]["mailboxes"]>;

/** A patient who is about to decide who reads. */
export interface Decider {
  readonly open: Open;
  readonly patient: Patient;
  readonly registry: Registry;
  readonly requests: PatientRequests;
  readonly session: DirectorySession;
  readonly mailboxes: Mailboxes;
  readonly held: HeldDecisions;
}

/** What was shown and may be decided: the page names it, and cannot bring another. */
export interface HeldDecisions {
  /** By the hexadecimal of the request. */
  readonly pending: Map<string, Pending>;
  /** The last that was shown of each request, by the same. */
  readonly proposals: Map<string, { readonly id: string; readonly proposal: Proposal }>;
}

/** They end with whoever is signed in. */
const held = new WeakMap<Open, HeldDecisions>();

/** How old what is known of certificates may be when somebody's request is judged. */
const REGISTRY_AGE_MS = 60_000;
const refreshed = new WeakMap<Registry, Refreshed>();

/** When a registry was fetched, and who in her chain, in hexadecimal, was not in it. */
interface Refreshed {
  readonly at: number;
  readonly unknown: ReadonlySet<string>;
}

/**
 * A patient, signed in, as far as her device knows everything.
 *
 * Fails:   `no-vault`, `locked`, `signed-out`; as `openVault`; any `CloudError`.
 */
export async function deciderOf(open: Open): Promise<Result<Decider, Failure>> {
  const patient = await open.patient();
  if (!patient.ok) return patient;
  const registry = await open.registry();
  if (!registry.ok) return registry;
  const session = open.session();
  if (!session.ok) return session;
  const mailboxes = open.account.mailboxes();
  const [mailbox, ...older] = mailboxes;
  if (mailbox === undefined) return fail({ kind: "locked" });
  const shared = { patient: patient.value, registry: registry.value };
  const requests = new PatientRequests({ ...shared, mailbox, older, store: open.store });
  const known = held.get(open) ?? { pending: new Map(), proposals: new Map() };
  held.set(open, known);
  return ok({ open, ...shared, requests, session: session.value, mailboxes, held: known });
}

/**
 * The same, with what the services have gained: her chain, and who has been suspended; what those had
 * been given ends here.
 *
 * Fails:   as `deciderOf`, `Patient.sync` and `PatientRequests.revokeSuspended`.
 */
export async function newestDecider(open: Open): Promise<Result<Decider, Failure>> {
  const decider = await deciderOf(open);
  if (!decider.ok) return decider;
  const { patient, registry, requests } = decider.value;
  const synced = await patient.sync();
  if (!synced.ok) return synced;
  const fresh = await refreshRegistry(registry, patient);
  if (!fresh.ok) return fresh;
  const ended = await requests.revokeSuspended();
  return ended.ok ? decider : ended;
}

/**
 * Fetch what is published when that is due, and at once when there is somebody in her chain who was not
 * there before and is not known: she may have been certified a moment ago, and must not be shown as one
 * whom nobody names.
 */
async function refreshRegistry(
  registry: Registry,
  patient: Patient,
): Promise<Result<void, Failure>> {
  const last = refreshed.get(registry);
  const isDue = last === undefined || !isYoung(last.at, REGISTRY_AGE_MS);
  const isNew = unknownTo(registry, patient).some((key) => last?.unknown.has(key) !== true);
  if (!isDue && !isNew) return ok(undefined);
  const at = Date.now();
  const fresh = await registry.refresh();
  if (!fresh.ok) return fresh;
  refreshed.set(registry, { at, unknown: new Set(unknownTo(registry, patient)) });
  return ok(undefined);
}

/** Keys of those who read and write by a patient's chain, and whom no certificate names. */
function unknownTo(registry: Registry, { chain }: Patient): readonly string[] {
  const readers = [...chain.grants.values()].map(({ terms }) => terms.grantee);
  const writers = [...chain.sources.values()].map(({ key }) => key);
  return [...readers, ...writers]
    .filter((key) => registry.byKey(key) === undefined)
    .map((key) => toHex(key));
}

/** The mailbox that she names now. */
export function newestMailbox({ mailboxes }: Decider): Mailboxes[number] {
  const [newest] = mailboxes;
  if (newest === undefined) throw new Error("bug: a decider is unlocked");
  return newest;
}
