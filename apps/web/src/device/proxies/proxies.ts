import { fail, ok, type Result, toHex, utf8 } from "@salus/base";
import { type Card, decodeCard, encodeCard, encodeInvitation, grantProxy } from "@salus/client";
import { deciderOf, newestDecider, newestMailbox } from "../deciding/decider.ts";
import { NAME_MAX } from "../deciding/names.ts";
import { withOpen } from "../open.ts";
import type { Problem } from "../problem.ts";
import { others, read } from "./others.ts";
import { nameProxy } from "./proxy-names.ts";

/** Somebody whom she wants to trust. */
export interface NewProxy {
  /** What she calls her: it stays on this device. */
  readonly name: string;
  /** The card that the other one shows. */
  readonly card: string;
  readonly purpose: "FAMRQT" | "PWATRNY";
  readonly until: number;
}

const DIGITS_SHOWN = 24;

/** People whom she trusts with everything, and what she herself shows to others. */
export const proxies = {
  others,
  read,

  /**
   * Let somebody read everything there is.
   *
   * Fails:   `bad-card`, `bad-input`; `step-up`; as `grantProxy`.
   */
  add: ({ name, card, purpose, until }: NewProxy): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const called = name.trim().slice(0, NAME_MAX);
      if (called === "") return fail({ kind: "bad-input", what: "name" });
      const to = decodeCard(card);
      if (!to.ok) return to;
      const decider = await newestDecider(open);
      if (!decider.ok) return decider;
      const named = await nameProxy(open.store, toHex(to.value.sign), called);
      if (!named.ok) return named;
      const order = { to: to.value, purpose, expires: until };
      const granted = await grantProxy(decider.value.patient, order, open.stepUp);
      return granted.ok ? ok(undefined) : granted;
    }),

  /** What a card says of itself: a number that two people compare. Fails: `bad-card`. */
  numberOf: (card: string): Promise<Result<string, Problem>> =>
    withOpen(async () => {
      const read = decodeCard(card);
      return read.ok ? ok(await numberOf(read.value)) : read;
    }),

  /** The card that she shows to somebody who is to trust her, and its number. */
  ownCard: (): Promise<Result<{ readonly card: string; readonly number: string }, Problem>> =>
    withOpen(async (open) => {
      const { card } = open.account.identity("vault");
      return ok({ card: encodeCard(card), number: await numberOf(card) });
    }),

  /** Her own code: whoever reads it can ask her, and knows that it is she. Fails: `no-vault`. */
  ownCode: (): Promise<Result<string, Problem>> =>
    withOpen(async (open) => {
      const decider = await deciderOf(open);
      if (!decider.ok) return decider;
      const { patient } = decider.value;
      const { mailbox } = newestMailbox(decider.value);
      const { cloud, directory } = open.site;
      const code = { kind: "patient", cloud, directory, mailbox, vault: patient.vault } as const;
      return ok(encodeInvitation(code));
    }),
};

/** Of both keys, in groups of four, as people read numbers to each other. */
async function numberOf(card: Card): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", utf8(encodeCard(card)));
  const letters = toHex(new Uint8Array(hash)).slice(0, DIGITS_SHOWN);
  return letters.match(/.{4}/g)?.join(" ") ?? letters;
}
