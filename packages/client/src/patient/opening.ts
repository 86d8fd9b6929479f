import { type Bytes, fail, ok, type Result } from "@salus/base";
import { signLink } from "@salus/crypto";
import { digest } from "@salus/evaluate";
import { type ChainHead, VaultHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import { type ChainSource, fetchChain } from "../vault/chain.ts";
import { drawGenesis, genesisOf, rootIdentity, type VaultChoice } from "./genesis.ts";

/** Where the store of a home without an account keeps the first link of its vault. */
const GENESIS = "vault";
const REBUILDS_MAX = 5;

/** The first link of a vault, and who signs it. */
interface Founded {
  readonly founder: Identity;
  readonly signed: Bytes;
}

/**
 * The first link of an identity's vault: an account's is the one that the account names, another is
 * drawn and stored before it is sent.
 */
export async function foundVault(
  store: KeyStore,
  identity: Identity,
  choice: VaultChoice,
): Promise<Result<Founded, ClientError>> {
  const { roots, vault, device } = identity.owned;
  const [oldest] = roots;
  if (device !== undefined) {
    const made = oldest && vault && genesisOf(oldest, vault);
    if (oldest === undefined || made === undefined) return fail({ kind: "no-vault" });
    return ok({ founder: rootIdentity(oldest), signed: made });
  }
  const stored = await store.read(GENESIS);
  if (!stored.ok) return stored;
  if (stored.value !== undefined) return ok({ founder: identity, signed: stored.value });
  const signed = drawGenesis(identity, choice);
  await store.write(GENESIS, signed);
  return ok({ founder: identity, signed });
}

/** The vault that is an identity's own. Fails: `no-vault`, `store-damaged`. */
export async function vaultOf(
  store: KeyStore,
  { owned }: Identity,
): Promise<Result<VaultHandle, ClientError>> {
  if (owned.vault !== undefined) return ok(owned.vault);
  const genesis = await store.read(GENESIS);
  if (!genesis.ok) return genesis;
  if (genesis.value === undefined) return fail({ kind: "no-vault" });
  return ok(VaultHandle.of(digest(genesis.value)));
}

/** What it takes to read and change a chain. */
type Joining = Omit<ChainSource, "caller"> & { readonly identity: Identity };

/**
 * Let a device of an account be one of the vault's, if it is not: the account root's own device lets
 * it in. For an identity without an account there is nothing to do.
 *
 * Fails:   as `fetchChain`; `refused`.
 */
export async function joinVault(
  joining: Joining,
  vault: VaultHandle,
): Promise<Result<void, ClientError>> {
  const { cloud, identity } = joining;
  const { device: id, roots } = identity.owned;
  if (id === undefined) return ok(undefined);
  for (let attempt = 1; ; attempt += 1) {
    const own = await fetchChain({ ...joining, caller: identity.caller() }, vault);
    if (own.ok || !isStranger(own.error)) return own.ok ? ok(undefined) : own;
    const member = await asRoot(joining, vault, roots.map(rootIdentity).toReversed());
    if (!member.ok) return member;
    const { root, head } = member.value;
    const { sign, suite, kem } = identity.card;
    const fields = { op: "add", device: { id, sign, suite, kem } } as const;
    const { signed } = signLink(root.signer, "chain/device", head, Date.now(), fields);
    const added = await cloud.appendChain(root.caller(), vault, [signed]);
    if (!added.ok && (!isLate(added.error) || attempt === REBUILDS_MAX)) return added;
  }
}

/** Read the chain as the root's own device, of the newest root that is one. */
async function asRoot(
  joining: Joining,
  vault: VaultHandle,
  candidates: readonly Identity[],
): Promise<Result<{ readonly root: Identity; readonly head: ChainHead }, ClientError>> {
  let last: Result<never, ClientError> = fail({ kind: "no-vault" });
  for (const root of candidates) {
    const read = await fetchChain({ ...joining, caller: root.caller() }, vault);
    if (read.ok) return ok({ root, head: read.value.state.head });
    if (!isStranger(read.error)) return read;
    last = read;
  }
  return last;
}

function isStranger(error: ClientError): boolean {
  return error.kind === "refused" && error.problem === "no-such-vault";
}

function isLate(error: ClientError): boolean {
  return error.kind === "refused" && error.problem === "chain-conflict";
}
