import { fail, ok, type Result, toHex } from "@salus/base";
import { type Resource, sendParcel, shownText, signWriting } from "@salus/client";
import { BALANCED, type Category, type Description, deriveIndex } from "@salus/health";
import { askAbout, vaultOf } from "../asking.ts";
import { described } from "../described.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { forgetCharts } from "./chart.ts";
import { Kept } from "./kept.ts";
import { nameOf } from "./standing.ts";
import { type Draft, resourceOf } from "./written-resource.ts";

/** What she is about to sign, read back from the resource itself. */
export interface WritingPreview {
  readonly said: Description;
  readonly json: string;
  /** Where it will belong: who shares this category reads it. */
  readonly category: Category;
  readonly author: string;
  /** The organisation that stores it. */
  readonly through: string;
}

/** Something that was handed to the hospital, and has not been seen in the record yet. */
export interface PendingWriting {
  readonly id: string;
  readonly vault: string;
  readonly title: string;
  readonly type: string;
  readonly time: number;
}

const PENDING = new Kept<readonly PendingWriting[]>("web/pending-writings", []);
const KEPT = 100;

/** Make of a draft what would be signed. Fails: `bad-input`, naming the field; `not-certified`. */
export function preview(draft: Draft): Promise<Result<WritingPreview, Problem>> {
  return withOpen(async (open): Promise<Result<WritingPreview, Failure>> => {
    const made = await make(open, draft);
    if (!made.ok) return made;
    const { resource, author, through, category } = made.value;
    const json = JSON.stringify(resource, null, 1);
    return ok({ said: described(resource), json, category, author, through });
  });
}

/**
 * Sign a draft as the physician, and hand it to her organisation's gateway.
 *
 * Takes:   `json`, of the preview: what is signed is what was shown, or nothing.
 * Leaks:   to the directory: that she sends something to her organisation.
 * Fails:   `bad-input`; any `WritingError`, `CloudError`.
 */
export function sign(vault: string, json: string): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const handle = vaultOf(vault);
    if (!handle.ok) return handle;
    const registry = await open.registry();
    if (!registry.ok) return registry;
    const session = open.session();
    if (!session.ok) return session;
    const resource = JSON.parse(json) as Resource;
    const written = signWriting(open.identity, registry.value, handle.value, resource);
    if (!written.ok) return written;
    const { letter, id } = written.value;
    const sent = await sendParcel(session.value, letter.to, letter.kind, letter.statement);
    if (!sent.ok) return sent;
    const { title, type } = described(resource);
    const pending = { id, vault, title, type, time: Date.now() };
    const kept = await PENDING.change(open.store, (all) => [...all, pending].slice(-KEPT));
    return kept.ok ? ok(id) : kept;
  });
}

/** What is on its way into one record; what has arrived is not listed any more. Fails: any `CloudError`. */
export function pending(vault: string): Promise<Result<readonly PendingWriting[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly PendingWriting[], Failure>> => {
    const all = await PENDING.read(open.store);
    if (!all.ok) return all;
    const handle = vaultOf(vault);
    if (!handle.ok) return handle;
    const arrived = new Set<string>();
    for (const { id, type } of all.value.filter((one) => one.vault === vault)) {
      const found = await askAbout(open, `${type}?_id=${id}`, [handle.value], 1);
      if (!found.ok) return found;
      if (found.value.matches.length > 0) arrived.add(id);
    }
    if (arrived.size > 0) {
      forgetCharts(open);
      const kept = await PENDING.change(open.store, (them) =>
        them.filter(({ id }) => !arrived.has(id)),
      );
      if (!kept.ok) return kept;
    }
    return ok(all.value.filter((one) => one.vault === vault && !arrived.has(one.id)));
  });
}

interface Made {
  readonly resource: Resource;
  readonly author: string;
  readonly through: string;
  readonly category: Category;
}

async function make(open: Open, draft: Draft): Promise<Result<Made, Failure>> {
  const registry = await open.registry();
  if (!registry.ok) return registry;
  const own = registry.value.byKey(open.identity.card.sign);
  const [organisation] = own?.path ?? [];
  if (own === undefined || organisation === undefined) return fail({ kind: "not-certified" });
  const author = shownText(own.name, 128);
  const resource = resourceOf(draft, { node: own.node, name: author }, Date.now());
  if (!resource.ok) return resource;
  // An id of its own is given by the signature: what is checked here is all the rest.
  const probe = { ...resource.value, id: toHex(new Uint8Array(8)) };
  const index = deriveIndex(probe, { path: own.path, policy: BALANCED });
  if (!index.ok) return fail({ kind: "bad-input", what: "resource" });
  const { category } = index.value;
  const through = nameOf(registry.value, organisation);
  return ok({ resource: resource.value, author, through, category });
}
