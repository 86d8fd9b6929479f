import { type Bytes, compareBytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { CompiledSearch, IndexEntry } from "@salus/health";
import {
  type Candidate,
  isAbsent,
  LIMITS,
  type Query,
  type QueryAnswer,
  type SourceCoverage,
} from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { Resource } from "../resource.ts";
import type { Access } from "./access.ts";
import type { Finding, FindingKind } from "./findings.ts";
import { couldMeet, expectedEntries, hasCode } from "./index-check.ts";
import { OrderedMerge } from "./merge.ts";
import { Opener, type OpenRecord, wrapsByName } from "./opener.ts";
import type { Plan, TargetNode } from "./plan.ts";

/** A record that answers a search, opened. */
export interface Hit extends OpenRecord {
  readonly resource: Resource;
  readonly access: Access;
}

/** What a search of one vault tells while it goes on. */
export interface SearchObserver {
  onQuery(query: Query): void;
  onPage(answer: QueryAnswer): void;
  onFinding(finding: Finding): void;
  /** Whether there were more candidates than anybody wants to wait for. */
  isEnough(): boolean;
}

export interface VaultSearch {
  readonly cloud: Cloud;
  readonly access: Access;
  readonly search: CompiledSearch;
  readonly plan: Plan;
  /** The node that the question is restricted to. */
  readonly node: TargetNode | undefined;
  readonly pageSize: number;
  /** Records that were given before, by another grant of the same vault. */
  readonly seen: Set<string>;
  readonly observer: SearchObserver;
}

/** The exact order of hits; of two that FHIR's order does not tell apart, the one with the lower handle. */
export function hitOrder(search: CompiledSearch): (a: Hit, b: Hit) => number {
  return (a, b) => search.compare(a.resource, b.resource) || compareBytes(a.record, b.record);
}

/**
 * Ask one vault, a page at a time, and give the hits in the exact order as early as it is certain.
 *
 * Each page is one request. What comes back is opened, verified and filtered; what an honest cloud
 * would not have sent is told to the observer, and left out.
 *
 * Fails:   `rollback`: the cloud shows fewer batches than were seen. `malformed-answer`: it does not
 *          keep to the order or the groups that it was asked for. Any `CloudError`.
 */
export async function* searchVault(
  task: VaultSearch,
): AsyncGenerator<Result<readonly Hit[], ClientError>> {
  const { cloud, access, plan, search, observer, pageSize } = task;
  const pages = new PageReader(task);
  const merge = new OrderedMerge<Hit>({
    columns: plan.columns.length,
    descending: plan.descending,
    compare: hitOrder(search),
    // Without columns to sort by there is nothing to wait for, unless everything has to be sorted.
    unrankedLast: plan.unrankedLast,
  });
  const inOrder = plan.sorted || search.sort.length > 0;
  let cursor: Bytes = new Uint8Array(0);
  let limit = pageSize;
  for (;;) {
    const { clauses, order, descending, sources } = plan;
    const query: Query = { clauses, order, descending, sources, limit, cursor, total: false };
    observer.onQuery(query);
    const answer = await cloud.query(access.caller, access.vault, query);
    if (!answer.ok) {
      yield answer;
      return;
    }
    observer.onPage(answer.value);
    if (observer.isEnough()) return;
    const hits = await pages.read(answer.value);
    if (!hits.ok) {
      yield hits;
      return;
    }
    cursor = answer.value.cursor;
    // Whoever needs a further page may need many.
    limit = Math.min(2 * limit, LIMITS.pageItems);
    const last = cursor.length === 0;
    if (!inOrder) yield ok(hits.value.flatMap(({ hit }) => hit ?? []));
    else if (!enter(merge, plan, answer.value, hits.value, last)) {
      yield fail({ kind: "malformed-answer", what: "answer" });
      return;
    } else yield ok(merge.take());
    if (last) return;
    // A cloud that promises more and gives nothing must not keep us here.
    if (answer.value.candidates.length === 0) {
      yield fail({ kind: "malformed-answer", what: "answer" });
      return;
    }
  }
}

/** Put a page into the merge. Gives: whether the cloud has kept to its own groups and their order. */
function enter(
  merge: OrderedMerge<Hit>,
  plan: Plan,
  answer: QueryAnswer,
  hits: readonly Ranked[],
  last: boolean,
): boolean {
  for (const { group, rank, hit } of hits) {
    if (!merge.isOpen(group)) return false;
    if (group === plan.columns.length) {
      if (hit !== undefined) merge.pushUnranked(hit);
    } else if (rank === undefined || !merge.push(group, rank, hit)) return false;
  }
  for (const group of answer.ended) {
    if (group > plan.columns.length) return false;
    merge.complete(group);
  }
  if (last) merge.completeAll();
  return true;
}

/** A candidate's place in its group, and the hit that it is, if it is one. */
interface Ranked {
  readonly group: number;
  readonly rank: number | undefined;
  readonly hit: Hit | undefined;
}

/** Opens and judges pages of candidates. */
class PageReader {
  readonly #task: VaultSearch;
  readonly #opener: Opener;
  /** Revisions by record: what came before may come again, further on, when it has been updated. */
  readonly #given = new Map<string, number>();

  constructor(task: VaultSearch) {
    this.#task = task;
    this.#opener = new Opener(task.access, true);
  }

  async read(answer: QueryAnswer): Promise<Result<readonly Ranked[], ClientError>> {
    const pinned = await this.#pin(answer.sources);
    if (!pinned.ok) return pinned;
    this.#opener.learn(answer.certificates);
    const wraps = wrapsByName(answer.wraps);
    const ranked: Ranked[] = [];
    for (const candidate of answer.candidates) {
      const { group, term } = candidate;
      const rank = this.#rankOf(group, term);
      const opened = await this.#opener.open(candidate, wraps);
      if (!opened.ok) {
        this.#found("unreadable", candidate);
        ranked.push({ group, rank, hit: undefined });
        continue;
      }
      ranked.push({ group, rank, hit: this.#judge(candidate, opened.value, rank) });
    }
    return ok(ranked);
  }

  async #pin(coverage: readonly SourceCoverage[]): Promise<Result<void, ClientError>> {
    const { vault, pins } = this.#task.access;
    for (const { source, number, hash } of coverage) {
      if (!pins.pinBatch(source, { number, hash })) {
        return fail({ kind: "rollback", what: "batch", vault });
      }
    }
    await pins.save();
    return ok(undefined);
  }

  /** The code of a term, where the group is a column. */
  #rankOf(group: number, term: Candidate["term"]): number | undefined {
    const column = this.#task.plan.columns[group];
    if (column === undefined || isAbsent(term)) return undefined;
    return column.map.decrypt(term);
  }

  /** The hit that a candidate is; nothing when the exact filter says no, or it came before. */
  #judge(candidate: Candidate, opened: OpenRecord, rank: number | undefined): Hit | undefined {
    const { access, search, node, seen } = this.#task;
    const { resource } = opened;
    const name = toHex(opened.record);
    const given = this.#given.get(name);
    if (given !== undefined && given < opened.revision) return undefined;
    if (resource === undefined || given !== undefined) {
      this.#found("wrongly-indexed", candidate, opened);
      return undefined;
    }
    this.#given.set(name, opened.revision);
    const matches = search.matches(resource);
    const expected = expectedEntries(opened, access.policy);
    if (expected !== undefined && !this.#isIndexed(candidate, expected, matches, rank)) {
      this.#found("wrongly-indexed", candidate, opened);
    }
    const asked = matches && opened.granted && isAt(opened, node);
    if (!asked || seen.has(name)) return undefined;
    seen.add(name);
    return { ...opened, resource, access };
  }

  #isIndexed(
    { group }: Candidate,
    expected: readonly IndexEntry[],
    matches: boolean,
    rank: number | undefined,
  ): boolean {
    const { plan, search } = this.#task;
    if (!matches && !couldMeet(expected, search.clauses)) return false;
    const column = plan.columns[group];
    return column === undefined || rank === undefined || hasCode(expected, column.attribute, rank);
  }

  #found(kind: FindingKind, { record }: Candidate, opened?: OpenRecord): void {
    const { vault } = this.#task.access;
    const from = opened && { source: opened.header.source, batch: opened.header.batch };
    this.#task.observer.onFinding({ kind, vault, record, ...from });
  }
}

/** Whether a record was written at a node or below it: exactly, whatever the index says. */
function isAt({ header, content }: OpenRecord, node: TargetNode | undefined): boolean {
  if (node === undefined) return true;
  return (
    equalBytes(header.source, node.source) &&
    node.path.every((child, at) => content.path[at + 1] === child)
  );
}
