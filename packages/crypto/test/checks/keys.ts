import { encodeTuple, type Result, toHex } from "@salus/base";
import { CellHandle, RecordHandle, ScopeHandle, SourceHandle, VaultHandle } from "@salus/protocol";
import vectors from "../../../../vectors/keys-v1.json" with { type: "json" };
import {
  cellHandle,
  derive,
  Key,
  orderedColumnHandle,
  type Profile,
  type Purpose,
  recordHandle,
  scopeHandle,
  sealedColumnHandle,
} from "../../src/index.ts";
import type { ContextPart } from "../../src/keys.ts";
import { type Check, group, hex, outcome, same } from "./check.ts";

interface Written {
  readonly text?: string;
  readonly u32?: number;
  readonly bytes?: string;
}

/** Each key by what the vectors call it; a parent always stands before its children. */
const keys = new Map<string, Key<Purpose>>([
  ["account root", new Key("account-root", hex(vectors.roots["account root"]))],
  ["batch key", new Key("batch", hex(vectors.roots["batch key"]))],
]);
for (const { comment, parent, purpose, context } of vectors.valid) {
  keys.set(comment, deriveAny(keyOf(parent), purpose, context.map(part)));
}

export const keyChecks: readonly Check[] = group("keys-v1", [
  ...vectors.valid.map(({ comment, key }) => ({
    name: comment,
    run: () => same(Key.reveal(keyOf(comment)), key),
  })),
  ...vectors.handles.map((vector) => ({
    name: `handle of a ${vector.comment}`,
    run: () => same(handleOf(vector), vector.handle),
  })),
  ...vectors.tuples.map(({ parts, tuple }) => ({
    name: `tuple of ${parts.length} parts, ${tuple.slice(0, 16)}`,
    run: () => same(encodeTuple(...parts.map(hex)), tuple),
  })),
  ...vectors.invalid.map(({ comment, of, text, error }) => ({
    name: `handle that is ${comment}`,
    run: () => same(outcome(readHandle(of, text)), error),
  })),
]);

const HANDLES = {
  cell: CellHandle,
  record: RecordHandle,
  scope: ScopeHandle,
  source: SourceHandle,
  vault: VaultHandle,
};

function readHandle(of: string, text: string): Result<Uint8Array, { readonly kind: string }> {
  return HANDLES[of as keyof typeof HANDLES].fromHex(text);
}

/** What the type of `derive` would refuse to say in general: that each row of a file is in the tree. */
function deriveAny(
  parent: Key<Purpose>,
  purpose: string,
  context: readonly ContextPart[],
): Key<Purpose> {
  const anyDerive = derive as (
    parent: Key<Purpose>,
    child: string,
    ...context: readonly ContextPart[]
  ) => Key<Purpose>;
  return anyDerive(parent, purpose, ...context);
}

function handleOf({ parent, purpose, context }: (typeof vectors.handles)[number]): string {
  const key = keyOf(parent);
  const [first, second, third, prior] = context.map(part);
  if (has(key, "cell")) return toHex(cellHandle(key));
  if (has(key, "record-handle")) return toHex(recordHandle(key, `${first}`, `${second}`));
  if (has(key, "cell-index")) return toHex(sealedColumnHandle(key, `${first}`, Number(second)));
  if (!has(key, "scope-index")) throw new Error(`no handle is derived from a ${key.purpose} key`);
  if (purpose === "scope-handle") return toHex(scopeHandle(key));
  const column = { attribute: `${first}`, profile: second as Profile, bits: Number(third) };
  const priorDigest = prior instanceof Uint8Array ? { priorDigest: prior } : {};
  return toHex(orderedColumnHandle(key, { ...column, ...priorDigest }));
}

function has<P extends Purpose>(key: Key<Purpose>, purpose: P): key is Key<P> {
  return key.purpose === purpose;
}

function keyOf(name: string): Key<Purpose> {
  const key = keys.get(name);
  if (key === undefined) throw new Error(`no vector is called ${name}`);
  return key;
}

function part({ text, u32, bytes }: Written): ContextPart {
  return text ?? u32 ?? hex(bytes ?? "");
}
