import { equalBytes, fail, ok, type Result } from "@salus/base";
import {
  type ChainState,
  type Presented,
  type RoleError,
  roleIn,
  type VaultRole,
} from "@salus/evaluate";
import type { VaultHandle } from "@salus/protocol";
import { useNonce } from "@salus/service";
import type { VaultId } from "../database/schema.ts";
import type { Store } from "./store.ts";
import { findVault } from "./vault.ts";

type Role<Name extends VaultRole["role"]> = Extract<VaultRole, { readonly role: Name }>;

/** Who may do what in a vault: the policy of spec/api.md, as types. */
interface RoleFor {
  "read-chain": VaultRole;
  "append-links": Role<"device">;
  upload: Role<"source">;
  "list-batches": VaultRole;
  query: Role<"device"> | Role<"grantee">;
  "list-records": VaultRole;
  "read-history": Role<"device"> | Role<"grantee">;
  "read-revisions": Role<"source">;
  "read-log": Role<"device">;
}

/** The same policy, for the program to ask. */
const ROLES: { readonly [R in Right]: readonly RoleFor[R]["role"][] } = {
  "read-chain": ["device", "source", "grantee"],
  "append-links": ["device"],
  upload: ["source"],
  "list-batches": ["device", "source", "grantee"],
  query: ["device", "grantee"],
  "list-records": ["device", "source", "grantee"],
  "read-history": ["device", "grantee"],
  "read-revisions": ["source"],
  "read-log": ["device"],
};

export type Right = keyof RoleFor;

declare const granted: unique symbol;

/**
 * Proof that whoever asks may do `R` in a vault. Made only here, for one request: what was revoked
 * stops at the next. Queries ask for it, so that one that forgot to authorise does not compile.
 */
export interface Access<R extends Right> {
  readonly vault: VaultId;
  readonly handle: VaultHandle;
  readonly role: RoleFor[R];
  /** The chain, as of when the right was given. */
  readonly chain: ChainState;
  readonly [granted]: R;
}

/** Why somebody may not. Spec: sharing §6. */
export type NoAccess =
  | RoleError
  | { readonly kind: "not-yours" }
  | { readonly kind: "not-live" }
  | { readonly kind: "capability-replayed" };

/**
 * Turn a capability that fits its request into a right in a vault, and use it up.
 *
 * Takes:   `presented`, whose signature, request and time have been checked.
 * Fails:   any `NoAccess`; `no-such-vault` alike for a vault that is not there and for a stranger,
 *          `not-yours` for a known key in the wrong role, `not-live` for a source that has ended.
 * Plan:    primary keys of `vault` and `nonce`; a chain that was not used lately is read.
 */
export async function authorize<R extends Right>(
  store: Store,
  presented: Presented,
  vault: VaultHandle,
  right: R,
  now: number,
): Promise<Result<Access<R>, NoAccess>> {
  const row = await findVault(store.db, vault);
  if (row === undefined) return fail({ kind: "no-such-vault" });
  const chain = await store.chains.stateOf(store.db, row);
  const role = roleIn(chain, presented, now);
  if (!role.ok) return hasEnded(chain, presented) ? fail({ kind: "not-live" }) : role;
  const fitting = fittingRole(right, role.value, chain, presented);
  if (fitting === undefined) return fail({ kind: "not-yours" });
  if (!(await useNonce(store.hasty, presented))) return fail({ kind: "capability-replayed" });
  const access = { vault: row.vault, handle: row.handle, role: fitting, chain };
  return ok(access as unknown as Access<R>);
}

/**
 * The role that a right asks for. A patient who writes into her own vault is device and source under
 * one key, and acts as whichever is asked for.
 */
function fittingRole<R extends Right>(
  right: R,
  role: VaultRole,
  chain: ChainState,
  { signer }: Presented,
): RoleFor[R] | undefined {
  if (isRoleFor(right, role)) return role;
  const source =
    role.role === "device"
      ? [...chain.sources.values()].find(
          ({ key, status }) => status === "live" && equalBytes(key, signer),
        )
      : undefined;
  const own: VaultRole | undefined = source && { role: "source", source };
  return own !== undefined && isRoleFor(right, own) ? own : undefined;
}

function isRoleFor<R extends Right>(right: R, role: VaultRole): role is RoleFor[R] {
  return ROLES[right].some((name) => name === role.role);
}

/** A source that the patient has ended is no stranger: it is told so, and nothing else. */
function hasEnded(chain: ChainState, { signer, grant }: Presented): boolean {
  if (grant.length > 0) return false;
  return [...chain.sources.values()].some((source) => equalBytes(source.key, signer));
}
