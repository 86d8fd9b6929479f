import { ok, type Result } from "@salus/base";
import {
  type Card,
  type ChainCache,
  type ClientError,
  type Cloud,
  type Identity,
  type KeyStore,
  openOrCreateIdentity,
  Patient,
  type Registry,
} from "@salus/client";
import { CATEGORIES } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import { OrganisationWriter, VaultWorld } from "../vaults/index.ts";

/** Who is in a sandbox: one provider who writes, one practitioner who reads, and whoever they bring. */
export interface SandboxOptions {
  readonly cloud: Cloud;
  readonly chains: ChainCache;
  readonly registry?: Registry;
  readonly provider: { readonly store: KeyStore; readonly node: string };
  readonly practitioner: { readonly identity: Identity; readonly store: KeyStore };
  /** Gives the home of a patient, made where there is none, to somebody who lets go of it again. */
  withHome<T>(
    patient: string,
    run: (store: KeyStore) => Promise<Result<T, ClientError>>,
  ): Promise<Result<T, ClientError>>;
}

/** No grant lasts longer. Source: spec/README.md, Conventions. */
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * An empty world for whoever tries the gateway out: a Patient that is created founds a vault, whose owner lets the
 * provider write whatever it is and the practitioner read all of it. All of that goes the way it goes elsewhere,
 * sealed, signed and indexed; only the patients' consent is not asked for, since there are none.
 *
 * Fails:   any `ClientError`.
 */
export async function openSandbox(
  options: SandboxOptions,
): Promise<Result<VaultWorld, ClientError>> {
  const { cloud, chains, provider, practitioner, registry } = options;
  const identity = await openOrCreateIdentity(provider.store);
  if (!identity.ok) return identity;
  const reader = practitioner.identity.card;
  const writer = await OrganisationWriter.of({ cloud, chains, ...provider, reader });
  if (!writer.ok) return writer;
  const founder = ({ id = "" }: { readonly id?: string }): ReturnType<typeof found> =>
    options.withHome(id, (store) => found({ cloud, chains, store }, identity.value.card, reader));
  const world = new VaultWorld({
    ...{ cloud, chains, registry, founder },
    ...{ reader: practitioner, writer: writer.value },
  });
  const looked = await world.look();
  return looked.ok ? ok(world) : looked;
}

/** Found the vault of a patient, and let both in. */
async function found(
  owner: { readonly cloud: Cloud; readonly chains: ChainCache; readonly store: KeyStore },
  provider: Card,
  practitioner: Card,
): Promise<Result<VaultHandle, ClientError>> {
  const patient = await Patient.create(owner);
  if (!patient.ok) return patient;
  const admitted = await patient.value.admit(provider, CATEGORIES);
  if (!admitted.ok) return admitted;
  const granted = await patient.value.grant({
    grantee: practitioner,
    sources: "all",
    categories: "all",
    expires: LATEST,
  });
  return granted.ok ? ok(patient.value.vault) : granted;
}
