import { toHex, utf8 } from "@salus/base";
import { digest } from "@salus/evaluate";
import type { Resource } from "@salus/health";
import { type Input, Unreadable } from "./input.ts";
import { Links, type OnReference, relink } from "./links.ts";
import { type Piece, pieces } from "./pieces.ts";

/** Where something stands: counted from one, as editors do. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** Within a Bundle. */
  readonly entry?: number;
}

/** Something of the input that is not a resource one could keep. */
export interface Rejected {
  readonly place: Place;
  readonly kind: RejectedKind;
  readonly type?: string;
  readonly id?: string;
}

export type RejectedKind =
  | "not-json"
  | "truncated"
  | "too-large"
  | "empty"
  | "damaged-gzip"
  | "unreadable-file"
  | "not-a-resource"
  | "bad-id"
  | "unsupported-bundle"
  | "unsupported-request"
  | "too-deep";

/** A resource of the input, with an id and with references that lead out of its Bundle resolved. */
export interface Found {
  readonly place: Place;
  readonly resource: Resource;
}

export type Read = ({ readonly found: true } & Found) | ({ readonly found: false } & Rejected);

const ID = /^[A-Za-z0-9.-]{1,64}$/;
const TYPE = /^[A-Z][A-Za-z]{1,63}$/;
/** A history says what once was, a response what somebody else did. */
const NOT_TAKEN = new Set(["history", "batch-response", "transaction-response"]);
const TAKEN_REQUESTS = new Set(["POST", "PUT"]);
const BUNDLES_DEEP = 4;

/**
 * Every resource of an input, in order, Bundles taken apart; what is none is said too.
 *
 * Takes:   `links`, which holds the names in Bundles that are too large to hold: give the same one
 *          when reading again, since an entry may refer to a later one.
 */
export async function* resources(
  input: Input,
  links: Links,
  onReference?: OnReference,
): AsyncGenerator<Read> {
  const context: Context = { file: input.name, links, onReference };
  let last = 0;
  try {
    for await (const piece of pieces(input.chunks(), input.lines)) {
      last = piece.line;
      yield* readPiece(piece, context);
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    yield rejected({ file: input.name, line: last + 1 }, error.fault);
    return;
  }
  if (last === 0) yield rejected({ file: input.name, line: 1 }, "empty");
}

interface Context {
  readonly file: string;
  readonly links: Links;
  readonly onReference: OnReference | undefined;
}

function* readPiece(piece: Piece, context: Context): Generator<Read> {
  const place: Place = {
    file: context.file,
    line: piece.line,
    ...("entry" in piece ? { entry: piece.entry } : {}),
  };
  if (piece.kind === "broken") {
    yield rejected(place, piece.fault);
    return;
  }
  const value = parse(piece.text);
  if (value === undefined) yield rejected(place, "not-json");
  else if (piece.kind === "entry") yield* readEntries([{ value, place }], context, 1);
  else yield* readValue(value, place, { ...context, links: new Links() }, 0);
}

/** A resource, or a Bundle of its own, with links of its own. */
function* readValue(value: Json, place: Place, context: Context, depth: number): Generator<Read> {
  if (value.resourceType !== "Bundle") {
    yield readResource(value, undefined, place, context);
    return;
  }
  if (typeof value.type === "string" && NOT_TAKEN.has(value.type)) {
    yield rejected(place, "unsupported-bundle");
    return;
  }
  if (depth === BUNDLES_DEEP) {
    yield rejected(place, "too-deep");
    return;
  }
  const entries = Array.isArray(value.entry) ? value.entry : [];
  const placed = entries.map((entry, at) => ({ value: entry, place: { ...place, entry: at + 1 } }));
  yield* readEntries(placed, context, depth + 1);
}

function* readEntries(
  entries: readonly { readonly value: unknown; readonly place: Place }[],
  context: Context,
  depth: number,
): Generator<Read> {
  // All names first: an entry may refer to a later one.
  for (const { value } of entries) {
    if (!isObject(value) || !isObject(value.resource)) continue;
    const { fullUrl, resource } = value;
    const [type, id] = [resource.resourceType, idOf(resource, fullUrl)];
    if (typeof fullUrl !== "string" || typeof type !== "string" || typeof id !== "string") continue;
    context.links.add(fullUrl, `${type}/${id}`);
  }
  for (const { value, place } of entries) {
    if (!isObject(value)) yield rejected(place, "not-a-resource");
    else if (isOutcome(value)) continue;
    else if (!isTaken(value.request)) yield rejected(place, "unsupported-request");
    else if (!isObject(value.resource)) yield rejected(place, "not-a-resource");
    else if (value.resource.resourceType === "Bundle") {
      yield* readValue(value.resource, place, { ...context, links: new Links() }, depth);
    } else yield readResource(value.resource, value.fullUrl, place, context);
  }
}

function readResource(value: Json, fullUrl: unknown, place: Place, context: Context): Read {
  const { resourceType } = value;
  if (typeof resourceType !== "string" || !TYPE.test(resourceType)) {
    return rejected(place, "not-a-resource");
  }
  const id = idOf(value, fullUrl);
  if (typeof id !== "string" || !ID.test(id)) {
    return { ...rejected(place, "bad-id"), type: resourceType };
  }
  relink(value, context.links, context.onReference);
  return { found: true, place, resource: { ...value, resourceType, id } };
}

/** Its own id; else the one in its name within the Bundle; else one that its content makes. */
function idOf(resource: Json, fullUrl: unknown): unknown {
  if (resource.id !== undefined) return resource.id;
  const named = typeof fullUrl === "string" ? /(?:[/:])([A-Za-z0-9.-]{1,64})$/.exec(fullUrl) : null;
  if (named?.[1] !== undefined) return named[1];
  return toHex(digest(utf8(JSON.stringify(resource)))).slice(0, 32);
}

/** What a server says about a search is no record. */
function isOutcome(entry: Json): boolean {
  const mode = isObject(entry.search) ? entry.search.mode : undefined;
  return mode === "outcome";
}

function isTaken(request: unknown): boolean {
  if (!isObject(request)) return true;
  return typeof request.method !== "string" || TAKEN_REQUESTS.has(request.method);
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function rejected(place: Place, kind: RejectedKind): Read & { readonly found: false } {
  return { found: false, place, kind };
}
