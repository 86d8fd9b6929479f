import { ok, type Result, toHex } from "@salus/base";
import {
  type DeedKind,
  deedsOf,
  type KeptOrganisation,
  type LogFailure,
  PublishedLeaves,
  type Registry,
  shownText,
  signatureOf,
} from "@salus/client";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { newestRegistry, organisations } from "./kept.ts";

/** What the public registry and the cloud's log say of something that was signed here. */
export type Shown =
  /** In the registry, and entered in the log at this time. */
  | { readonly state: "logged"; readonly time: number; readonly index: number }
  /** In the registry; the log has no entry of it (yet). */
  | { readonly state: "unlogged" }
  /** The registry does not show it. */
  | { readonly state: "missing" }
  /** In the registry; the log was not to be asked, or contradicts itself. */
  | { readonly state: "unchecked" };

/** Something that was done in the name of an organisation. */
export interface AuditItem {
  readonly id: string;
  readonly time: number;
  /** Node of the organisation. */
  readonly by: string;
  readonly did: DeedKind;
  readonly who: string;
  readonly node: string;
  readonly count: number | undefined;
  /** Of what was published: nothing of what stays here. */
  readonly shown: Shown | undefined;
}

/** Something that the organisation's key has signed, and that this browser knows nothing of. */
export interface Stranger {
  readonly id: string;
  readonly by: string;
  readonly kind: "certificate" | "status";
  readonly name: string;
  readonly node: string;
  readonly time: number;
}

/** How the cloud's log stands. */
export type LogStands =
  | { readonly state: "fits"; readonly size: number }
  | {
      readonly state: "contradicts";
      readonly how: LogFailure["kind"];
      readonly evidence: string | undefined;
    }
  | { readonly state: "unasked"; readonly why: Failure["kind"] };

export interface AuditView {
  readonly log: LogStands;
  /** The newest first. */
  readonly items: readonly AuditItem[];
  readonly strangers: readonly Stranger[];
  readonly checked: number;
}

const NAME_MAX = 128;

/** What was found in the log: to look through it again from its beginning would take its time. */
const looked = new WeakMap<Open, PublishedLeaves>();

/**
 * What was done here in the name of the organisations, each held against the registry and the log.
 *
 * Fails:   `store-damaged`, any `CloudError`. What a log contradicts stands in the view: it must be seen.
 */
export function audit(): Promise<Result<AuditView, Problem>> {
  return withOpen(async (open): Promise<Result<AuditView, Failure>> => {
    const all = await organisations(open);
    if (!all.ok) return all;
    const registry = await newestRegistry(open);
    if (!registry.ok) return registry;
    const leaves = await leavesOf(open);
    if (!leaves.ok) return leaves;
    const updated = await leaves.value.update();
    const log: LogStands = updated.ok
      ? { state: "fits", size: updated.value }
      : badLog(updated.error);
    const items: AuditItem[] = [];
    const strangers: Stranger[] = [];
    for (const kept of all.value) {
      const here = await auditOne(kept, registry.value, updated.ok ? leaves.value : undefined);
      if (!here.ok) return here;
      items.push(...here.value.items);
      strangers.push(...here.value.strangers);
    }
    items.sort((a, b) => b.time - a.time);
    return ok({ log, items, strangers, checked: Date.now() });
  });
}

async function leavesOf(open: Open): Promise<Result<PublishedLeaves, Failure>> {
  const known = looked.get(open);
  if (known !== undefined) return ok(known);
  const watch = await open.watch("cloud");
  if (!watch.ok) return watch;
  const leaves = new PublishedLeaves(watch.value);
  looked.set(open, leaves);
  return ok(leaves);
}

/** Takes: `leaves`, if the log fits. */
async function auditOne(
  { about, identity, store }: KeptOrganisation,
  registry: Registry,
  leaves: PublishedLeaves | undefined,
): Promise<Result<Pick<AuditView, "items" | "strangers">, Failure>> {
  const done = await deedsOf(store);
  if (!done.ok) return done;
  const by = about.node;
  const published = new Map(
    registry.signedBy(identity.card.sign).map((one) => [signatureOf(one.signed), one]),
  );
  const items = done.value.map((deed, at): AuditItem => {
    const { time, did, who, node = "", count, signature } = deed;
    const shown = signature === undefined ? undefined : shownOf(published.get(signature), leaves);
    return { id: `${by}-${time}-${at}`, time, by, did, who, node, count, shown };
  });
  const known = new Set(done.value.map(({ signature }) => signature));
  const strangers = [...published].flatMap(([signature, { entry }]): readonly Stranger[] => {
    if (known.has(signature) || entry.type === "attestation") return [];
    const certificate =
      entry.type === "certificate" ? entry : registry.certificate(entry.payload.certificate);
    const { name = "", node = "" } = certificate?.payload ?? {};
    const shown = { name: shownText(name, NAME_MAX), node: shownText(node, NAME_MAX) };
    const kind = entry.type === "certificate" ? "certificate" : "status";
    const time = entry.type === "certificate" ? entry.payload.notBefore : entry.payload.time;
    return [{ id: signature, by, kind, ...shown, time }];
  });
  return ok({ items, strangers });
}

function shownOf(
  published: ReturnType<Registry["signedBy"]>[number] | undefined,
  leaves: PublishedLeaves | undefined,
): Shown {
  if (published === undefined) return { state: "missing" };
  if (leaves === undefined) return { state: "unchecked" };
  const place = leaves.find(published.signed);
  return place === undefined ? { state: "unlogged" } : { state: "logged", ...place };
}

function badLog(error: Failure): LogStands {
  if (!("log" in error)) return { state: "unasked", why: error.kind };
  const { kind: how, evidence } = error;
  return { state: "contradicts", how, evidence: evidence && toHex(evidence) };
}
