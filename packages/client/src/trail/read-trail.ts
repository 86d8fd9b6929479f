import { equalBytes, ok, type Result, toHex } from "@salus/base";
import { type KemPair, openTrail } from "@salus/crypto";
import { type ChainState, digest, named, trailNonce, verifySigned } from "@salus/evaluate";
import type {
  OwnLeaf,
  TrailContent,
  TrailEntry,
  TrailRoute,
  VaultHandle,
  VerifyKey,
} from "@salus/protocol";
import type { Caller, Cloud } from "../cloud/port.ts";
import type { LogFailure } from "../failure.ts";
import type { LogError, LogWatch } from "../log/log-watch.ts";
import { fetchOwnLeaves } from "../log/own-leaves.ts";

/** Something about an entry that an honest cloud and an honest grantee would not have left. */
export type TrailFinding =
  /** The log holds an access, and the cloud does not say what it was. */
  | "entry-missing"
  /** An entry that the log does not hold, or not of that time. */
  | "not-logged"
  /** No grantee of this grant has signed such a request. */
  | "not-signed"
  /** It does not open: what the grantee says of it is not to be known. */
  | "not-readable"
  /** The grantee was shown another log than the patient. */
  | "other-log";

/** What a grantee did, as far as it can be known. */
export interface TrailItem {
  /** That of the first of its leaves among the vault's own. */
  readonly number: number;
  readonly time: number;
  /** Whose key signed the request; nothing when nobody's did. */
  readonly grantee: VerifyKey | undefined;
  readonly grant: TrailEntry["grant"] | undefined;
  readonly route: TrailRoute | undefined;
  /** How many requests it took: pages of one search are one item. */
  readonly requests: number;
  /** How many candidates the cloud says it has given out. */
  readonly candidates: number;
  /** What the grantee says it was; nothing when it does not open. */
  readonly said: Omit<TrailContent, "checkpoint"> | undefined;
  readonly findings: readonly TrailFinding[];
}

/** What a trail is, and how it stands with the log. */
export interface Trail {
  /** In the order of the log. */
  readonly items: readonly TrailItem[];
  /** What two different views of the log were found out by, if they were. */
  readonly failure: LogFailure | undefined;
}

/** What the patient reads her trail with. */
export interface TrailReader {
  readonly cloud: Cloud;
  readonly caller: Caller;
  readonly vault: VaultHandle;
  readonly chain: ChainState;
  /** Of every account root that she has had. */
  readonly pairs: readonly KemPair[];
  readonly watch: LogWatch;
}

/**
 * Read what grantees did, and verify it: that the log holds each request and the cloud tells of each
 * that the log holds; that a grantee signed it; what she says it was.
 *
 * Takes:   `from`, the number of a leaf of the vault's own.
 * Fails:   as `fetchOwnLeaves`. What is wrong with single entries is among their findings.
 * Cost:    a request for 500 entries, a signature and a decapsulation for each.
 */
export async function readTrail(reader: TrailReader, from = 0): Promise<Result<Trail, LogError>> {
  const { watch, cloud, caller, vault } = reader;
  const own = await fetchOwnLeaves(watch, ownerOf(cloud, caller, vault), from);
  if (!own.ok) return own;
  const entries = await fetchEntries(reader, from);
  if (!entries.ok) return entries;
  const accesses = own.value.leaves.filter(({ kind }) => kind === "access");
  const last = own.value.leaves.at(-1)?.number ?? from - 1;
  const items: TrailItem[] = [];
  const heard: Heard = new Map();
  const read = async (entry: TrailEntry, leaf: OwnLeaf | undefined): Promise<void> => {
    const { item, checkpoint } = await readEntry(reader, entry, leaf);
    if (checkpoint.length > 0) {
      heard.set(toHex(item.grantee ?? NOBODY), { at: items.length, checkpoint });
    }
    items.push(item);
  };
  for (const leaf of accesses) {
    const entry = entries.value.get(leaf.number);
    if (entry === undefined) items.push(missing(leaf));
    else await read(entry, leaf);
  }
  const listed = new Set(accesses.map(({ number }) => number));
  for (const entry of entries.value.values()) {
    // What came after the checkpoint that the leaves are held against is for the next time.
    if (!listed.has(entry.number) && entry.number <= last) await read(entry, undefined);
  }
  const failure = await compareAll(watch, items, heard);
  if (!failure.ok) return failure;
  return ok({ items: joinPages(items), failure: failure.value });
}

/** What each grantee was shown of the log last, and the item that says so. */
type Heard = Map<string, { readonly at: number; readonly checkpoint: TrailContent["checkpoint"] }>;

/** The vault as the owner of leaves in the cloud's log. */
export function ownerOf(
  cloud: Cloud,
  caller: Caller,
  vault: VaultHandle,
): Parameters<typeof fetchOwnLeaves>[1] {
  return {
    handle: vault,
    log: "cloud",
    fetch: (from, size) => cloud.ownLeaves(caller, vault, from, size),
  };
}

