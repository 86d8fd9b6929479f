import { assert, fail, ok, type Result } from "@salus/base";
import type { Presented } from "@salus/evaluate";
import {
  CBOR_MEDIA,
  decodeAs,
  encodeMessage,
  type Malformed,
  type Problem,
  type Schema,
} from "@salus/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Answer with a message. */
export function sendMessage(reply: FastifyReply, message: object): FastifyReply {
  const bytes = encodeMessage(message);
  return reply.type(CBOR_MEDIA).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** The body of a request, as it came. */
export function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array();
}

/** Read the body of a request. Fails: `malformed`, also when there is none. */
export function readBody<T>(
  request: FastifyRequest,
  schema: Schema<T>,
  what: string,
): Result<T, Malformed> {
  return decodeAs(schema, bodyOf(request), what);
}

/** Who asks, on a route that is not open. */
export function presentedOf(request: FastifyRequest): Presented {
  assert(request.presented !== undefined, "a route that is not open has a caller");
  return request.presented;
}

/** What a request's query string may say: names, and how their values are read. */
type Readers = Readonly<Record<string, (text: string) => Result<unknown, Malformed>>>;
type Read<R extends Readers> = {
  readonly [N in keyof R]: R[N] extends (text: string) => Result<infer T, Malformed>
    ? T | undefined
    : never;
};

export type ParameterError = Extract<Problem, { readonly kind: "malformed" | "unknown-parameter" }>;

/**
 * Read the query string of a request, strictly.
 *
 * Fails:   `unknown-parameter`: another name, or one given twice. `malformed`: a value that is none.
 */
export function readParameters<R extends Readers>(
  request: FastifyRequest,
  readers: R,
): Result<Read<R>, ParameterError> {
  const url = request.raw.url ?? "";
  const mark = url.indexOf("?");
  const read: Record<string, unknown> = {};
  for (const [name, text] of new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1))) {
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader === undefined || Object.hasOwn(read, name)) {
      return fail({ kind: "unknown-parameter" });
    }
    const value = reader(text);
    if (!value.ok) return value;
    read[name] = value.value;
  }
  return ok(read as Read<R>);
}

/** Read a decimal number without sign or leading zeros. */
export function readNumber(text: string): Result<number, Malformed> {
  const value = Number(text);
  const fine = /^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(value);
  return fine ? ok(value) : fail({ kind: "malformed", what: "number" });
}
