import type { Bytes } from "@salus/base";
import { fail, ok } from "@salus/base";
import type { FactorId } from "@salus/protocol";
import type { Logger } from "pino";
import { drawCode, putCode } from "../store/sms-code.ts";
import {
  type CodePurpose,
  countNumber,
  countPlace,
  isClosed,
  isSpent,
} from "../store/sms-limit.ts";
import {
  claimReady,
  claimWishes,
  forgetMessages,
  makeReady,
  phonesOf,
  postpone,
  type SmsReady,
  type SmsWish,
} from "../store/sms-message.ts";
import type { Store } from "../store/store.ts";
import type { Carrier } from "./carrier.ts";
import { type PhoneNumber, placeOf } from "./phone-number.ts";
import type { SmsSettings } from "./settings.ts";
import { codeText, REQUEST_TEXT } from "./wording.ts";

/** What a sender works with. */
export interface SenderParts {
  readonly store: Store;
  readonly carrier: Carrier;
  readonly settings: Pick<SmsSettings, "countries" | "limits">;
  /** The site that codes are bound to. */
  readonly host: string;
  readonly now: () => number;
  readonly log: Logger;
}

/** What became of wishes and messages. */
export interface Turn {
  readonly judged: number;
  readonly handed: number;
}

const EVERY_MS = 250;
const WISHES_AT_ONCE = 500;
/** Handed over side by side, so that one that hangs keeps few others waiting. */
const HANDED_AT_ONCE = 8;
const BACKOFF_MS = 2000;

/**
 * Sends text messages, apart from the requests that they are asked for in.
 *
 * First it judges what was asked for: whether there is a number, and whether the limits allow it.
 * Whoever asked is told nothing of that. Then it hands over, and tries again for as long as the
 * message is of use. A message that a crash interrupts may be sent twice.
 */
export class SmsSender {
  readonly #parts: SenderParts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (!this.#busy) this.#running = this.#drain();
    }, EVERY_MS);
  }

  /** Finish what is being handed over. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      let turn = await this.turn();
      while (this.#timer !== undefined && turn.judged + turn.handed > 0) turn = await this.turn();
    } catch (error) {
      this.#parts.log.warn({ event: "sms-turn-failed", code: (error as { code?: unknown }).code });
    } finally {
      this.#busy = false;
    }
  }

  /** Judge some of what was asked for, and hand over some of what may be sent. */
  async turn(): Promise<Turn> {
    const { store, now } = this.#parts;
    const wishes = await claimWishes(store, WISHES_AT_ONCE, now());
    if (wishes.length > 0) await this.#judge(wishes);
    const ready = await claimReady(store, HANDED_AT_ONCE, now());
    await Promise.all(ready.map((message) => this.#handOver(message)));
    return { judged: wishes.length, handed: ready.length };
  }

  async #judge(wishes: readonly SmsWish[]): Promise<void> {
    const { store, log, now } = this.#parts;
    const phones = await phonesOf(store, wishes);
    const dropped: SmsWish[] = [];
    const spent = new Map<string, boolean>();
    for (const wish of wishes) {
      const number = wish.content?.number ?? phones.get(wish);
      const fine = number !== undefined && (await this.#allows(wish, number, spent, now()));
      if (!fine) dropped.push(wish);
    }
    await forgetMessages(
      store,
      dropped.map(({ message }) => message),
    );
    log.info({ event: "sms-judged", asked: wishes.length, dropped: dropped.length });
  }

  /** Takes: `spent`, what is known to be spent of this turn's prefixes. */
  async #allows(
    wish: SmsWish,
    number: PhoneNumber,
    spent: Map<string, boolean>,
    now: number,
  ): Promise<boolean> {
    const { store, settings, host } = this.#parts;
    const { country, prefix } = placeOf(number);
    if (settings.countries !== "all" && !settings.countries.includes(country)) return false;
    const { limits } = settings;
    if (!spent.has(prefix)) {
      spent.set(prefix, await isSpent(store.db, store.keys, prefix, limits, now));
    }
    if (spent.get(prefix)) return false;
    if (isCode(wish.purpose) && (await isClosed(store, wish.purpose, now))) return false;
    const ready = await makeReady(store, wish, now, async (trx) => {
      if (!(await countNumber(trx, store.keys, number, wish.purpose, now))) return fail("number");
      const reached = await countPlace(trx, store.keys, number, limits, now);
      if (reached !== undefined) return fail("place");
      if (wish.content !== undefined) return ok(wish.content);
      if (!isCode(wish.purpose)) return ok({ number, text: REQUEST_TEXT });
      const code = drawCode(store.random);
      const subject = wish.message as Bytes as FactorId;
      await putCode(trx, store, { subject, account: wish.account }, code, now);
      return ok({ number, text: codeText(host, code) });
    });
    if (!ready.ok && ready.error === "place") spent.set(prefix, true);
    return ready.ok;
  }

  async #handOver({ message, number, text, tries }: SmsReady): Promise<void> {
    const { store, carrier, log, now } = this.#parts;
    const sent = await carrier.send(number, text);
    log.info({ event: "sms-handed-over", outcome: sent.ok ? "sent" : sent.error.kind, tries });
    if (sent.ok || sent.error.kind === "refused") return forgetMessages(store, [message]);
    const waitMs = BACKOFF_MS * 2 ** (tries - 1);
    const asked = sent.error.kind === "busy" ? sent.error.waitMs : 0;
    return postpone(store, message, now() + Math.max(waitMs, asked));
  }
}

function isCode(purpose: SmsWish["purpose"]): purpose is CodePurpose {
  return purpose !== "request" && purpose !== "recovery";
}
