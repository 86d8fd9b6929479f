import { type Bytes, concat, fail, type Result, toHex, utf8 } from "@salus/base";
import {
  batchPageSchema,
  CBOR_MEDIA,
  type CloudInfo,
  certificatePageSchema,
  certificatesStoredSchema,
  chainHeadSchema,
  chainPageSchema,
  cloudInfoSchema,
  decodeAs,
  encodeMessage,
  newVaultSchema,
  PROBLEM_STATUS,
  parseProblem,
  queryAnswerSchema,
  receiptSchema,
  recordsPageSchema,
  revisionsAnswerSchema,
  type Schema,
  type VaultHandle,
  vaultsPageSchema,
} from "@salus/protocol";
import type { CloudError } from "../failure.ts";
import { authorization } from "./capability.ts";
import type { Caller, Cloud, CloudResult } from "./port.ts";
import { type Attempt, PATIENCE, type Patience, persist } from "./retry.ts";
import { Turns } from "./turns.ts";

/** One request and its answer, as bytes: all that the cloud gets to see, and all that it says. */
export interface Exchange {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** 0 when nobody answered. */
  readonly status: number;
  readonly sent: Bytes;
  readonly received: Bytes;
  readonly milliseconds: number;
}

export interface HttpOptions {
  /** Told of every exchange, those that are repeated too. */
  readonly onExchange?: (exchange: Exchange) => void;
  readonly patience?: Partial<Patience>;
}

/** Nothing that a cloud answers is larger: a page has at most 8 MiB of envelopes. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const ATTEMPT_MS = 60_000;
const FIRST_MS = 5_000;
/** The cloud answers 50 requests of one key at a time. */
const REQUESTS_AT_ONCE = 16;
const NO_BODY: Bytes = new Uint8Array(0);

interface Call<T> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly answer: Schema<T>;
  readonly what: string;
  readonly caller?: Caller;
  readonly body?: Bytes;
}

/**
 * The cloud at an address, over HTTP.
 *
 * Every request is signed anew for each attempt. Reads are repeated when nobody answers; so are
 * uploads, whose statement makes them the same upload, and links, of which a second copy is refused.
 *
 * Leaks:   to the cloud: what spec/api.md says of each route. To the network: the same, without TLS.
 */
export function httpCloud(url: string, options: HttpOptions = {}): Cloud {
  const link = new Link(new URL(url), options);
  const inVault = (vault: VaultHandle, rest: string): string =>
    `/v1/vaults/${toHex(vault)}/${rest}`;
  const post = <T>(
    what: string,
    path: string,
    answer: Schema<T>,
    caller: Caller,
    message: object,
  ): CloudResult<T> =>
    link.call({ method: "POST", path, answer, what, caller, body: encodeMessage(message) });
  return {
    about: () => link.about(),
    createVault: (caller, links) =>
      post("new vault", "/v1/vaults", newVaultSchema, caller, { links }),
    chain: (caller, vault, from) =>
      link.call({
        method: "GET",
        path: inVault(vault, `chain?from=${from}`),
        answer: chainPageSchema,
        what: "chain",
        caller,
      }),
    appendChain: (caller, vault, links) =>
      post("chain head", inVault(vault, "chain"), chainHeadSchema, caller, { links }),
    upload: (caller, vault, body) =>
      link.call({
        method: "POST",
        path: inVault(vault, "batches"),
        answer: receiptSchema,
        what: "receipt",
        caller,
        body,
      }),
    batches: (caller, vault, source, from) =>
      link.call({
        method: "GET",
        path: inVault(vault, `batches?source=${toHex(source)}&from=${from}`),
        answer: batchPageSchema,
        what: "batches",
        caller,
      }),
    query: (caller, vault, query) =>
      post("answer", inVault(vault, "query"), queryAnswerSchema, caller, query),
    records: (caller, vault, question) =>
      post("records", inVault(vault, "records"), recordsPageSchema, caller, question),
    revisions: (caller, vault, records) =>
      post("revisions", inVault(vault, "revisions"), revisionsAnswerSchema, caller, { records }),
    vaults: (caller, after) =>
      link.call({
        method: "GET",
        path: after === undefined ? "/v1/vaults" : `/v1/vaults?after=${toHex(after)}`,
        answer: vaultsPageSchema,
        what: "vaults",
        caller,
      }),
    publish: (caller, certificates) =>
      post("stored", "/v1/providers", certificatesStoredSchema, caller, { certificates }),
    providers: (after) =>
      link.call({
        method: "GET",
        path: after === undefined ? "/v1/providers" : `/v1/providers?after=${toHex(after)}`,
        answer: certificatePageSchema,
        what: "providers",
      }),
  };
}

