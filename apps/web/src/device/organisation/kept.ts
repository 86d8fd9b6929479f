import { fail, ok, type Result } from "@salus/base";
import {
  type KeptOrganisation,
  keepOrganisation,
  keptOrganisations,
  type OrganisationAbout,
  type Provider,
  type Registry,
} from "@salus/client";
import type { Open } from "../open.ts";
import type { Failure } from "../problem.ts";

/** The organisations of a home, opened once: to open one costs two key pairs. */
const opened = new WeakMap<Open, readonly KeptOrganisation[]>();

/** The organisations and departments whose keys are in her home. Fails: `store-damaged`. */
export async function organisations(
  open: Open,
): Promise<Result<readonly KeptOrganisation[], Failure>> {
  const known = opened.get(open);
  if (known !== undefined) return ok(known);
  const read = await keptOrganisations(open.store);
  if (read.ok) opened.set(open, read.value);
  return read;
}

/** One of them. Fails: `not-found`, `store-damaged`. */
export async function organisationOf(
  open: Open,
  node: string,
): Promise<Result<KeptOrganisation, Failure>> {
  const all = await organisations(open);
  if (!all.ok) return all;
  const found = all.value.find(({ about }) => about.node === node);
  return found === undefined ? fail({ kind: "not-found" }) : ok(found);
}

/** Draw keys for one more. Fails: as `keepOrganisation`. */
export async function addOrganisation(
  open: Open,
  about: OrganisationAbout,
): Promise<Result<KeptOrganisation, Failure>> {
  const made = await keepOrganisation(open.store, about);
  if (made.ok) opened.delete(open);
  return made;
}

/** Everything that is published, as it is now. Fails: any `CloudError`. */
export async function newestRegistry(open: Open): Promise<Result<Registry, Failure>> {
  const registry = await open.registry();
  if (!registry.ok) return registry;
  const refreshed = await registry.value.refresh();
  return refreshed.ok ? registry : refreshed;
}

/** An organisation's certificate. Fails: `not-certified`, any `CloudError`. */
export async function certifiedOrganisation(
  open: Open,
  node: string,
): Promise<
  Result<
    {
      readonly kept: KeptOrganisation;
      readonly provider: Provider;
      readonly registry: Registry;
    },
    Failure
  >
> {
  const kept = await organisationOf(open, node);
  if (!kept.ok) return kept;
  const registry = await newestRegistry(open);
  if (!registry.ok) return registry;
  const provider = registry.value.byKey(kept.value.identity.card.sign);
  if (provider === undefined) return fail({ kind: "not-certified" });
  return ok({ kept: kept.value, provider, registry: registry.value });
}
