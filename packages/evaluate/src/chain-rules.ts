import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  type CellLink,
  type ChainPayloads,
  type Closes,
  type DeviceLink,
  type GrantLink,
  isAbsent,
  type KemPublic,
  type KeysLink,
  type LinkType,
  type Malformed,
  parseGrantTerms,
  type RevokeLink,
  type RosterLink,
  type ScopeLink,
  type SourceHandle,
} from "@salus/protocol";
import { addApproval, checkReplaced, checkRequest } from "./approval-rules.ts";
import { type ChainDraft, liveSource, named } from "./chain-state.ts";
import { type BadKey, checkKey } from "./signature.ts";

/** Why a link does not follow from the state before it. Spec: chain §2. */
export type ChainRuleError =
  | { readonly kind: "chain-duplicate" }
  | {
      readonly kind:
        | "unknown-device"
        | "unknown-source"
        | "unknown-cell"
        | "unknown-scope"
        | "unknown-grant";
    }
  | { readonly kind: "not-live" }
  | { readonly kind: "chain-fields" }
  | BadKey
  | Malformed;

type Ruled = Result<void, ChainRuleError>;

/** The links that can follow a genesis. */
export type LaterType = Exclude<LinkType, "chain/genesis">;

const DONE: Ruled = ok(undefined);
const DUPLICATE: Ruled = fail({ kind: "chain-duplicate" });
const NOT_LIVE: Ruled = fail({ kind: "not-live" });
const FIELDS: Ruled = fail({ kind: "chain-fields" });

/**
 * One rule for each type of link: it judges the payload by the draft, and enters it.
 *
 * A draft whose rule failed is thrown away, so that a rule may enter before it has judged everything.
 */
export const linkRules: {
  readonly [T in LaterType]: (draft: ChainDraft, link: ChainPayloads[T]) => Ruled;
} = {
  "chain/device": (draft, link) =>
    link.op === "add" ? addDevice(draft, link) : removeDevice(draft, link),
  "chain/roster": (draft, link) =>
    link.op === "add" ? addSource(draft, link) : endSource(draft, link),
  "chain/cell": addCell,
  "chain/scope": addScope,
  "chain/keys": deliver,
  "chain/grant": addGrant,
  "chain/revoke": revoke,
  "chain/generation": (draft, link) => close(draft, link.closes),
  "chain/approval": addApproval,
  "chain/trail": (draft, { suite, kem }) => {
    draft.trail = { suite, kem };
    return DONE;
  },
  "chain/policy": (draft, { policyVersion }) => {
    if (policyVersion <= draft.policyVersion) return FIELDS;
    draft.policyVersion = policyVersion;
    return DONE;
  },
};

function addDevice(draft: ChainDraft, { device }: DeviceLink): Ruled {
  if (named(draft.devices, device.id) !== undefined) return DUPLICATE;
  for (const known of draft.devices.values()) {
    // A removed device that came back under a new id would be alive again.
    if (equalBytes(known.sign, device.sign)) return DUPLICATE;
  }
  draft.devices.set(toHex(device.id), { ...device, status: "live" });
  return checkKey(device.sign);
}

function removeDevice(draft: ChainDraft, { device }: DeviceLink): Ruled {
  const known = named(draft.devices, device.id);
  if (known === undefined) return fail({ kind: "unknown-device" });
  if (known.status !== "live") return NOT_LIVE;
  if (!equalBytes(known.sign, device.sign) || !sameKem(known, device)) return FIELDS;
  draft.devices.set(toHex(device.id), { ...known, status: "removed" });
  const left = [...draft.devices.values()].some((other) => other.status === "live");
  return left ? DONE : NOT_LIVE;
}

function addSource(draft: ChainDraft, link: RosterLink): Ruled {
  const { source, key, suite, kem } = link;
  if (named(draft.sources, source) !== undefined) return DUPLICATE;
  if (liveSource(draft, key) !== undefined) return DUPLICATE;
  draft.sources.set(toHex(source), { source, key, suite, kem, status: "live" });
  return checkKey(key);
}

function endSource(draft: ChainDraft, link: RosterLink): Ruled {
  const known = named(draft.sources, link.source);
  if (known === undefined) return fail({ kind: "unknown-source" });
  if (known.status !== "live") return NOT_LIVE;
  if (!equalBytes(known.key, link.key) || !sameKem(known, link)) return FIELDS;
  draft.sources.set(toHex(link.source), { ...known, status: "ended" });
  return DONE;
}