/** The way to one address: what is known of it, and how often it is asked at a time. */
class Link {
  readonly #url: URL;
  readonly #options: HttpOptions;
  readonly #patience: Patience;
  readonly #turns = new Turns(REQUESTS_AT_ONCE);
  /** Whom capabilities are made out to, and how far its clock is ahead of ours. */
  #known: { readonly audience: string; readonly aheadMs: number } | undefined;

  constructor(url: URL, options: HttpOptions) {
    this.#url = url;
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
  }

  async about(): CloudResult<CloudInfo> {
    const about = await this.#persist<CloudInfo>(
      { method: "GET", path: "/v1/cloud", answer: cloudInfoSchema, what: "cloud" },
      undefined,
    );
    if (about.ok) {
      this.#known = { audience: about.value.id, aheadMs: about.value.time - Date.now() };
    }
    return about;
  }

  async call<T>(call: Call<T>): CloudResult<T> {
    const { caller } = call;
    if (caller === undefined) return this.#persist(call, undefined);
    const first = await this.#callAs(caller, call);
    if (first.ok || !isForAnother(first.error)) return first;
    // Another cloud stands at the address now, or a clock was set: look again, once.
    this.#known = undefined;
    return this.#callAs(caller, call);
  }

  async #callAs<T>(caller: Caller, call: Call<T>): CloudResult<T> {
    if (this.#known === undefined) {
      const about = await this.about();
      if (!about.ok) return about;
    }
    return this.#persist(call, () => this.#authorize(call, caller));
  }

  #authorize<T>({ method, path, body = NO_BODY }: Call<T>, caller: Caller): string {
    const { audience = "", aheadMs = 0 } = this.#known ?? {};
    return authorization(caller, { audience, method, path, body, now: Date.now() + aheadMs });
  }

  #persist<T>(call: Call<T>, authorize: (() => string) | undefined): CloudResult<T> {
    const attempt = (): Promise<Attempt<T>> => this.#attempt(call, authorize?.());
    const { totalMs } = this.#patience;
    // Somebody who never answered is more likely not there than away for a moment.
    const met = this.#known !== undefined;
    const patience = { ...this.#patience, totalMs: met ? totalMs : Math.min(totalMs, FIRST_MS) };
    return persist(() => this.#turns.take(attempt), patience);
  }

  async #attempt<T>(call: Call<T>, authorized: string | undefined): Promise<Attempt<T>> {
    const { method, path, body = NO_BODY } = call;
    const began = performance.now();
    const told = (status: number, received: Bytes): void => {
      const milliseconds = performance.now() - began;
      this.#options.onExchange?.({ method, path, status, sent: body, received, milliseconds });
    };
    try {
      const response = await fetch(new URL(path, this.#url), {
        method,
        headers: {
          accept: CBOR_MEDIA,
          ...(method === "POST" && { "content-type": CBOR_MEDIA }),
          ...(authorized !== undefined && { authorization: authorized }),
        },
        ...(method === "POST" && { body }),
        redirect: "error",
        signal: AbortSignal.timeout(ATTEMPT_MS),
      });
      const received = await readBounded(response);
      told(response.status, received ?? NO_BODY);
      return readAnswer(call, response, received);
    } catch {
      told(0, NO_BODY);
      return { result: fail({ kind: "unreachable" }) };
    }
  }
}

/** Whether a capability was made out to another cloud, or by another clock. */
function isForAnother(error: CloudError): boolean {
  if (error.kind !== "refused") return false;
  return error.problem === "capability-mismatch" || error.problem === "capability-expired";
}

function readAnswer<T>(call: Call<T>, response: Response, received: Bytes | undefined): Attempt<T> {
  const malformed: Result<never, CloudError> = fail({ kind: "malformed-answer", what: call.what });
  if (received === undefined) return { result: malformed };
  if (response.ok) {
    const answer = decodeAs(call.answer, received, call.what);
    return { result: answer.ok ? answer : malformed };
  }
  const problem = parseProblem(new TextDecoder().decode(received));
  if (!problem.ok || PROBLEM_STATUS[problem.value.kind] !== response.status) {
    // What stands before a cloud that starts or stops may answer in its place.
    const away = response.status === 502 || response.status === 503 || response.status === 504;
    return { result: away ? fail({ kind: "unreachable" }) : malformed };
  }
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return {
    result: fail({
      kind: "refused",
      status: response.status,
      problem: problem.value.kind,
      detail: problem.value,
    }),
    waitMs: Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 60) * 1000 : 0,
  };
}

/** The body of an answer, or nothing when it is larger than any answer is. */
async function readBounded(response: Response): Promise<Bytes | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 0 ? utf8("") : concat(...chunks);
}
