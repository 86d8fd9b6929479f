import {
  assert,
  type Bytes,
  beInteger,
  concat,
  fail,
  ok,
  type Result,
  readBeInteger,
  toHex,
} from "@salus/base";
import { verifySigned } from "@salus/evaluate";
import {
  type AccessRequest,
  isAbsent,
  type Mailbox,
  type RequestAnswer,
  type RequestHandle,
  type VaultHandle,
  VerifyKey,
} from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { Identity } from "../identity.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import type { Registry } from "../registry/registry.ts";
import type { ChainCache } from "../vault/chain.ts";
import { type Letter, readAnswer } from "./answers.ts";
import type { AnswerError } from "./failure.ts";
import { makeRequest, type RequestFields, type RequestOrder } from "./make-request.ts";
import { type ReceivedAccess, readAccess } from "./received.ts";
import { shownText } from "./shown-text.ts";

/** What has become of a request. */
export type RequestState =
  | { readonly state: "waiting" }
  /** Nobody answered in time. */
  | { readonly state: "void" }
  | { readonly state: "denied"; readonly note: string; readonly answered: number }
  | {
      readonly state: "approved";
      readonly vault: VaultHandle;
      readonly note: string;
      readonly answered: number;
    };

/** A request of one's own. */
export interface OwnRequest {
  readonly handle: RequestHandle;
  readonly asked: AccessRequest;
  readonly outcome: RequestState;
}

/** What a practitioner asks with. */
export interface OwnRequestsOptions {
  /** The practitioner's face of this device. */
  readonly identity: Identity;
  readonly registry: Registry;
  readonly store: KeyStore;
  readonly now?: () => number;
}

/** Why nothing can be asked. */
export type AskError =
  | StoreDamaged
  /** No certificate path leads to this key, or it is suspended. */
  | { readonly kind: "not-certified" }
  | RequestFields;

const PREFIX = "request/";
const KEY_BYTES = 32;
const LENGTH_BYTES = 4;

interface Stored {
  readonly asked: AccessRequest;
  readonly signed: Bytes;
  /** Whose answer counts. */
  readonly from: VerifyKey;
  readonly answer: RequestAnswer | undefined;
}

/** The practitioner's side of requests: she asks, hears, and uses what she was given. */
export class OwnRequests {
  readonly #options: OwnRequestsOptions;

  constructor(options: OwnRequestsOptions) {
    this.#options = options;
  }

