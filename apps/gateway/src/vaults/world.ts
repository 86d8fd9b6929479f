import { fail, ok, type Result, toHex } from "@salus/base";
import {
  type ChainCache,
  type ClientError,
  type Cloud,
  type Identity,
  type KeyStore,
  Reader,
  type Registry,
} from "@salus/client";
import { POLICY_VERSION } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import type {
  Change,
  Committed,
  FindOptions,
  Found,
  Stored,
  Version,
  World,
  WorldError,
} from "../world.ts";
import { Commits } from "./commits.ts";
import { Deletions } from "./deletions.ts";
import { exposed } from "./exposed.ts";
import { VaultFound } from "./found.ts";
import { NameBook } from "./name-book.ts";
import { PatientBook } from "./patient-book.ts";
import { type Founder, Placing } from "./placing.ts";
import { questionOf } from "./question.ts";
import { isOver, learn, lookUp, type Reading, storedOf } from "./reading.ts";
import { VaultList } from "./vault-list.ts";
import type { Writer } from "./writer.ts";

/** Who a gateway is to the encrypted world: somebody who reads, somebody who writes, or both. */
export interface VaultWorldOptions {
  readonly cloud: Cloud;
  readonly chains: ChainCache;
  readonly registry?: Registry | undefined;
  readonly reader?: { readonly identity: Identity; readonly store: KeyStore } | undefined;
  readonly writer?: Writer | undefined;
  /** Whose vaults are whose, as it is known otherwise than from what stands in them. */
  readonly known?: readonly { readonly patient: string; readonly vault: VaultHandle }[];
  readonly founder?: Founder | undefined;
}

/** A chain that was looked at so lately is gone by: a request of FHIR asks several questions. */
const CHAIN_AGE_MS = 2_000;
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** The vaults of one identity as a world of FHIR. */
export class VaultWorld implements World {
  readonly #reading: Reading | undefined;
  readonly #commits: Commits | undefined;
  readonly #deletions: Deletions | undefined;
  readonly #chains: ChainCache;
  readonly #names = new NameBook();
  readonly #patients = new PatientBook();
  /** Vaults, by hexadecimal, whose Patients have been read. */
  readonly #looked = new Set<string>();

