import { type Bytes, concat, fail, type Result, utf8 } from "@salus/base";
import { CBOR_MEDIA, decodeAs, PROBLEM_STATUS, parseProblem, type Schema } from "@salus/protocol";
import type { Caller, CloudResult } from "../cloud/port.ts";
import type { CloudError, ServiceName } from "../failure.ts";
import { authorization } from "./authorization.ts";
import { type Attempt, PATIENCE, type Patience, persist } from "./retry.ts";
import { Turns } from "./turns.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** One request and its answer, as bytes: all that the other side gets to see, and all that it says. */
export interface Exchange {
  readonly method: Method;
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

/** What every service says of itself: whom capabilities are made out to, and what time it has. */
export interface ServiceInfo {
  readonly id: string;
  readonly time: number;
}

/** Where a service says it. */
export interface Service<Info extends ServiceInfo> {
  readonly path: string;
  readonly answer: Schema<Info>;
  readonly what: ServiceName;
}

/** Nothing that a service answers is larger: a page has at most 8 MiB of envelopes. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const ATTEMPT_MS = 60_000;
const FIRST_MS = 5_000;
/** As long after somebody was given up, each further question is put once: a screen has a dozen. */
const SILENCE_MS = 5_000;
/** A service answers 50 requests of one key at a time. */
const REQUESTS_AT_ONCE = 16;
const NO_BODY: Bytes = new Uint8Array(0);

/** What gives a request its right. */
type Headers = Readonly<Record<string, string>>;

/** One question to a service. */
export interface Call<T> {
  readonly method: Method;
  readonly path: string;
  readonly answer: Schema<T>;
  readonly what: string;
  readonly caller?: Caller;
  readonly body?: Bytes;
  /** Not to be repeated when nobody answers: what was asked may have been done, and is done once. */
  readonly once?: boolean;
}

/**
 * The way to one service: what is known of it, and how often it is asked at a time.
 *
 * Every request is signed anew for each attempt. What may be repeated is, while nobody answers.
 */
export class Link<Info extends ServiceInfo> {
  readonly #url: URL;
  readonly #service: Service<Info>;
  readonly #options: HttpOptions;
  readonly #patience: Patience;
  readonly #turns = new Turns(REQUESTS_AT_ONCE);
  /** Whom capabilities are made out to, and how far its clock is ahead of ours. */
  #known: { readonly audience: string; readonly aheadMs: number } | undefined;
  /** When it was last given up that anybody answers. */
  #givenUp = 0;

  /** Takes:   `url`, below which the service is reached: with a path where several share a site. */
  constructor(url: URL, service: Service<Info>, options: HttpOptions) {
    this.#url = url.pathname.endsWith("/") ? url : new URL(`${url.pathname}/`, url);
    this.#service = service;
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
  }

  /** What the service says of itself. Fails: as every call; `another-service`: it is not the one. */
  async about(): CloudResult<Info> {
    const about = await this.#persist<Info>({ method: "GET", ...this.#service }, undefined);
    if (about.ok) {
      this.#known = { audience: about.value.id, aheadMs: about.value.time - Date.now() };
    }
    // Every service has this route, each under its own name.
    if (about.ok || !isUnknownRoute(about.error)) return about;
    return fail({ kind: "another-service", wanted: this.#service.what });
  }

  async call<T>(call: Call<T>): CloudResult<T> {
    const { caller } = call;
    if (caller === undefined) return this.#persist(call, undefined);
    const first = await this.#callAs(caller, call);
    if (first.ok || !isForAnother(first.error)) return first;
    // Another service stands at the address now, or a clock was set: look again, once.
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

  #authorize<T>({ method, path, body = NO_BODY }: Call<T>, caller: Caller): Promise<Headers> {
    const { audience = "", aheadMs = 0 } = this.#known ?? {};
    return authorization(caller, { audience, method, path, body, now: Date.now() + aheadMs });
  }

  /** Where a path of the service stands here; what is signed is the path that the service knows. */
  #at(path: string): URL {
    return new URL(path.slice(1), this.#url);
  }

  async #persist<T>(
    call: Call<T>,
    authorize: (() => Promise<Headers>) | undefined,
  ): CloudResult<T> {
    const attempt = async (): Promise<Attempt<T>> => this.#attempt(call, await authorize?.());
    const { totalMs } = this.#patience;
    // Somebody who never answered is more likely not there than away for a moment.
    const met = this.#known !== undefined;
    const some = met ? totalMs : Math.min(totalMs, FIRST_MS);
    const isOnce = call.once === true || Date.now() - this.#givenUp < SILENCE_MS;
    const patience = { ...this.#patience, totalMs: isOnce ? 0 : some };
    const result = await persist(() => this.#turns.take(attempt), patience);
    if (result.ok) this.#givenUp = 0;
    else if (result.error.kind === "unreachable" && call.once !== true) this.#givenUp = Date.now();
    return result;
  }

  async #attempt<T>(call: Call<T>, authorized: Headers | undefined): Promise<Attempt<T>> {
    const { method, path, body = NO_BODY } = call;
    const began = performance.now();
    const told = (status: number, received: Bytes): void => {
      const milliseconds = performance.now() - began;
      this.#options.onExchange?.({ method, path, status, sent: body, received, milliseconds });
    };
    try {
      const response = await fetch(this.#at(path), {
        method,
        headers: {
          accept: CBOR_MEDIA,
          ...(hasBody(method) && { "content-type": CBOR_MEDIA }),
          ...authorized,
        },
        ...(hasBody(method) && { body }),
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

function hasBody(method: Method): boolean {
  return method === "POST" || method === "PUT";
}

/** Whether whoever answered knows nothing of what it was asked for. */
function isUnknownRoute(error: CloudError): boolean {
  return error.kind === "refused" && error.problem === "no-such-route";
}

/** Whether a capability was made out to another service, or by another clock. */
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
    // What stands before a service that starts or stops may answer in its place.
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