  /**
   * Sign a request and keep it.
   *
   * Takes:   `reply`, where answers go: the mailbox of her account.
   * Gives:   what is to be posted.
   * Fails:   `not-certified`, `request-fields`.
   */
  async ask(
    order: RequestOrder,
    reply: Mailbox,
  ): Promise<Result<{ readonly handle: RequestHandle; readonly letter: Letter }, AskError>> {
    const { identity, registry, store } = this.#options;
    const { sign } = identity.card;
    const credentials = registry.credentials(sign);
    if (credentials === undefined || registry.byKey(sign)?.standing !== "good") {
      return fail({ kind: "not-certified" });
    }
    const made = makeRequest(identity, credentials, reply, order, this.#now());
    if (!made.ok) return made;
    const { request: handle, signed: statement } = made.value;
    await store.write(nameOf(handle), stored(order.to.sign, statement));
    return ok({ handle, letter: { to: order.to, kind: "request", statement } });
  }

  /** All requests of this device, the newest first. */
  async list(): Promise<Result<readonly OwnRequest[], StoreDamaged>> {
    const { store } = this.#options;
    const found: OwnRequest[] = [];
    for (const name of await store.list(PREFIX)) {
      const read = await this.#read(name);
      if (!read.ok) return read;
      if (read.value === undefined) continue;
      const { asked, answer } = read.value;
      found.push({ handle: asked.request, asked, outcome: this.#outcome(asked, answer) });
    }
    return ok(found.sort((a, b) => b.asked.time - a.asked.time));
  }

  /**
   * Take an answer that came. One that approves stands: two of her devices may have answered, and only
   * what was approved is in her chain, whatever comes later or again.
   *
   * Fails:   `unknown-request`; `wrong-key` for anybody's but the patient's own; statement errors.
   */
  async learn(signed: Bytes): Promise<Result<OwnRequest, AnswerError>> {
    const claimed = verifySigned("answer", signed);
    if (!claimed.ok) return claimed;
    const name = nameOf(claimed.value.payload.request);
    const read = await this.#read(name);
    if (!read.ok) return read;
    if (read.value === undefined) return fail({ kind: "unknown-request" });
    const { from, signed: request, asked, answer: before } = read.value;
    const answer = readAnswer(signed, from);
    if (!answer.ok) return answer;
    if (before?.decision === "approved") {
      return ok({ handle: asked.request, asked, outcome: this.#outcome(asked, before) });
    }
    await this.#options.store.write(name, stored(from, request, signed));
    return ok({ handle: asked.request, asked, outcome: this.#outcome(asked, answer.value) });
  }

  /**
   * What an approved request lets this device read now, by the chain of the vault that the answer
   * names: not by what the cloud lists.
   *
   * Fails:   `unknown-request` when it was not approved; `request-mismatch`, `wider-than-asked`;
   *          as `fetchChain`.
   */
  async access(
    handle: RequestHandle,
    cloud: Cloud,
    chains: ChainCache,
  ): Promise<Result<ReceivedAccess, AnswerError>> {
    const { identity, registry, store } = this.#options;
    const read = await this.#read(nameOf(handle));
    if (!read.ok) return read;
    const { answer, signed, asked } = read.value ?? {};
    if (answer === undefined || signed === undefined || asked === undefined) {
      return fail({ kind: "unknown-request" });
    }
    if (isAbsent(answer.vault)) return fail({ kind: "unknown-request" });
    const from = { cloud, chains, identity, registry, store, now: this.#now() };
    return readAccess(from, answer.vault, asked, signed);
  }

  #outcome(asked: AccessRequest, answer: RequestAnswer | undefined): RequestState {
    if (answer === undefined) return { state: this.#now() > asked.answerBy ? "void" : "waiting" };
    const { vault, time: answered } = answer;
    const note = shownText(answer.note);
    if (isAbsent(vault)) return { state: "denied", note, answered };
    return { state: "approved", vault, note, answered };
  }

  async #read(name: string): Promise<Result<Stored | undefined, StoreDamaged>> {
    const bytes = await this.#options.store.read(name);
    if (!bytes.ok) return bytes;
    if (bytes.value === undefined) return ok(undefined);
    const parsed = parseStored(bytes.value);
    return parsed === undefined ? fail({ kind: "store-damaged", name }) : ok(parsed);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

function nameOf(request: RequestHandle): string {
  return `${PREFIX}${toHex(request)}`;
}

function stored(from: VerifyKey, request: Bytes, answer: Bytes = new Uint8Array(0)): Bytes {
  assert(from.length === KEY_BYTES, "a key has 32 bytes");
  return concat(from, beInteger(request.length, LENGTH_BYTES), request, answer);
}

function parseStored(bytes: Bytes): Stored | undefined {
  const at = KEY_BYTES + LENGTH_BYTES;
  if (bytes.length < at) return undefined;
  const from = VerifyKey.of(bytes.slice(0, KEY_BYTES));
  const size = readBeInteger(bytes.subarray(KEY_BYTES, at));
  const signed = bytes.slice(at, at + size);
  const request = verifySigned("request", signed);
  if (!request.ok) return undefined;
  const rest = bytes.slice(at + size);
  const answer = rest.length === 0 ? undefined : readAnswer(rest, from);
  if (answer?.ok === false) return undefined;
  return { asked: request.value.payload, signed, from, answer: answer?.value };
}