  constructor(options: VaultWorldOptions) {
    const { writer, founder, known = [] } = options;
    const [names, patients] = [this.#names, this.#patients];
    const reading = readingOf(options, names, patients);
    this.#reading = reading;
    this.#chains = options.chains;
    for (const { patient, vault } of known) patients.learn({ id: patient }, vault);
    if (writer !== undefined) {
      const vaults = new VaultList(() => writer.vaults());
      const placing = new Placing({ writer, vaults, patients, names, reading, founder });
      this.#commits = new Commits({ writer, placing, names, reading, patients });
      this.#deletions = reading && new Deletions({ writer, vaults, reading });
    }
  }

  get abilities(): World["abilities"] {
    return { reads: this.#reading !== undefined, writes: this.#commits !== undefined };
  }

  /**
   * Learn whose vaults there are.
   *
   * Gives:   how many, and how many of them are of an older index policy.
   * Fails:   any `CloudError`.
   */
  async look(): Promise<Result<{ readonly vaults: number; readonly older: number }, ClientError>> {
    if (this.#reading === undefined) return ok({ vaults: 0, older: 0 });
    const vaults = await this.#reading.vaults.look();
    if (!vaults.ok) return vaults;
    const learnt = await this.#learnWhose(this.#reading, vaults.value);
    if (!learnt.ok) return learnt;
    const versions = vaults.value.flatMap((one) => this.#chains.get(one)?.state ?? []);
    const older = versions.filter(({ policyVersion }) => policyVersion < POLICY_VERSION).length;
    return ok({ vaults: vaults.value.length, older });
  }

  async find(query: string, options: FindOptions): Promise<Result<Found, WorldError>> {
    const question = questionOf(query);
    if (!question.ok) return fail({ kind: "bad-query", error: question.error });
    const reading = this.#reading;
    if (reading === undefined) return fail({ kind: "not-readable" });
    const { text, soon: _, about: whom, ...rest } = question.value;
    const vaults = await this.#asked(reading, whom);
    if (!vaults.ok) return fail({ kind: "cloud", error: vaults.error });
    const { candidatesMax, soon = question.value.soon } = options;
    const asking = { vaults: vaults.value, candidatesMax, ...(soon !== undefined && { soon }) };
    const answer = await reading.reader.search(text, asking);
    if (!answer.ok) {
      const { error } = answer;
      return fail(error.kind === "bad-query" ? error : { kind: "cloud", error });
    }
    const about = { ...rest, candidatesMax, vaults: vaults.value.length };
    return ok(new VaultFound(reading, { answer: answer.value, ...about }));
  }

  async everything(
    patient: string,
    { candidatesMax }: FindOptions,
  ): Promise<Result<Found | undefined, WorldError>> {
    const reading = this.#reading;
    if (reading === undefined) return fail({ kind: "not-readable" });
    const vaults = await this.#vaultsOf(reading, patient);
    if (!vaults.ok) return fail({ kind: "cloud", error: vaults.error });
    if (vaults.value.length === 0) return ok(undefined);
    const answer = await reading.reader.export({ vaults: vaults.value, candidatesMax });
    if (!answer.ok) return fail({ kind: "cloud", error: answer.error });
    const count = Number.POSITIVE_INFINITY;
    const about = { evaluated: 0, asked: 0, count, total: false, vaults: vaults.value.length };
    return ok(new VaultFound(reading, { answer: answer.value, candidatesMax, ...about }));
  }

  async read(type: string, id: string): Promise<Result<Stored | "gone" | undefined, WorldError>> {
    const reading = this.#reading;
    if (reading === undefined) return fail({ kind: "not-readable" });
    if (!ID.test(id)) return ok(undefined);
    const place = this.#names.at(`${type}/${id}`);
    const vaults = await reading.vaults.all();
    if (!vaults.ok) return fail({ kind: "cloud", error: vaults.error });
    // Where it was last seen it usually is; only where it is not any more everybody is asked.
    const there = place === undefined ? [] : among(vaults.value, place.vault);
    for (const some of [there, vaults.value]) {
      const found = await lookUp(reading, type, [id], some);
      if (!found.ok) return fail({ kind: "cloud", error: found.error });
      const [newest] = found.value;
      if (newest !== undefined) return ok(storedOf(newest));
    }
    if (place?.isGone === true) return ok("gone");
    const gone = (await this.#deletions?.placeOf(type, id)) ?? ok(undefined);
    if (!gone.ok) return fail({ kind: "cloud", error: gone.error });
    if (gone.value === undefined) return ok(undefined);
    this.#names.learn(`${type}/${id}`, gone.value);
    return ok("gone");
  }

  async history(type: string, id: string): Promise<Result<readonly Version[], WorldError>> {
    const name = `${type}/${id}`;
    // Who reads it learns where it stands, or stood.
    const stored = this.#names.at(name) === undefined ? await this.read(type, id) : ok(undefined);
    if (!stored.ok) return stored;
    const place = this.#names.at(name);
    if (this.#reading === undefined) return fail({ kind: "not-readable" });
    if (place === undefined) return ok([]);
    const { vault, record, path } = place;
    const history = await this.#reading.reader.revisions(vault, record);
    if (!history.ok) {
      const { error } = history;
      return isOver(error) ? ok([]) : fail({ kind: "cloud", error });
    }
    const origin = { path };
    const versions = history.value.revisions.map(({ revision, at, resource }) => ({
      versionId: String(revision),
      at,
      resource: resource && exposed({ resource, revision, sealedAt: at, origin }),
    }));
    return ok(versions);
  }

  async commit(changes: readonly Change[]): Promise<Result<readonly Committed[], WorldError>> {
    if (this.#commits !== undefined) return this.#commits.commit(changes);
    const [first] = changes;
    if (first === undefined) return ok([]);
    const { type, id } =
      first.kind === "delete"
        ? first
        : { type: first.resource.resourceType, id: first.resource.id ?? "" };
    return fail({ kind: "not-writable", type, id });
  }

  /**
   * The vaults to ask: of a question about patients whose vaults are known, those alone. What others would
   * be told of is not theirs to know, and stands in what they read of who asked.
   */
  async #asked(
    reading: Reading,
    whom: readonly string[] | undefined,
  ): Promise<Result<readonly VaultHandle[], ClientError>> {
    const listed = await reading.vaults.all();
    if (!listed.ok || whom === undefined) return listed;
    const learnt = await this.#learnWhose(reading, listed.value);
    if (!learnt.ok) return learnt;
    const theirs = new Map<string, VaultHandle>();
    for (const reference of whom) {
      const known = this.#patients.vaultsOf(reference).flatMap((one) => among(listed.value, one));
      if (known.length === 0) return listed;
      for (const vault of known) theirs.set(toHex(vault), vault);
    }
    return ok([...theirs.values()]);
  }

  /** Look whose vaults those are that were not looked into before. */
  async #learnWhose(
    reading: Reading,
    vaults: readonly VaultHandle[],
  ): Promise<Result<void, ClientError>> {
    const isNew = (vault: VaultHandle): boolean =>
      !this.#looked.has(toHex(vault)) && !this.#patients.isKnown(vault);
    const fresh = vaults.filter(isNew);
    if (fresh.length === 0) return ok(undefined);
    const answer = await reading.reader.search("Patient", { vaults: fresh });
    if (!answer.ok) return answer.error.kind === "bad-query" ? ok(undefined) : fail(answer.error);
    for await (const match of answer.value) learn(reading, match);
    const failed = new Set(answer.value.report().failures.map(({ vault }) => toHex(vault)));
    for (const name of fresh.map(toHex)) if (!failed.has(name)) this.#looked.add(name);
    return ok(undefined);
  }

  async #vaultsOf(
    reading: Reading,
    patient: string,
  ): Promise<Result<readonly VaultHandle[], ClientError>> {
    if (!ID.test(patient)) return ok([]);
    const reference = `Patient/${patient}`;
    const listed = await reading.vaults.all();
    if (!listed.ok) return listed;
    const known = this.#patients.vaultsOf(reference).flatMap((vault) => among(listed.value, vault));
    if (known.length > 0) return ok(known);
    const found = await lookUp(reading, "Patient", [patient], listed.value);
    if (!found.ok) return found;
    return ok(this.#patients.vaultsOf(reference).flatMap((vault) => among(listed.value, vault)));
  }
}

function readingOf(
  { cloud, chains, registry, reader: who }: VaultWorldOptions,
  names: NameBook,
  patients: PatientBook,
): Reading | undefined {
  if (who === undefined) return undefined;
  const { identity, store } = who;
  const common = { cloud, chains, store, chainAgeMs: CHAIN_AGE_MS };
  const reader = new Reader(identity, { ...common, ...(registry && { registry }) });
  return { reader, vaults: new VaultList(() => reader.vaults()), patients, names };
}

function among(vaults: readonly VaultHandle[], vault: VaultHandle): readonly VaultHandle[] {
  const name = toHex(vault);
  return vaults.filter((each) => toHex(each) === name);
}
