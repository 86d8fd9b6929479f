import type { Bytes } from "@salus/base";
import { digest } from "@salus/evaluate";
import {
  type AccountPayloads,
  type ChainHead,
  type ChainPayloads,
  Digest,
  type LinkPlace,
  type StatementPayloads,
} from "@salus/protocol";
import type { Signer } from "./signing.ts";

/** The payload of each type of link, of a vault's chain or an account's. */
interface LinkPayloads extends ChainPayloads, AccountPayloads {}

/** A type of link, of a vault's chain or an account's. */
export type AnyLinkType = keyof LinkPayloads;

/** What a link says beside its place in the chain. */
export type LinkFields<T extends AnyLinkType> = Omit<LinkPayloads[T], keyof LinkPlace>;

/** Signed bytes, and the head of a chain that ends in them. */
export interface SignedLink {
  readonly signed: Bytes;
  readonly head: ChainHead;
}

/**
 * Sign a link that follows `head`; none for the first of a chain.
 *
 * Takes:   `time` in milliseconds, as the device says.
 * Gives:   the link, and the head that the next one follows.
 * Leaks:   the whole link, to the service that keeps the chain and to whoever reads it.
 * Source:  spec/chain.md §1; spec/accounts.md §3; vectors/chain-v1.json.
 */
export function signLink<T extends AnyLinkType>(
  signer: Signer,
  type: T,
  head: ChainHead | undefined,
  time: number,
  fields: LinkFields<T>,
): SignedLink {
  const place: LinkPlace = { seq: nextSeq(head), prev: head?.hash ?? NO_LINK, time };
  // The compiler does not put together what `Omit` took apart.
  const payload = { ...fields, ...place } as unknown as StatementPayloads[T];
  const signed = signer.sign(type, payload);
  return { signed, head: { seq: place.seq, hash: digest(signed) } };
}

/** The number of the link after `head`: a delivery's wrap is bound to it. */
export function nextSeq(head: ChainHead | undefined): number {
  return head === undefined ? 0 : head.seq + 1;
}

const NO_LINK: Digest = Digest.of(new Uint8Array(32));
