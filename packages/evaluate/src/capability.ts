import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  CAPABILITY_LIFE_MS,
  type Capability,
  type CellHandle,
  type Digest,
  type GrantHandle,
  isAbsent,
  type RequestHandle,
  type ScopeHandle,
  type SourceHandle,
  type VerifyKey,
} from "@salus/protocol";
import {
  type ChainState,
  type DeviceState,
  type GrantState,
  liveDevice,
  liveSource,
  type SourceState,
} from "./chain-state.ts";
import { type StatementError, verifySigned } from "./statement.ts";

/** What a request must be, for a capability to be one for it. */
export interface RequestFacts {
  readonly audience: string;
  readonly method: string;
  readonly path: string;
  readonly body: Digest;
  readonly now: number;
}

/** Why a capability gives no right to a request. Spec: sharing §6. */
export type CapabilityError =
  | StatementError
  | { readonly kind: "capability-mismatch" }
  | { readonly kind: "capability-expired" };

/** A capability that fits its request. Whether its nonce is new, only the cloud's memory can say. */
export interface Presented extends Capability {
  readonly signer: VerifyKey;
}

/**
 * Check that a capability was signed for this very request and is still good.
 *
 * Fails:   any `CapabilityError`.
 * Cost:    one signature.
 * Source:  spec/sharing.md §6; vectors/sharing-v1.json.
 */
export function checkCapability(
  signed: Uint8Array,
  request: RequestFacts,
): Result<Presented, CapabilityError> {
  const statement = verifySigned("capability", signed);
  if (!statement.ok) return statement;
  const { payload, signer } = statement.value;
  const fits =
    payload.audience === request.audience &&
    payload.method === request.method &&
    payload.path === request.path &&
    equalBytes(payload.body, request.body);
  if (!fits) return fail({ kind: "capability-mismatch" });
  const left = payload.expires - request.now;
  if (left < 0 || left > CAPABILITY_LIFE_MS) return fail({ kind: "capability-expired" });
  return ok({ ...payload, signer });
}

/** Who somebody is to a vault. */
export type VaultRole =
  | { readonly role: "device"; readonly device: DeviceState }
  | { readonly role: "source"; readonly source: SourceState }
  | { readonly role: "grantee"; readonly grants: readonly GrantState[]; readonly allowed: Allowed };

/** What some grants allow together. */
export interface Allowed {
  readonly sources: readonly SourceHandle[];
  readonly cells: readonly CellHandle[];
  readonly scopes: readonly ScopeHandle[];
}

/** Why somebody is nobody to a vault. Spec: sharing §6. */
export type RoleError =
  | { readonly kind: "no-such-vault" }
  | { readonly kind: "grant-revoked" }
  | { readonly kind: "grant-expired" };

/**
 * Who the signer of a capability is to a vault.
 *
 * Takes:   `grant`, the one that the request is made under, or the handle of an approved request for
 *          all grants that answer it; absent for a device or a source.
 * Fails:   `no-such-vault` for a stranger, and for a grant that is not the signer's: one answer, so
 *          that it tells nothing. `grant-revoked`; `grant-expired`, also for one not yet in force.
 * Source:  spec/sharing.md §6.
 */
export function roleIn(
  state: ChainState,
  presented: Pick<Presented, "signer" | "grant">,
  now: number,
): Result<VaultRole, RoleError> {
  if (!isAbsent(presented.grant)) return granteeIn(state, presented.signer, presented.grant, now);
  const device = liveDevice(state, presented.signer);
  if (device !== undefined) return ok({ role: "device", device });
  const source = liveSource(state, presented.signer);
  if (source !== undefined) return ok({ role: "source", source });
  return fail({ kind: "no-such-vault" });
}

function granteeIn(
  state: ChainState,
  signer: VerifyKey,
  handle: GrantHandle | RequestHandle,
  now: number,
): Result<VaultRole, RoleError> {
  const mine = [...state.grants.values()].filter(
    ({ grant, terms }) =>
      (equalBytes(grant, handle) || equalBytes(terms.request, handle)) &&
      equalBytes(terms.grantee, signer),
  );
  if (mine.length === 0) return fail({ kind: "no-such-vault" });
  const live = mine.filter(({ status }) => status === "live");
  if (live.length === 0) return fail({ kind: "grant-revoked" });
  const grants = live.filter(({ terms }) => terms.notBefore <= now && now <= terms.expires);
  if (grants.length === 0) return fail({ kind: "grant-expired" });
  return ok({ role: "grantee", grants, allowed: allowedBy(grants) });
}

/** What grants allow together, each thing once. */
export function allowedBy(grants: readonly Pick<GrantState, "terms">[]): Allowed {
  return {
    sources: distinct(grants.flatMap(({ terms }) => terms.sources)),
    cells: distinct(grants.flatMap(({ terms }) => terms.cells)),
    scopes: distinct(grants.flatMap(({ terms }) => terms.scopes)),
  };
}

function distinct<T extends Uint8Array>(handles: readonly T[]): readonly T[] {
  return [...new Map(handles.map((handle) => [toHex(handle), handle])).values()];
}
