import { fail, ok, type Result } from "@salus/base";
import {
  certify,
  encodeCard,
  type KeptOrganisation,
  noteDeed,
  publishCertificates,
  signatureOf,
} from "@salus/client";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { addOrganisation, certifiedOrganisation, newestRegistry, organisationOf } from "./kept.ts";

/** What an organisation that is to be is called. */
export interface Founding {
  readonly node: string;
  readonly name: string;
  /** `system|value`, such as a registration number. */
  readonly identifiers: readonly string[];
}

/**
 * Draw keys for an organisation.
 *
 * Gives:   the application, which an authority is to certify.
 * Fails:   `node-taken`, also by somebody in the registry; as `keepOrganisation`, any `CloudError`.
 */
export function found(founding: Founding): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const free = await freeNode(open, founding.node);
    if (!free.ok) return free;
    const made = await addOrganisation(open, {
      ...founding,
      ...{ role: "organisation", parent: "" },
    });
    if (!made.ok) return made;
    const { node, name: who } = founding;
    await noteDeed(made.value.store, { did: "founded", who, node });
    return ok(applicationOf(made.value));
  });
}

/** The application of one that nobody has certified yet. Fails: `not-found`. */
export function application(node: string): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const kept = await organisationOf(open, node);
    return kept.ok ? ok(applicationOf(kept.value)) : kept;
  });
}

/**
 * Draw keys for a department, and certify it at once by what it is below.
 *
 * Fails:   `not-certified`: what it is below is not; as `found`.
 */
export function foundBelow(parent: string, founding: Founding): Promise<Result<void, Problem>> {
  return withOpen(async (open): Promise<Result<void, Failure>> => {
    const above = await certifiedOrganisation(open, parent);
    if (!above.ok) return above;
    const free = await freeNode(open, founding.node);
    if (!free.ok) return free;
    const about = { ...founding, role: "department", parent } as const;
    const made = await addOrganisation(open, about);
    if (!made.ok) return made;
    return certifyBelow(open, above.value.kept, made.value);
  });
}

/** Certify a department that is here and has no certificate: its publication failed. */
export function certifyAgain(node: string): Promise<Result<void, Problem>> {
  return withOpen(async (open): Promise<Result<void, Failure>> => {
    const kept = await organisationOf(open, node);
    if (!kept.ok) return kept;
    const above = await certifiedOrganisation(open, kept.value.about.parent);
    return above.ok ? certifyBelow(open, above.value.kept, kept.value) : above;
  });
}

async function certifyBelow(
  open: Open,
  above: KeptOrganisation,
  { about, identity }: KeptOrganisation,
): Promise<Result<void, Failure>> {
  const certificate = certify(above.identity, { ...about, card: identity.card });
  const published = await publishCertificates(open.cloud, above.identity, [certificate]);
  if (!published.ok) return published;
  const { name: who, node } = about;
  const signature = signatureOf(certificate);
  await noteDeed(above.store, { did: "certified", who, node, signature });
  return ok(undefined);
}

/** Provider ids name somebody for everybody: a second one of an id would be taken for the first. */
export async function freeNode(open: Open, node: string): Promise<Result<void, Failure>> {
  const registry = await newestRegistry(open);
  if (!registry.ok) return registry;
  if (registry.value.byNode(node) !== undefined) return fail({ kind: "node-taken" });
  return ok(undefined);
}

/** As `salus org certify` reads it. */
function applicationOf({ about, identity }: KeptOrganisation): string {
  const { node, name, identifiers } = about;
  return JSON.stringify({ node, name, identifiers, card: encodeCard(identity.card) });
}
