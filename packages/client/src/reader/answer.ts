import { toHex } from "@salus/base";
import { named } from "@salus/evaluate";
import type { Assigned, CompiledSearch } from "@salus/health";
import {
  type BatchId,
  encodeMessage,
  type Query,
  type QueryAnswer,
  type RecordContent,
  type RecordHandle,
  type SourceHandle,
  type SourceStatus,
  type VaultHandle,
} from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import { isOwners } from "../patient/own-source.ts";
import type { Registry } from "../registry/registry.ts";
import type { Resource } from "../resource.ts";
import type { Access } from "./access.ts";
import type { Finding } from "./findings.ts";
import type { Hit } from "./vault-search.ts";

/** Who wrote a record. */
export interface Origin {
  readonly source: SourceHandle;
  /** From the registry, when the source's key is certified there. */
  readonly name: string | undefined;
  /** Provider nodes from the organisation down to the author. */
  readonly path: readonly string[];
  readonly assigned: Assigned;
}

/** One record that answers the question. */
export interface Match {
  readonly vault: VaultHandle;
  readonly record: RecordHandle;
  readonly revision: number;
  readonly batch: BatchId;
  /** Milliseconds since 1970, by the clock of who wrote it. */
  readonly sealedAt: number;
  readonly origin: Origin;
  readonly resource: Resource;
}

export interface SourceAnswer {
  readonly vault: VaultHandle;
  readonly source: SourceHandle;
  readonly name: string | undefined;
  readonly status: SourceStatus;
}

export interface Cost {
  /** Requests for candidates or records: one for each page. */
  readonly requests: number;
  readonly candidates: number;
  readonly matches: number;
  /** Bodies of those requests. */
  readonly bytesSent: number;
  /** Envelopes and wraps that came back. */
  readonly bytesReceived: number;
  readonly milliseconds: number;
}

/** What an answer covers. Read it after the matches: it grows while they come. */
export interface Report {
  readonly sources: readonly SourceAnswer[];
  /** Vaults whose answer is not whole, and why. */
  readonly failures: readonly { readonly vault: VaultHandle; readonly error: ClientError }[];
  readonly findings: readonly Finding[];
  readonly cost: Cost;
  /** All matches, also those beyond `_count`, when the search asked for their number. */
  readonly total: number | undefined;
  /**
   * How many parameters the index answered: in the vault of the oldest policy, where they differ. Nothing where no
   * vault was asked.
   */
  readonly evaluated: number | undefined;
  /** Whether it was given up, with more candidates than the search allows. */
  readonly cut: boolean;
}

/** Matches in order, fetched a page at a time as they are taken. */
export interface Answer extends AsyncIterable<Match> {
  report(): Report;
}

/** A report while it grows. */
export class Ledger {
  readonly #began = performance.now();
  readonly #registry: Registry | undefined;
  readonly #sources = new Map<string, SourceAnswer>();
  readonly #failures: { vault: VaultHandle; error: ClientError }[] = [];
  readonly #findings: Finding[] = [];
  #requests = 0;
  #candidates = 0;
  #matches = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #total: number | undefined;
  #evaluated: number | undefined;
  readonly #candidatesMax: number;

  constructor(registry: Registry | undefined, candidatesMax: number = Number.POSITIVE_INFINITY) {
    this.#registry = registry;
    this.#candidatesMax = candidatesMax;
  }

  /** Whether there were more candidates than are allowed: then nothing further is fetched. */
  get cut(): boolean {
    return this.#candidates > this.#candidatesMax;
  }

  /** Note what a vault is asked, as it was compiled for its policy. */
  onCompiled({ evaluated }: CompiledSearch): void {
    this.#evaluated = Math.min(this.#evaluated ?? evaluated.length, evaluated.length);
  }

  onQuery(query: Query): void {
    this.#requests += 1;
    this.#bytesSent += encodeMessage(query).length;
  }

  /** Note a page, and what it says to cover of the sources that were asked. */
  onPage(access: Access, asked: readonly SourceHandle[], answer: QueryAnswer): void {
    this.#candidates += answer.candidates.length;
    for (const { envelope } of answer.candidates) this.#bytesReceived += envelope.length;
    for (const { enc, ct } of answer.wraps) this.#bytesReceived += enc.length + ct.length;
    const said = new Map(answer.sources.map(({ source, status }) => [toHex(source), status]));
    // A source that the cloud says nothing of is one whose answer is not to be relied on.
    for (const source of asked) this.cover(access, source, said.get(toHex(source)) ?? "failed");
  }

