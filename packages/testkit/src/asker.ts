import { drawKey, Signer, signCapability } from "@salus/crypto";
import {
  Absent,
  decodeAs,
  encodeMessage,
  type GrantHandle,
  type Problem,
  parseProblem,
  type Schema,
} from "@salus/protocol";

/** A service that a test asks. */
export interface Asked {
  readonly url: string;
  readonly info: { readonly id: string };
  /** What the service takes for the time, in milliseconds ahead of the real one. */
  readonly clock: { readonly ahead: number };
}

/** What a service answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** The problem, when it is one. */
  readonly problem: Problem | undefined;
}

/** Changes to a capability or to its request, for tests that forge them. */
export interface Forgery {
  readonly audience?: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: Uint8Array;
  readonly expires?: number;
  /** Send this header and sign nothing. */
  readonly header?: string | undefined;
}

/** Somebody who makes requests with a key. */
export class Asker {
  readonly service: Asked;
  readonly signer: Signer;
  readonly grant: GrantHandle | Absent;

  constructor(service: Asked, signer: Signer = newSigner(), grant?: GrantHandle) {
    this.service = service;
    this.signer = signer;
    this.grant = grant ?? Absent.of(new Uint8Array());
  }

  /** The header of a request that this asker signed. */
  authorization(method: string, path: string, body: Uint8Array, forged: Forgery = {}): string {
    const signed = signCapability(this.signer, {
      audience: forged.audience ?? this.service.info.id,
      method: forged.method ?? method,
      path: forged.path ?? path,
      body: forged.body ?? body,
      expires: forged.expires ?? Date.now() + this.service.clock.ahead + 60_000,
      grant: this.grant,
    });
    return `Salus ${Buffer.from(signed).toString("base64url")}`;
  }

  async request(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    body: Uint8Array = new Uint8Array(),
    forged: Forgery = {},
  ): Promise<Answered> {
    const authorization =
      "header" in forged ? forged.header : this.authorization(method, path, body, forged);
    const carries = method === "POST" || method === "PUT";
    const response = await fetch(`${this.service.url}${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(carries ? { "content-type": "application/cbor" } : {}),
      },
      ...(carries ? { body: Buffer.from(body) } : {}),
    });
    return readAnswer(response);
  }

  post(path: string, message: object): Promise<Answered> {
    return this.request("POST", path, encodeMessage(message));
  }

  get(path: string): Promise<Answered> {
    return this.request("GET", path);
  }
}

/** The message in an answer. Throws when it is none: a test then shows what came instead. */
export function read<T>(answered: Answered, schema: Schema<T>): T {
  if (answered.status !== 200) {
    throw new Error(`answered ${answered.status} ${JSON.stringify(answered.problem)}`);
  }
  const message = decodeAs(schema, answered.bytes, "answer");
  if (!message.ok) throw new Error("the answer does not fit its schema");
  return message.value;
}

export async function readAnswer(response: Response): Promise<Answered> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
  const problem = isProblem ? parseProblem(new TextDecoder().decode(bytes)) : undefined;
  if (problem?.ok === false) throw new Error("a problem that is none");
  const { status, headers } = response;
  return { status, headers, bytes, problem: problem?.value };
}

export function newSigner(): Signer {
  return new Signer(drawKey("sign-seed"));
}
