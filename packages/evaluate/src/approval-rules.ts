import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  type ApprovalLink,
  type GrantHandle,
  type GrantTerms,
  isAbsent,
  type LinkType,
} from "@salus/protocol";
import { type ChainDraft, type GrantState, named } from "./chain-state.ts";

type Ruled = Result<void, { readonly kind: "chain-fields" } | { readonly kind: "chain-duplicate" }>;

const DONE: Ruled = ok(undefined);
const FIELDS: Ruled = fail({ kind: "chain-fields" });

/** A proxy's grant must end so soon. Spec: requests §3. */
const PROXY_LIFE_MS = 366 * 86_400_000;
const PROXY_PURPOSES: readonly string[] = ["FAMRQT", "PWATRNY"];

/** Whether a link is the one that is due, where one is. */
export function checkDue(draft: ChainDraft, type: LinkType, link: object): Ruled {
  const { due } = draft;
  if (due === undefined) return DONE;
  if (due.next !== type) return FIELDS;
  if (due.next === "chain/revoke") return DONE;
  const [first] = due.grants;
  const its = first !== undefined && "grant" in link && equalBytes(first, link.grant as Uint8Array);
  return its ? DONE : FIELDS;
}

/** A request is answered once, by whichever device is first. Its name is no grant's. */
export function addApproval(draft: ChainDraft, link: ApprovalLink): Ruled {
  const { request, digest, grants, seq, time } = link;
  const used = named(draft.approvals, request) ?? named(draft.grants, request);
  if (used !== undefined) return fail({ kind: "chain-duplicate" });
  draft.approvals.set(toHex(request), { request, digest, grants, seq, time });
  draft.due = { next: "chain/grant", request, grants };
  return DONE;
}

/**
 * Whether a grant may answer the request that it names: one of those that its approval lists, or in
 * the place of one, whose end is then due.
 */
export function checkRequest(
  draft: ChainDraft,
  grant: GrantHandle,
  { request, purpose, expires }: GrantTerms,
  time: number,
): Ruled {
  if (PROXY_PURPOSES.includes(purpose) && expires > time + PROXY_LIFE_MS) return FIELDS;
  const { due } = draft;
  if (due?.next === "chain/grant") {
    if (!equalBytes(due.request, request)) return FIELDS;
    const grants = due.grants.slice(1);
    draft.due = grants.length === 0 ? undefined : { ...due, grants };
    return DONE;
  }
  if (isAbsent(request)) return DONE;
  if (named(draft.approvals, request) === undefined) return FIELDS;
  draft.due = { next: "chain/revoke", grant };
  return DONE;
}

/** Whether a grant that ends is the one in whose place another was given, where that is due. */
export function checkReplaced(draft: ChainDraft, ended: GrantState): Ruled {
  const { due } = draft;
  if (due?.next !== "chain/revoke") return DONE;
  const given = named(draft.grants, due.grant);
  draft.due = undefined;
  const other = given !== undefined && given !== ended;
  return other && isNoWider(draft, given.terms, ended.terms) ? DONE : FIELDS;
}

/** Whether terms give nobody else anything more than others did: what took the place of a thing counts as it. */
function isNoWider(draft: ChainDraft, given: GrantTerms, before: GrantTerms): boolean {
  const same =
    equalBytes(given.request, before.request) &&
    equalBytes(given.grantee, before.grantee) &&
    equalBytes(given.kem, before.kem) &&
    given.purpose === before.purpose;
  return (
    same &&
    isWithin(given.period, before.period) &&
    allDescend(new Map(), given.sources, before.sources) &&
    allDescend(draft.cells, given.cells, before.cells) &&
    allDescend(draft.scopes, given.scopes, before.scopes)
  );
}

function isWithin(given: GrantTerms["period"], before: GrantTerms["period"]): boolean {
  const [from, to] = before;
  if (from === undefined || to === undefined) return true;
  const [start, end] = given;
  return start !== undefined && end !== undefined && from <= start && end <= to;
}

/**
 * Whether handles are among these, or took the place of some of them, at once or by steps.
 *
 * Cost:    one look-up for each handle and step: a grant names thousands, and whoever appends links
 *          says how many.
 */
function allDescend(
  all: ReadonlyMap<string, { readonly replaces: Uint8Array | undefined }>,
  handles: readonly Uint8Array[],
  from: readonly Uint8Array[],
): boolean {
  const good = new Set(from.map(toHex));
  return handles.every((handle) => {
    const way: string[] = [];
    for (let at: Uint8Array | undefined = handle; at !== undefined; ) {
      const name: string = toHex(at);
      way.push(name);
      if (good.has(name)) {
        // What leads to one of these does so for others too: no step is gone twice.
        for (const step of way) good.add(step);
        return true;
      }
      at = all.get(name)?.replaces;
    }
    return false;
  });
}
