import { equalBytes, ok, type Result } from "@salus/base";
import { readHeadObject } from "@salus/evaluate";
import type { ChainHead, Digest } from "@salus/protocol";
import { freshBytes } from "../random.ts";
import type { OwnPin } from "./log-pins.ts";
import { scanLeaves } from "./log-scan.ts";
import type { LogError, LogWatch } from "./log-watch.ts";
import { fetchOwnLeaves, type LeafOwner, notLogged } from "./own-leaves.ts";

/** What one's own part of a log is checked against. */
export interface OwnChain {
  readonly head: ChainHead;
  /** The hash of every link, by `seq`. */
  readonly hashes: readonly Digest[];
  readonly kind: "chain" | "account";
}

/** How one's own part of a log stands. */
export interface OwnLogReport {
  readonly size: number;
  /** How many leaves are hers. */
  readonly leaves: number;
  /** Whether every leaf of the log that is new was looked through for hers. */
  readonly scanned: boolean;
}

/** The service gives an entry its place within a second. */
const PATIENCE_MS = 5000;
const WAIT_MS = 400;

/**
 * Check one's own part of a log: every leaf of hers is in it, in order, none left out or taken away;
 * each that is of a link is of her chain; and the newest link that she has is among them.
 *
 * Takes:   `chain`, which fetches the newest; `everything`: from the first leaf on, whatever was
 *          verified before, and however many there are.
 * Fails:   `not-logged`; as `LogWatch.check`.
 */
export async function checkOwnLog<E>(
  watch: LogWatch,
  owner: LeafOwner,
  chain: () => Promise<Result<OwnChain, E>>,
  everything = false,
): Promise<Result<OwnLogReport, E | LogError>> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const newest = await chain();
    if (!newest.ok) return newest;
    const checked = await checkOnce(watch, owner, newest.value, everything);
    if (!checked.ok) return checked;
    if (checked.value !== "not-yet") return ok(checked.value);
    if (Date.now() > until) return notLogged(owner);
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS + (freshBytes(1)[0] ?? 0)));
  }
}

async function checkOnce(
  watch: LogWatch,
  owner: LeafOwner,
  chain: OwnChain,
  everything: boolean,
): Promise<Result<OwnLogReport | "not-yet", LogError>> {
  const before = watch.pins.own(owner.handle);
  const known = everything ? undefined : before;
  const fetched = await fetchOwnLeaves(watch, owner, known?.leaves ?? 0);
  if (!fetched.ok) return fetched;
  const { salt, leaves, checkpoint } = fetched.value;
  if (everything && leaves.length < (before?.leaves ?? 0)) return notLogged(owner);
  let links = known?.links ?? 0;
  for (const leaf of leaves) {
    if (leaf.kind !== chain.kind) continue;
    const head = readHeadObject(owner.handle, leaf.object);
    const hash = head && chain.hashes[head.seq];
    // A link that she does not have was shown to others: another device of hers may have been first.
    if (head !== undefined && head.seq > chain.head.seq) return ok("not-yet");
    if (head === undefined || hash === undefined || !equalBytes(hash, head.hash)) {
      return notLogged(owner);
    }
    links = Math.max(links, head.seq + 1);
  }
  if (links !== chain.head.seq + 1) return ok("not-yet");
  const { size } = checkpoint.statement.payload;
  const pin: OwnPin = {
    ...{ salt, links, leaves: (known?.leaves ?? 0) + leaves.length },
    index: leaves.at(-1)?.index ?? known?.index ?? 0,
    ...{ scanned: known?.scanned ?? 0, frontier: known?.frontier ?? [] },
  };
  const scan = await scanLeaves(watch, owner, pin, leaves, checkpoint, everything);
  if (!scan.ok) return scan;
  await watch.pins.pinOwn(owner.handle, { ...pin, ...scan.value });
  return ok({ size, leaves: pin.leaves, scanned: scan.value !== undefined });
}
