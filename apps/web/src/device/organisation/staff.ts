import { fail, isYoung, ok, type Result, toHex } from "@salus/base";
import {
  collectAssociations,
  collectJoinings,
  JoinDesk,
  type KeptOrganisation,
  noteDeed,
  shownText,
  signatureOf,
  tellStanding,
} from "@salus/client";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { freeNode } from "./founding.ts";
import { certifiedOrganisation, newestRegistry, organisationOf, organisations } from "./kept.ts";
import { deskOf } from "./patients.ts";

/** Whom an organisation or department here has invited, and who has not answered yet. */
export interface InvitedView {
  /** Of the invitation: what it is withdrawn by. */
  readonly id: string;
  /** Of whoever invites. */
  readonly by: string;
  readonly role: "physician" | "department" | "patient";
  readonly name: string;
  /** The provider id that she gets, or what the hospital's records call a patient. */
  readonly node: string;
  readonly expires: number;
  readonly text: string;
}

/** What came in answer to invitations. */
export type CollectedView =
  | { readonly kind: "joined" | "associated"; readonly name: string }
  | { readonly kind: "refused"; readonly name: string; readonly why: string };

export interface JoinWish {
  /** Node of the organisation or department that invites. */
  readonly by: string;
  readonly role: "physician" | "department";
  readonly node: string;
  readonly name: string;
}

const NAME_MAX = 128;
/** What is final asks for a step-up of the last five minutes. */
const STEP_UP_MS = 300_000;

/**
 * Invite somebody to be certified.
 *
 * Gives:   the text, for her alone.
 * Fails:   `node-taken`, `bad-input`, `not-certified`, any `CloudError`.
 */
export function invite({ by, role, node, name }: JoinWish): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const issuer = await certifiedOrganisation(open, by);
    if (!issuer.ok) return issuer;
    if (!/^[A-Za-z0-9.-]{1,64}$/.test(node)) return fail({ kind: "bad-node" });
    if (name.trim() === "" || name.length > NAME_MAX) return fail({ kind: "bad-name" });
    const free = await freeNode(open, node);
    if (!free.ok) return free;
    const { identity, store } = issuer.value.kept;
    const { cloud, directory } = open.site;
    const desk = new JoinDesk(identity, store);
    const order = { node, parent: by, role, name: name.trim(), cloud, directory };
    const text = await desk.invite(order);
    await noteDeed(store, { did: "invited", who: name.trim(), node });
    return ok(text);
  });
}

/** All invitations that wait for an answer, the one that ends first at the top. */
export function invited(): Promise<Result<readonly InvitedView[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly InvitedView[], Failure>> => {
    const all = await organisations(open);
    if (!all.ok) return all;
    const found: InvitedView[] = [];
    for (const { about, identity, store } of all.value) {
      const by = about.node;
      const joining = await new JoinDesk(identity, store).open();
      if (!joining.ok) return joining;
      for (const { digest, text, invitation } of joining.value) {
        const { name, node, expires } = invitation;
        const role = invitation.role === "department" ? "department" : "physician";
        found.push({ id: toHex(digest), by, role, name, node, expires, text });
      }
      const associating = await deskOf(store).open();
      if (!associating.ok) return associating;
      for (const { label: name, localId: node, text, invitation } of associating.value) {
        const { reference, expires } = invitation;
        found.push({ id: toHex(reference), by, role: "patient", name, node, expires, text });
      }
    }
    return ok(found.toSorted((a, b) => a.expires - b.expires));
  });
}

/** Let an invitation be over, whoever has it. Fails: `not-found`. */
export function withdraw(by: string, id: string): Promise<Result<void, Problem>> {
  return withOpen(async (open): Promise<Result<void, Failure>> => {
    const kept = await organisationOf(open, by);
    if (!kept.ok) return kept;
    const { identity, store } = kept.value;
    const desk = new JoinDesk(identity, store);
    const joining = await desk.open();
    if (!joining.ok) return joining;
    const given = joining.value.find(({ digest }) => toHex(digest) === id);
    if (given !== undefined) {
      await desk.spend(given.digest);
      await noteDeed(store, { did: "withdrawn", who: given.invitation.name });
      return ok(undefined);
    }
    const patients = deskOf(store);
    const associating = await patients.open();
    if (!associating.ok) return associating;
    const asked = associating.value.find(({ invitation }) => toHex(invitation.reference) === id);
    if (asked === undefined) return fail({ kind: "not-found" });
    await patients.withdraw(asked);
    await noteDeed(store, { did: "withdrawn", who: asked.label });
    return ok(undefined);
  });
}

/**
 * Collect what came in answer to all invitations: who joins is certified, and whose vault is whose is
 * learnt.
 *
 * Fails:   any `CloudError`, `store-damaged`. What was done before stays done.
 */
export function collect(): Promise<Result<readonly CollectedView[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly CollectedView[], Failure>> => {
    const all = await organisations(open);
    if (!all.ok) return all;
    const found: CollectedView[] = [];
    for (const kept of all.value) {
      const here = await collectAt(open, kept);
      if (!here.ok) return here;
      found.push(...here.value);
    }
    return ok(found);
  });
}

async function collectAt(
  open: Open,
  { identity, store }: KeptOrganisation,
): Promise<Result<readonly CollectedView[], Failure>> {
  const { cloud, directory } = open;
  const found: CollectedView[] = [];
  const joined = await collectJoinings(
    { cloud, directory },
    identity,
    new JoinDesk(identity, store),
  );
  if (!joined.ok) return joined;
  for (const one of joined.value) {
    if (one.kind === "refused") {
      found.push({ ...one, name: shownText(one.name, NAME_MAX) });
      continue;
    }
    const { name: who, node } = one.who;
    await noteDeed(store, { did: "certified", who, node, signature: signatureOf(one.certificate) });
    found.push({ kind: "joined", name: who });
  }
  const associated = await collectAssociations(directory, deskOf(store));
  if (!associated.ok) return associated;
  for (const one of associated.value) {
    if (one.kind === "refused") {
      found.push(one);
      continue;
    }
    const { label: who, reference } = one.patient;
    await noteDeed(store, { did: "associated", who, node: reference });
    found.push({ kind: "associated", name: who });
  }
  return ok(found);
}

/**
 * Suspend, reinstate or release somebody, in the name of the nearest above her whose keys are here, and
 * tell cloud and directory.
 *
 * Fails:   `step-up`; `not-found`: nobody here stands above her; any `CloudError`.
 */
export function setStanding(
  node: string,
  status: "suspended" | "reinstated" | "left",
): Promise<Result<void, Problem>> {
  return withOpen(async (open): Promise<Result<void, Failure>> => {
    if (!isYoung(open.stepUp.at, STEP_UP_MS)) return fail({ kind: "step-up" });
    const all = await organisations(open);
    if (!all.ok) return all;
    const registry = await newestRegistry(open);
    if (!registry.ok) return registry;
    const provider = registry.value.byNode(node);
    const above = provider?.path.slice(0, -1).reverse() ?? [];
    const issuer = above
      .map((one) => all.value.find(({ about }) => about.node === one))
      .find((one) => one !== undefined);
    if (provider === undefined || issuer === undefined) return fail({ kind: "not-found" });
    const { cloud, directory } = open;
    const where = { cloud, directory, registry: registry.value };
    const told = await tellStanding(where, issuer.identity, provider, status);
    if (!told.ok) return told;
    const who = shownText(provider.name, NAME_MAX);
    await noteDeed(issuer.store, { did: status, who, node, signature: signatureOf(told.value) });
    return ok(undefined);
  });
}
