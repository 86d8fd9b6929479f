import type { Result } from "@salus/base";
import {
  type Caller,
  ChainCache,
  type Cloud,
  type Identity,
  type KeyStore,
  memoryKeyStore,
  openOrCreateIdentity,
  Patient,
  Reader,
  type Registry,
} from "@salus/client";
import { Source, type SourceVault } from "@salus/client/writer";
import { sealTrail } from "@salus/crypto";
import type { Category } from "@salus/health";
import type { GrantHandle, Merge, PolicyChoice, SourceHandle, VaultHandle } from "@salus/protocol";

/** The value of a result that a test takes for granted. */
export function must<T>(result: Result<T, { readonly kind: string }>): T {
  if (result.ok) return result.value;
  throw new Error(`unexpected ${JSON.stringify(result.error, readable)}`);
}

function readable(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}

/** Somebody with a home of her own. */
export interface Somebody {
  readonly store: KeyStore;
  readonly identity: Identity;
}

export async function somebody(): Promise<Somebody> {
  const store = memoryKeyStore();
  return { store, identity: must(await openOrCreateIdentity(store)) };
}

/** A patient with a vault. */
export interface TestPatient extends Somebody {
  readonly patient: Patient;
  readonly vault: VaultHandle;
}

export async function newPatient(
  cloud: Cloud,
  choice: {
    readonly merge?: Merge;
    readonly policy?: PolicyChoice;
    readonly policyVersion?: number;
  } = {},
): Promise<TestPatient> {
  const { store, identity } = await somebody();
  const patient = must(await Patient.create({ cloud, store, ...choice }));
  return { store, identity, patient, vault: patient.vault };
}

/** An organisation that a patient has let in. */
export interface TestSource extends Somebody {
  readonly node: string;
  readonly handle: SourceHandle;
  readonly writer: Source;
}

export async function newSource(
  cloud: Cloud,
  { patient }: TestPatient,
  node: string,
  categories: readonly Category[],
  who?: Somebody,
): Promise<TestSource> {
  const { store, identity } = who ?? (await somebody());
  const handle = must(await patient.admit(identity.card, categories));
  const writer = must(await Source.open({ cloud, store, node }));
  return { store, identity, node, handle, writer };
}

/** The vault of a patient, to write into. */
export async function vaultOf(source: TestSource, vault: VaultHandle): Promise<SourceVault> {
  return must(await source.writer.open(vault));
}

/** Somebody as a reader. */
export async function readerOf(
  cloud: Cloud,
  { store }: Pick<Somebody, "store">,
  registry?: Registry,
): Promise<Reader> {
  const chains = new ChainCache();
  return must(await Reader.open({ cloud, store, chains, ...(registry && { registry }) }));
}

/** `Type/id` of every match, in the order of the answer, and the report. */
export async function ask(
  reader: Reader,
  query: string,
  options: Parameters<Reader["search"]>[1] = {},
): Promise<{ readonly ids: readonly string[]; readonly report: ReturnType<Answer["report"]> }> {
  const answer = must(await reader.search(query, options));
  const ids: string[] = [];
  for await (const { resource } of answer) ids.push(`${resource.resourceType}/${resource.id}`);
  return { ids, report: answer.report() };
}

type Answer = Extract<Awaited<ReturnType<Reader["search"]>>, { readonly ok: true }>["value"];

/** Somebody who asks by hand under a grant, and says to the patient that she does. */
export function askingUnder(
  { chain }: Patient,
  { identity }: Pick<Somebody, "identity">,
  grant: GrantHandle,
): Caller {
  const caller = identity.caller(grant);
  const { trail, vault } = chain;
  if (trail === undefined) return caller;
  const said = { query: "by hand", name: "", node: "", checkpoint: new Uint8Array(0) };
  return {
    ...caller,
    trail: () => sealTrail(trail, { vault, grant }, { ...said, action: "search" }),
  };
}