function addCell(draft: ChainDraft, link: CellLink): Ruled {
  const { cell, source, generation, suite, kem } = link;
  const from = requireLiveSource(draft, source);
  if (!from.ok) return from;
  if (named(draft.cells, cell) !== undefined) return DUPLICATE;
  const [replaces] = link.replaces;
  if (replaces === undefined) {
    if (generation !== 1) return FIELDS;
  } else {
    const old = named(draft.cells, replaces);
    if (old === undefined) return fail({ kind: "unknown-cell" });
    if (old.status === "live" || old.successor !== undefined) return FIELDS;
    if (generation !== old.generation + 1 || !equalBytes(old.source, source)) return FIELDS;
    draft.cells.set(toHex(replaces), { ...old, successor: cell });
  }
  const entered = { cell, source, generation, suite, kem, replaces, successor: undefined };
  draft.cells.set(toHex(cell), { ...entered, status: "live" });
  return DONE;
}

function addScope(draft: ChainDraft, link: ScopeLink): Ruled {
  const { scope, node, version } = link;
  const from = isAbsent(node) ? DONE : requireLiveSource(draft, node);
  if (!from.ok) return from;
  if (named(draft.scopes, scope) !== undefined) return DUPLICATE;
  const [replaces] = link.replaces;
  if (replaces === undefined) {
    if (version !== 1) return FIELDS;
  } else {
    const old = named(draft.scopes, replaces);
    if (old === undefined) return fail({ kind: "unknown-scope" });
    if (old.status === "live" || old.successor !== undefined) return FIELDS;
    if (version !== old.version + 1 || !equalBytes(old.node, node)) return FIELDS;
    draft.scopes.set(toHex(replaces), { ...old, successor: scope });
  }
  const entered = { scope, node, version, replaces, successor: undefined };
  draft.scopes.set(toHex(scope), { ...entered, status: "live" });
  return DONE;
}

function deliver(draft: ChainDraft, { seq, to, wrap }: KeysLink): Ruled {
  const live = requireLiveSource(draft, to);
  if (!live.ok) return live;
  if (named(draft.sources, to)?.suite !== wrap.suite) return FIELDS;
  draft.deliveries.push({ seq, to, wrap });
  return DONE;
}

/**
 * What a grant names may be closed or ended: its records stay. Its cells and scopes belong to the
 * sources that it names.
 */
function addGrant(draft: ChainDraft, link: GrantLink): Ruled {
  const { grant, seq, terms: termsBytes, wrap } = link;
  const used = named(draft.grants, grant) ?? named(draft.approvals, grant);
  if (used !== undefined) return DUPLICATE;
  const terms = parseGrantTerms(termsBytes);
  if (!terms.ok) return terms;
  const { sources, cells, scopes, grantee, notBefore, expires, suite } = terms.value;
  const allowed = new Set(sources.map(toHex));
  for (const source of sources) {
    if (named(draft.sources, source) === undefined) return fail({ kind: "unknown-source" });
  }
  for (const cell of cells) {
    const known = named(draft.cells, cell);
    if (known === undefined) return fail({ kind: "unknown-cell" });
    if (!allowed.has(toHex(known.source))) return FIELDS;
  }
  for (const scope of scopes) {
    const known = named(draft.scopes, scope);
    if (known === undefined) return fail({ kind: "unknown-scope" });
    if (!isAbsent(known.node) && !allowed.has(toHex(known.node))) return FIELDS;
  }
  if (notBefore > expires || suite !== wrap.suite) return FIELDS;
  const answers = checkRequest(draft, grant, terms.value, link.time);
  if (!answers.ok) return answers;
  const entered = { grant, seq, terms: terms.value, termsBytes, wrap };
  draft.grants.set(toHex(grant), { ...entered, status: "live" });
  return checkKey(grantee);
}

function revoke(draft: ChainDraft, { grant, closes }: RevokeLink): Ruled {
  const known = named(draft.grants, grant);
  if (known === undefined) return fail({ kind: "unknown-grant" });
  if (known.status !== "live") return NOT_LIVE;
  const replaced = checkReplaced(draft, known);
  if (!replaced.ok) return replaced;
  draft.grants.set(toHex(grant), { ...known, status: "revoked" });
  return close(draft, closes);
}

function close(draft: ChainDraft, { cells, scopes }: Closes): Ruled {
  for (const cell of cells) {
    const known = named(draft.cells, cell);
    if (known === undefined) return fail({ kind: "unknown-cell" });
    if (known.status !== "live") return NOT_LIVE;
    draft.cells.set(toHex(cell), { ...known, status: "closed" });
  }
  for (const scope of scopes) {
    const known = named(draft.scopes, scope);
    if (known === undefined) return fail({ kind: "unknown-scope" });
    if (known.status !== "live") return NOT_LIVE;
    draft.scopes.set(toHex(scope), { ...known, status: "closed" });
  }
  return DONE;
}

function requireLiveSource(draft: ChainDraft, source: SourceHandle): Ruled {
  const known = named(draft.sources, source);
  if (known === undefined) return fail({ kind: "unknown-source" });
  return known.status === "live" ? DONE : NOT_LIVE;
}

function sameKem(a: KemPublic, b: KemPublic): boolean {
  return a.suite === b.suite && equalBytes(a.kem, b.kem);
}
