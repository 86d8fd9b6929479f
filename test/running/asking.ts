import {
  ChainCache,
  type Cloud,
  type Exchange,
  httpCloud,
  type Identity,
  type KeyStore,
  memoryKeyStore,
  openOrCreateIdentity,
  Reader,
  type Registry,
  type Report,
} from "@salus/client";
import type { VaultHandle } from "@salus/protocol";
import type { Question } from "../oracle/compare.ts";
import { type ImportedHomes, need } from "./homes.ts";

/** What came back for a question. */
export interface Asked {
  /** `Type/id` of each match, in order. */
  readonly names: readonly string[];
  /** The organisation that each match says it is from; "" for the patient herself. */
  readonly organisations: readonly string[];
  readonly report: Report;
  /** Requests for candidates that went over the wire. */
  readonly requests: number;
}

const YEAR_MS = 366 * 86_400_000;

/** Everybody who may ask: each patient of her own vault, and somebody to whom all granted all. */
export class Askers {
  readonly cloud: Cloud;
  readonly #homes: ImportedHomes;
  readonly #exchanges: Exchange[] = [];
  readonly #vaults = new Map<string, { identity: Identity; vault: VaultHandle }>();
  /** What each asker keeps from one question to the next, as a program that runs on does. */
  readonly #kept = new Map<string, { chains: ChainCache; store: KeyStore }>();
  #registry: Registry | undefined;
  #researcher: Identity | undefined;

  constructor(url: string, homes: ImportedHomes) {
    this.#homes = homes;
    this.cloud = httpCloud(url, { onExchange: (exchange) => this.#exchanges.push(exchange) });
  }

  /** Open every patient's home, and let each grant all she has to one reader. */
  async open(patients: readonly string[]): Promise<void> {
    this.#registry = await this.#homes.registry(this.cloud);
    const researcher = need(await openOrCreateIdentity(memoryKeyStore()));
    this.#researcher = researcher;
    for (const id of patients) {
      const { owner, reader } = await this.#homes.patient(id, this.cloud);
      this.#vaults.set(id, { identity: reader.identity, vault: owner.vault });
      const grantee = researcher.card;
      const expires = Date.now() + YEAR_MS;
      need(await owner.grant({ grantee, sources: "all", categories: "all", expires }));
    }
  }

  /** Ask as the patient whom a question is about, or as the one who may read everybody. */
  async ask(
    question: Question,
    { through = this.cloud, pageSize }: { through?: Cloud; pageSize?: number } = {},
  ): Promise<Asked> {
    const own = question.patient === undefined ? undefined : this.#vaults.get(question.patient);
    const identity = own?.identity ?? this.#researcher;
    if (identity === undefined || this.#registry === undefined) throw new Error("open comes first");
    const name = question.patient ?? "";
    const kept = this.#kept.get(name) ?? { chains: new ChainCache(), store: memoryKeyStore() };
    this.#kept.set(name, kept);
    const options = { cloud: through, registry: this.#registry, ...kept };
    const reader = new Reader(identity, options);
    const before = this.#exchanges.length;
    const { organisation } = question;
    const answer = need(
      await reader.search(question.text, {
        ...(own === undefined ? {} : { vaults: [own.vault] }),
        ...(organisation === undefined ? {} : { scope: [organisation] }),
        ...(pageSize === undefined ? {} : { pageSize }),
      }),
    );
    const names: string[] = [];
    const organisations: string[] = [];
    for await (const { resource, origin } of answer) {
      names.push(`${resource.resourceType}/${resource.id}`);
      organisations.push(origin.assigned === "patient" ? "" : (origin.path[0] ?? "unknown"));
    }
    const queries = this.#exchanges.slice(before).filter(({ path }) => path.endsWith("/query"));
    return { names, organisations, report: answer.report(), requests: queries.length };
  }
}

/** The same cloud with the index switched off: whatever is asked, it is asked for everything. */
export const withoutIndex = (cloud: Cloud): Cloud => ({
  ...cloud,
  query: (caller, vault, query) => cloud.query(caller, vault, { ...query, clauses: [] }),
});
