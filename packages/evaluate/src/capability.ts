import { equalBytes, fail, ok, type Result } from "@salus/base";
import {
  CAPABILITY_LIFE_MS,
  type Capability,
  type Digest,
  type GrantHandle,
  isAbsent,
  type VerifyKey,
} from "@salus/protocol";
import {
  type ChainState,
  type DeviceState,
  type GrantState,
  liveDevice,
  liveSource,
  named,
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
  | { readonly role: "grantee"; readonly grant: GrantState };

/** Why somebody is nobody to a vault. Spec: sharing §6. */
export type RoleError =
  | { readonly kind: "no-such-vault" }
  | { readonly kind: "grant-revoked" }
  | { readonly kind: "grant-expired" };

/**
 * Who the signer of a capability is to a vault.
 *
 * Takes:   `grant`, the one that the request is made under, or absent for a device or a source.
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
  handle: GrantHandle,
  now: number,
): Result<VaultRole, RoleError> {
  const grant = named(state.grants, handle);
  if (grant === undefined || !equalBytes(grant.terms.grantee, signer)) {
    return fail({ kind: "no-such-vault" });
  }
  if (grant.status === "revoked") return fail({ kind: "grant-revoked" });
  const inForce = grant.terms.notBefore <= now && now <= grant.terms.expires;
  return inForce ? ok({ role: "grantee", grant }) : fail({ kind: "grant-expired" });
}
