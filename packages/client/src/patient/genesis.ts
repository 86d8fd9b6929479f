import { type Bytes, equalBytes } from "@salus/base";
import { drawDevice, type Key, rootDeviceId, signLink, vaultSalt } from "@salus/crypto";
import { digest } from "@salus/evaluate";
import { POLICY_VERSION } from "@salus/health";
import { type Merge, type PolicyChoice, VaultHandle } from "@salus/protocol";
import { Identity } from "../identity.ts";
import { freshBytes } from "../random.ts";

/** What is fixed for a vault when it is made. */
export interface VaultChoice {
  /** Who fills the root's scopes; `sources` when left out. */
  readonly merge?: Merge;
  readonly policy?: PolicyChoice;
  /** The version of the index policy that searches go by; the newest when left out. */
  readonly policyVersion?: number;
}

/** The first link of a vault, and so its handle. */
export interface VaultGenesis {
  readonly signed: Bytes;
  readonly vault: VaultHandle;
}

/** The suite of a root's own device. */
const ROOT_SUITE = 1;

/** Draw a vault whose founder is an identity without an account. */
export function drawGenesis(
  { card, signer }: Identity,
  { merge = "sources", policy = "balanced", policyVersion = POLICY_VERSION }: VaultChoice,
): Bytes {
  const { sign, suite, kem } = card;
  const device = { id: drawDevice(), sign, suite, kem };
  const fields = { device, merge, policy, policyVersion, salt: freshBytes(16) };
  return signLink(signer, "chain/genesis", undefined, Date.now(), fields).signed;
}

/** The device in a vault's chain that everybody is who has an account root. Spec: accounts §1. */
export function rootIdentity(root: Key<"account-root">): Identity {
  return Identity.ofRoot(root, ROOT_SUITE);
}

/**
 * The first link of an account's vault. Nothing in it is drawn, so that every device of the account
 * makes the same, and a crash between naming a vault and making it is made good by any of them.
 *
 * Takes:   `oldest`, the account's first root; `policyVersion`, when it is not made now.
 * Source:  spec/accounts.md §1.
 */
export function vaultGenesis(
  oldest: Key<"account-root">,
  { merge = "sources", policy = "balanced" }: VaultChoice = {},
  policyVersion: number = POLICY_VERSION,
): VaultGenesis {
  const { card, signer } = rootIdentity(oldest);
  const { sign, suite, kem } = card;
  const device = { id: rootDeviceId(oldest), sign, suite, kem };
  const fields = { device, merge, policy, policyVersion, salt: vaultSalt(oldest) };
  const { signed } = signLink(signer, "chain/genesis", undefined, 0, fields);
  return { signed, vault: VaultHandle.of(digest(signed)) };
}

/** The genesis that a handle is of, whatever was chosen when it was named. */
export function genesisOf(oldest: Key<"account-root">, vault: VaultHandle): Bytes | undefined {
  for (let version = POLICY_VERSION; version >= 1; version -= 1) {
    for (const merge of ["sources", "owner"] as const) {
      for (const policy of ["balanced", "sealed-only"] as const) {
        const made = vaultGenesis(oldest, { merge, policy }, version);
        if (equalBytes(made.vault, vault)) return made.signed;
      }
    }
  }
  return undefined;
}
