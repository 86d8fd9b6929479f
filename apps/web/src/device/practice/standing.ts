import { fail, ok, type Result } from "@salus/base";
import {
  answerJoin,
  certifyDevice,
  decodeCard,
  encodeCard,
  type Provider,
  publishCertificates,
  type Registry,
  sendParcel,
  shownText,
} from "@salus/client";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";

/** What this device's key is in the registry: without a certificate it may ask for nothing. */
export type Standing =
  | {
      readonly state: "good" | "suspended";
      readonly name: string;
      readonly organisation: string;
      readonly department: string | undefined;
      /** Until when the certificate lasts. */
      readonly until: number;
    }
  /** Nobody has certified it: an invitation does, or a device of hers that is. */
  | { readonly state: "none"; readonly card: string };

/** The practitioner's names are others' words. */
const NAME_MAX = 128;

/** Who a practitioner's device is, by certificates that lead to the site's authorities. */
function standingOf(open: Open, registry: Registry): Standing {
  const { card } = open.identity;
  const own = registry.byKey(card.sign);
  if (own === undefined) return { state: "none", card: encodeCard(card) };
  const above = own.path.slice(0, -1).map((node) => nameOf(registry, node));
  const [organisation = "", ...departments] = above;
  return {
    state: own.standing,
    name: shownText(own.name, NAME_MAX),
    organisation,
    department: departments.at(-1),
    until: own.expires,
  };
}

/** What a node of the provider tree is called; the node itself where nobody says. */
export function nameOf(registry: Registry, node: string): string {
  return shownText(registry.byNode(node)?.name ?? node, NAME_MAX);
}

/** The newest word on this device. Fails: any `CloudError`. */
export function standing(): Promise<Result<Standing, Problem>> {
  return withOpen(async (open) => {
    open.forgetRegistry();
    const registry = await open.registry();
    return registry.ok ? ok(standingOf(open, registry.value)) : registry;
  });
}

/**
 * Answer a hospital's invitation with this device's key. She is certified once the hospital has taken it.
 *
 * Fails:   `bad-invitation`, `invitation-expired`, any `CloudError`.
 */
export function join(invitation: string): Promise<Result<void, Problem>> {
  return withOpen(async (open): Promise<Result<void, Failure>> => {
    const session = open.session();
    if (!session.ok) return session;
    const letter = answerJoin(invitation.trim(), open.identity);
    if (!letter.ok) return letter;
    const { to, kind, statement } = letter.value;
    return sendParcel(session.value, to, kind, statement);
  });
}

/**
 * Certify another device of hers, by the card that it shows.
 *
 * Fails:   `bad-card`; `not-certified`: this device is itself a further one, or none.
 */
export function certify(card: string): Promise<Result<void, Problem>> {
  return withOpen(async (open): Promise<Result<void, Failure>> => {
    const registry = await open.registry();
    if (!registry.ok) return registry;
    const own = firstDevice(open, registry.value);
    if (own === undefined) return fail({ kind: "not-certified" });
    const other = decodeCard(card);
    if (!other.ok) return fail({ kind: "bad-card" });
    const certificate = certifyDevice(open.identity, own, other.value);
    const published = await publishCertificates(open.cloud, open.identity, [certificate]);
    if (published.ok) open.forgetRegistry();
    return published.ok ? ok(undefined) : published;
  });
}

/** An organisation that may be asked for. */
export interface OrganisationView {
  readonly node: string;
  readonly name: string;
}

/** Every organisation that an authority of the site certifies. Fails: any `CloudError`. */
export function organisations(): Promise<Result<readonly OrganisationView[], Problem>> {
  return withOpen(async (open) => {
    const registry = await open.registry();
    if (!registry.ok) return registry;
    const all = registry.value.providers().filter(({ role }) => role === "organisation");
    return ok(all.map(({ node }) => ({ node, name: nameOf(registry.value, node) })));
  });
}

/** Only the key that the hospital itself has certified may certify further ones. */
function firstDevice(open: Open, registry: Registry): Provider | undefined {
  const own = registry.byKey(open.identity.card.sign);
  return own?.role === "physician" && own.standing === "good" ? own : undefined;
}
