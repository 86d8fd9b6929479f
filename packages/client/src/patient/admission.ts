import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { drawSource } from "@salus/crypto";
import { applyOwnLinks, type ChainState, digest, readChain } from "@salus/evaluate";
import { policyOf } from "@salus/health";
import { LIMITS, type SourceHandle, VaultHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import { OwnerKeys } from "../vault/owner-keys.ts";
import type { Admission } from "./orders.ts";
import { VaultDraft } from "./vault-draft.ts";

/** Let sources write: each gets what it lacks. Gives: their handles, in the order of admissions. */
export async function admitInto(
  draft: VaultDraft,
  admissions: readonly Admission[],
): Promise<readonly SourceHandle[]> {
  const admitted: SourceHandle[] = [];
  for (const { card, categories } of admissions) {
    const known = draft.liveSources().find((source) => equalBytes(source.key, card.sign));
    const source = known?.source ?? drawSource();
    if (known === undefined) {
      const { sign: key, suite, kem } = card;
      draft.addSource({ source, key, suite, kem, status: "live" });
    }
    for (const category of categories) draft.openCategory(source, category);
    admitted.push(source);
  }
  await draft.deliver();
  return admitted;
}

/** The links that a vault begins with. */
export interface Beginning {
  readonly links: readonly Bytes[];
  /** What they make of it, where they are more than the first. */
  readonly chain: ChainState | undefined;
}

/**
 * Begin a vault with its first link and those that let somebody in, as many as one request holds. An
 * account's vault begins alone: its root signs the first link, and a device what follows.
 *
 * Fails:   `chain-invalid`: the first link is none; `unknown-policy`.
 */
export async function beginVault(
  { owned, signer, card }: Identity,
  genesis: Bytes,
  admissions: readonly Admission[],
): Promise<Result<Beginning, ClientError>> {
  const alone = admissions.length === 0 || owned.device !== undefined;
  if (alone) return ok({ links: [genesis], chain: undefined });
  const read = readChain([genesis]);
  if (!read.ok) {
    const vault = VaultHandle.of(digest(genesis));
    return fail({ kind: "chain-invalid", vault, problem: read.error.kind });
  }
  const policy = policyOf(read.value.policyVersion, read.value.policy);
  if (!policy.ok) return policy;
  const draft = new VaultDraft({
    chain: read.value,
    keys: new OwnerKeys(owned.roots),
    policy: policy.value,
    signer,
    suite: card.suite,
    time: Date.now(),
  });
  await admitInto(draft, admissions);
  const [first = []] = draft.links.appends(LIMITS.links - 1);
  const chain = applyOwnLinks(read.value, first);
  if (!chain.ok) {
    return fail({ kind: "chain-invalid", vault: read.value.vault, problem: chain.error.kind });
  }
  return ok({ links: [genesis, ...first], chain: chain.value });
}
