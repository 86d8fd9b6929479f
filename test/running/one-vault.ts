import { join } from "node:path";
import { equalBytes } from "@salus/base";
import {
  ChainCache,
  type Cloud,
  httpCloud,
  type Identity,
  memoryKeyStore,
  openOrCreateIdentity,
  type Patient,
  Reader,
  type Registry,
} from "@salus/client";
import type { Category } from "@salus/health";
import type { Query, SourceHandle, VaultHandle } from "@salus/protocol";
import { type RunningCloud, serve } from "./cloud.ts";
import { temporaryFolder } from "./folder.ts";
import { ImportedHomes, need, SEALED } from "./homes.ts";
import { lines, type TestResource } from "./hospitals.ts";
import { explainEverything, PlanLog } from "./plans.ts";
import { succeed } from "./program.ts";

/** Where a query looks: a node of the provider tree, by the ids from the top down. */
export type Node = readonly string[];

interface Parts {
  readonly folder: ReturnType<typeof temporaryFolder>;
  readonly running: RunningCloud;
  readonly homes: ImportedHomes;
  readonly cloud: Cloud;
  readonly registry: Registry;
  readonly sent: Query[];
}

const HOUR_MS = 3_600_000;

/**
 * The vault of patient p0, imported by the program into a cloud whose database writes down its plans,
 * and opened in this process, so that a test can reach around the program.
 */
export class OneVault {
  readonly homes: ImportedHomes;
  readonly cloud: Cloud;
  readonly registry: Registry;
  readonly plans: PlanLog;
  /** Every query as it was sent. */
  readonly sent: Query[];
  readonly #parts: Parts;
  #owner: Patient;

  constructor(parts: Parts, owner: Patient) {
    this.#parts = parts;
    this.homes = parts.homes;
    this.cloud = parts.cloud;
    this.registry = parts.registry;
    this.sent = parts.sent;
    this.plans = new PlanLog(parts.running.folder);
    this.#owner = owner;
  }

  static async of(resources: readonly TestResource[]): Promise<OneVault> {
    const folder = temporaryFolder();
    const data = join(folder.path, "cloud");
    const home = join(folder.path, "homes");
    const first = await serve(data);
    const command = ["import", "-", "--home", home, "--cloud", first.url];
    await succeed(command, { input: lines(resources), env: SEALED });
    await explainEverything(data);
    await first.stop();
    const running = await serve(data);
    const sent: Query[] = [];
    const cloud = listening(httpCloud(running.url), sent);
    const homes = new ImportedHomes(home);
    const registry = await homes.registry(cloud);
    const parts = { folder, running, homes, cloud, registry, sent };
    return new OneVault(parts, (await homes.patient("p0", cloud)).owner);
  }

  get owner(): Patient {
    return this.#owner;
  }

  get vault(): VaultHandle {
    return this.#owner.vault;
  }

  /** The cloud's data folder. */
  get data(): string {
    return this.#parts.running.folder;
  }

  /** Have the program import more. */
  async add(resources: readonly TestResource[]): Promise<void> {
    const { homes, folder, running, cloud } = this.#parts;
    await homes.close();
    const place = ["--home", join(folder.path, "homes"), "--cloud", running.url];
    await succeed(["import", "-", ...place], { input: lines(resources), env: SEALED });
    this.#owner = (await homes.patient("p0", cloud)).owner;
  }

  async close(): Promise<void> {
    await this.homes.close();
    await this.#parts.running.stop();
    this.#parts.folder.remove();
  }

  reader(identity: Identity = this.#owner.identity): Reader {
    const { cloud, registry } = this;
    const chains = new ChainCache();
    return new Reader(identity, { cloud, store: memoryKeyStore(), registry, chains });
  }

  /** Somebody new, to whom the patient grants a category of some hospitals. */
  async granted(hospitals: readonly string[] | "all", category: Category): Promise<Reader> {
    const identity = need(await openOrCreateIdentity(memoryKeyStore()));
    const sources =
      hospitals === "all" ? hospitals : hospitals.map((node) => this.sourceNamed(node));
    const grantee = identity.card;
    const expires = Date.now() + HOUR_MS;
    need(await this.#owner.grant({ grantee, sources, categories: [category], expires }));
    return this.reader(identity);
  }

  /** The handle that a hospital has as a source of the vault. */
  sourceNamed(node: string): SourceHandle {
    const key = this.registry.byNode(node)?.card.sign;
    const found = this.#owner
      .sources()
      .find((source) => key !== undefined && equalBytes(source.key, key));
    if (found === undefined) throw new Error(`${node} is a source`);
    return found.source;
  }

  /** The ids that a reader finds below a node, in order. Throws when the answer is not whole. */
  async find(who: Reader, query: string, node: Node = []): Promise<string[]> {
    const answer = need(await who.search(query, { vaults: [this.vault], scope: node }));
    const ids: string[] = [];
    for await (const { resource } of answer) ids.push(resource.id ?? "");
    const { failures, findings } = answer.report();
    if (failures.length + findings.length > 0) {
      throw new Error(JSON.stringify([...failures.map(({ error }) => error), ...findings]));
    }
    return ids.sort();
  }
}

const listening = (heard: Cloud, sent: Query[]): Cloud => ({
  ...heard,
  query: (caller, asked, query) => {
    sent.push(query);
    return heard.query(caller, asked, query);
  },
});