  onRecords(records: number, bytes: number): void {
    this.#requests += 1;
    this.#candidates += records;
    this.#bytesReceived += bytes;
  }

  /** Note a source that has nothing which this reader could find: only one that has ended is not whole. */
  coverUnasked(access: Access, source: SourceHandle): void {
    const live = named(access.chain.sources, source)?.status === "live";
    this.cover(access, source, access.owner || live ? "answered" : "hidden");
  }

  cover(access: Access, source: SourceHandle, status: SourceStatus): void {
    const { vault } = access;
    const name = `${toHex(vault)}/${toHex(source)}`;
    const known = this.#sources.get(name)?.status;
    // Of several pages, and of several ways to ask one source, the worst answer counts.
    const worse = known !== undefined && RANK[known] > RANK[status] ? known : status;
    const label = this.nameOf(access, source);
    this.#sources.set(name, { vault, source, name: label, status: worse });
  }

  onFinding(finding: Finding): void {
    this.#findings.push(finding);
  }

  onFailure(vault: VaultHandle, error: ClientError): void {
    this.#failures.push({ vault, error });
  }

  onMatch(): void {
    this.#matches += 1;
  }

  onTotal(): void {
    this.#total = this.#matches;
  }

  nameOf({ chain }: Access, source: SourceHandle): string | undefined {
    const key = named(chain.sources, source)?.key;
    return key === undefined ? undefined : this.#registry?.byKey(key)?.name;
  }

  /** A hit as it is given. Where a record says that it is from somebody else, the source is told. */
  matchOf({ access, record, revision, header, content, resource }: Hit): Match {
    const { vault } = access;
    const { source, batch, sealedAt } = header;
    const name = this.nameOf(access, source);
    let origin: Origin = { source, name, path: content.path, assigned: content.assigned };
    if (!this.#isOwn(access, source, content)) {
      this.onFinding({ kind: "misattributed", vault, source, batch, record });
      const key = named(access.chain.sources, source)?.key;
      const node = (key && this.#registry?.byKey(key)?.node) ?? toHex(source);
      origin = { source, name, path: [node], assigned: "stated" };
    }
    return { vault, record, revision, batch, sealedAt, origin, resource };
  }

  /**
   * Whether a source may say of a record what it does: "the patient's own" only under a key of hers, an
   * organisation's node only under the key that the registry has for it.
   */
  #isOwn({ chain }: Access, source: SourceHandle, { path, assigned }: RecordContent): boolean {
    const key = named(chain.sources, source)?.key;
    const [node = ""] = path;
    if (key === undefined) return false;
    if (assigned === "patient" && !isOwners(chain, source)) return false;
    const provider = this.#registry?.byKey(key);
    if (provider !== undefined) return provider.node === node;
    return this.#registry?.byNode(node) === undefined;
  }

  report(): Report {
    return {
      sources: [...this.#sources.values()],
      failures: this.#failures,
      findings: this.#findings,
      cost: {
        requests: this.#requests,
        candidates: this.#candidates,
        matches: this.#matches,
        bytesSent: this.#bytesSent,
        bytesReceived: this.#bytesReceived,
        milliseconds: Math.round(performance.now() - this.#began),
      },
      total: this.#total,
      evaluated: this.#evaluated,
      cut: this.cut,
    };
  }
}

const RANK: Readonly<Record<SourceStatus, number>> = {
  answered: 0,
  stale: 1,
  hidden: 2,
  failed: 3,
};

/** Hits as matches, as many as were asked for. */
export function answer(
  hits: AsyncIterable<Hit>,
  ledger: Ledger,
  search: CompiledSearch | undefined,
): Answer {
  const count = search?.count ?? Number.POSITIVE_INFINITY;
  const total = search?.total === true;
  async function* matches(): AsyncGenerator<Match> {
    let given = 0;
    if (count === 0 && !total) return;
    for await (const hit of hits) {
      if (ledger.cut) return;
      ledger.onMatch();
      if (given < count) {
        given += 1;
        yield ledger.matchOf(hit);
      }
      // To know the number of all, the rest is read too.
      if (given >= count && !total) return;
    }
    if (total) ledger.onTotal();
  }
  const all = matches();
  return { [Symbol.asyncIterator]: () => all, report: () => ledger.report() };
}
