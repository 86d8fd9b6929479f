import { equalBytes, fail, type Result, toHex } from "@salus/base";
import { type ChainState, named } from "@salus/evaluate";
import type { Category } from "@salus/health";
import type { SourceHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import { storeBelow } from "../store-below.ts";
import type { ChainCache } from "../vault/chain.ts";
import { Source } from "../writer/source.ts";
import type { SourceVault } from "../writer/source-vault.ts";
import { rootIdentity } from "./genesis.ts";
import type { AdmittedSource } from "./orders.ts";
import type { Patient } from "./patient.ts";

/** The node of what patients write themselves: they are in no registry. */
const OWN_NODE = "patient";
const KEY_NAME_BYTES = 8;

/** Where a patient's own source keeps what it has sent. */
export interface OwnSourceOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  readonly chains: ChainCache;
}

/**
 * The vault of a patient, for herself to write into.
 *
 * She writes under the key of her newest account root, so that every device of hers is the same source
 * and can correct what another one wrote. It is let in when it is first needed, for the categories that
 * are needed. A source of hers whose key is no longer one of her devices' is ended: whoever took that
 * device could write as she.
 *
 * Fails:   `no-vault` for somebody who owns none; as `Patient.admit` and `Source.open`.
 * Leaks:   to the cloud: that she writes herself, and into how many categories.
 * Source:  docs/decisions/0087-what-a-patient-writes.md.
 */
export async function openOwnSource(
  patient: Patient,
  categories: readonly Category[],
  options: OwnSourceOptions,
): Promise<Result<SourceVault, ClientError>> {
  const writer = ownWriter(patient.identity);
  if (writer === undefined) return fail({ kind: "no-vault" });
  const left = ownSources(patient).filter(
    ({ key, status }) => status === "live" && !isLiveDevice(patient.chain, key),
  );
  for (const { source } of left) {
    const ended = await patient.end(source);
    if (!ended.ok) return ended;
  }
  const { card } = writer;
  const known = patient
    .sources()
    .find(({ key, status }) => status === "live" && equalBytes(key, card.sign));
  const missing = categories.filter((category) => known?.categories.includes(category) !== true);
  if (missing.length > 0) {
    const admitted = await patient.admit(card, missing);
    if (!admitted.ok) return admitted;
  }
  // What was sent is remembered for each key: another root is another source.
  const store = storeBelow(options.store, `own/${toHex(card.sign.subarray(0, KEY_NAME_BYTES))}`);
  return new Source(writer, { ...options, store, node: OWN_NODE }).open(patient.vault);
}

/** The sources that are the patient herself. */
export function ownSources(patient: Patient): readonly AdmittedSource[] {
  return patient.sources().filter(({ source }) => isOwners(patient.chain, source));
}

/** Whether a source is the patient herself, to whoever reads: under the key of a device that she has or had. */
export function isOwners({ sources, devices }: ChainState, source: SourceHandle): boolean {
  const key = named(sources, source)?.key;
  return key !== undefined && [...devices.values()].some(({ sign }) => equalBytes(sign, key));
}

/** Who writes for her: her newest root; of a home without an account, its only identity. */
function ownWriter(identity: Identity): Identity | undefined {
  const root = identity.owned.roots.at(-1);
  if (root === undefined) return undefined;
  if (identity.owned.device === undefined) return identity;
  return rootIdentity(root);
}

function isLiveDevice({ devices }: ChainState, key: Uint8Array): boolean {
  return [...devices.values()].some(
    ({ sign, status }) => status === "live" && equalBytes(sign, key),
  );
}