async function fetchEntries(
  { cloud, caller, vault }: TrailReader,
  from: number,
): Promise<Result<ReadonlyMap<number, TrailEntry>, LogError>> {
  const entries = new Map<number, TrailEntry>();
  for (let next = from; ; ) {
    const page = await cloud.trail(caller, vault, next);
    if (!page.ok) return page;
    for (const entry of page.value.entries) entries.set(entry.number, entry);
    const last = page.value.entries.at(-1)?.number;
    // A cloud that promises more and gives nothing new must not keep us here.
    if (!page.value.more || last === undefined || last < next) return ok(entries);
    next = last + 1;
  }
}

function missing({ number, time }: OwnLeaf): TrailItem {
  const unknown = { grantee: undefined, grant: undefined, route: undefined, said: undefined };
  return { number, time, ...unknown, requests: 1, candidates: 0, findings: ["entry-missing"] };
}

async function readEntry(
  reader: TrailReader,
  entry: TrailEntry,
  leaf: OwnLeaf | undefined,
): Promise<{ readonly item: TrailItem; readonly checkpoint: TrailContent["checkpoint"] }> {
  const { number, time, route, candidates, grant } = entry;
  const findings: TrailFinding[] = [];
  const logged = leaf !== undefined && equalBytes(leaf.object, digest(entry.capability));
  if (!logged || leaf.time !== time) findings.push("not-logged");
  const grantee = signerOf(reader, entry);
  if (grantee === undefined) findings.push("not-signed");
  const said = await openEntry(reader, entry);
  if (said === undefined && entry.entry.length > 0) findings.push("not-readable");
  const facts = { number, time, grantee, grant, route, candidates, findings, requests: 1 };
  if (said === undefined) return { item: { ...facts, said }, checkpoint: NOBODY };
  const { checkpoint, ...words } = said;
  return { item: { ...facts, said: words }, checkpoint };
}

/** Who signed a request, if a grantee of the grant that it names did, for this vault and this entry. */
function signerOf(
  { chain, vault, watch }: TrailReader,
  { capability, grant, entry, route }: TrailEntry,
): VerifyKey | undefined {
  const read = verifySigned("capability", capability);
  if (!read.ok) return undefined;
  const { payload, signer } = read.value;
  const [path = ""] = payload.path.split("?");
  const means =
    payload.audience === watch.pins.service?.id &&
    equalBytes(payload.grant, grant) &&
    path === `/v1/vaults/${toHex(vault)}/${route}` &&
    (entry.length === 0 || equalBytes(payload.nonce, trailNonce(entry)));
  const given = named(chain.grants, grant);
  const grants = given === undefined ? [...chain.grants.values()] : [given];
  const hers = grants.some(
    ({ terms }) =>
      equalBytes(terms.grantee, signer) &&
      (given !== undefined || equalBytes(terms.request, grant)),
  );
  return means && hers ? signer : undefined;
}

async function openEntry(
  { vault, pairs }: TrailReader,
  { grant, entry }: TrailEntry,
): Promise<TrailContent | undefined> {
  for (const pair of pairs.toReversed()) {
    const opened = await openTrail(pair, { vault, grant }, entry);
    if (opened.ok) return opened.value;
  }
  return undefined;
}

/**
 * Hold what each grantee was shown of the log last against what the patient is shown. Her client has
 * held it against what came before.
 */
async function compareAll(
  watch: LogWatch,
  items: TrailItem[],
  heard: Heard,
): Promise<Result<LogFailure | undefined, LogError>> {
  for (const { at, checkpoint } of heard.values()) {
    const compared = await watch.compare(checkpoint);
    if (compared.ok) continue;
    const { error } = compared;
    // What the log's own key has not signed, the grantee may have made up.
    if (error.kind === "malformed-answer" || error.kind === "log-key-changed") {
      const item = items[at];
      if (item !== undefined) items[at] = { ...item, findings: [...item.findings, "other-log"] };
    } else if (isLogFailure(error)) return ok(error);
    else return compared;
  }
  return ok(undefined);
}

function isLogFailure(error: LogError): error is LogFailure {
  return error.kind.startsWith("log-") || error.kind === "not-logged";
}

/** Whoever reads on asks for the next page within this; what is asked again later is another search. */
const PAGE_GAP_MS = 60_000;

/**
 * Pages of one search as one item.
 *
 * Source:  spec/log.md §2.
 */
export function joinPages(items: readonly TrailItem[]): readonly TrailItem[] {
  const all: TrailItem[] = [];
  let last = 0;
  for (const item of items.toSorted((a, b) => a.number - b.number)) {
    const before = all.at(-1);
    const isNext = item.time - last <= PAGE_GAP_MS;
    last = item.time;
    if (before === undefined || !isNext || !isSame(before, item)) {
      all.push(item);
      continue;
    }
    const requests = before.requests + item.requests;
    const candidates = before.candidates + item.candidates;
    all[all.length - 1] = { ...before, requests, candidates };
  }
  return all;
}

function isSame(a: TrailItem, b: TrailItem): boolean {
  if (a.said === undefined || b.said === undefined || a.findings.length + b.findings.length > 0) {
    return false;
  }
  return (
    equalBytes(a.grantee ?? NOBODY, b.grantee ?? NOBODY) &&
    equalBytes(a.grant ?? NOBODY, b.grant ?? NOBODY) &&
    a.route === b.route &&
    a.said.action === b.said.action &&
    a.said.query === b.said.query
  );
}

const NOBODY = new Uint8Array(0);
