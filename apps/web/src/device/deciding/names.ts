import { equalBytes, toHex } from "@salus/base";
import { ownSources, type Patient, type Registry, shownText } from "@salus/client";
import type { SourceHandle } from "@salus/protocol";

/** What a source is called: by its certificate, or since it is she herself, or by nothing. */
export type SourceName =
  | { readonly kind: "certified"; readonly name: string; readonly node: string }
  | { readonly kind: "own" }
  | { readonly kind: "unknown"; readonly handle: string };

/** What somebody who reads is called: by her certificates, by the patient's own words, or by nothing. */
export type ReaderName =
  | {
      readonly kind: "certified";
      readonly name: string;
      readonly node: string;
      readonly organisation: string;
      readonly suspended: boolean;
    }
  | { readonly kind: "called"; readonly name: string }
  | { readonly kind: "unknown"; readonly key: string };

/** So much of a name is shown. */
export const NAME_MAX = 128;
const KEY_LETTERS = 12;

/** The name of a source of hers. Takes: what its certificate says, where that was read before. */
export function sourceName(patient: Patient, registry: Registry, source: SourceHandle): SourceName {
  const handle = toHex(source);
  const key = patient.chain.sources.get(handle)?.key;
  if (key === undefined) return { kind: "unknown", handle };
  if (ownSources(patient).some((own) => equalBytes(own.source, source))) return { kind: "own" };
  const provider = registry.byKey(key);
  if (provider === undefined) return { kind: "unknown", handle };
  const { name, node } = provider;
  return { kind: "certified", name: shownText(name, NAME_MAX), node: shownText(node, NAME_MAX) };
}

/** What she has written herself stands behind what hospitals have. */
export function ownLast<T extends { readonly name: SourceName }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => Number(a.name.kind === "own") - Number(b.name.kind === "own"));
}

/** The name of somebody by her key: what the registry says goes before what the patient calls her. */
export function readerName(
  registry: Registry,
  called: ReadonlyMap<string, string>,
  key: Uint8Array,
): ReaderName {
  const provider = registry.byKey(key);
  if (provider === undefined) {
    const name = called.get(toHex(key));
    return name === undefined
      ? { kind: "unknown", key: toHex(key).slice(0, KEY_LETTERS) }
      : { kind: "called", name };
  }
  const { name, node, path, standing } = provider;
  const [top = ""] = path;
  return {
    kind: "certified",
    name: shownText(name, NAME_MAX),
    node: shownText(node, NAME_MAX),
    organisation: shownText(registry.byNode(top)?.name ?? top, NAME_MAX),
    suspended: standing === "suspended",
  };
}
