import { fail, fromHex, ok, type Result, toHex } from "@salus/base";
import type { AdmittedSource, Patient, Provider, Registry } from "@salus/client";
import { CATEGORIES, type Category, ORDINARY_CATEGORIES } from "@salus/health";
import { SourceHandle } from "@salus/protocol";
import type { Homes } from "../homes/homes.ts";
import type { Failure } from "../words.ts";

/** The categories that `--category` names; `ordinary` is everything but the sensitive ones. */
export function categoriesOf(
  names: readonly string[],
): Result<readonly Category[] | "all", Failure> {
  if (names.includes("all")) return ok("all");
  const wanted = new Set<Category>();
  for (const name of names) {
    const known = CATEGORIES.find((category) => category === name);
    if (known !== undefined) wanted.add(known);
    else if (name === "ordinary") for (const one of ORDINARY_CATEGORIES) wanted.add(one);
    else return unknownCategory(name);
  }
  return ok([...wanted]);
}

function unknownCategory(name: string): Result<never, Failure> {
  const known = ["all", "ordinary", ...CATEGORIES];
  return fail({ kind: "unknown-name", name, what: "a category", known });
}

/** Where the names of sources stand: in the folder, and in the registry if it was fetched. */
export interface Names {
  readonly homes: Homes;
  readonly registry?: Registry;
}

/** The sources of a vault that `--source` names: by organisation, or by handle. */
export function sourcesOf(
  known: Names,
  patient: Patient,
  names: readonly string[],
): Result<readonly SourceHandle[] | "all", Failure> {
  if (names.length === 0 || names.includes("all")) return ok("all");
  const chosen: SourceHandle[] = [];
  for (const name of names) {
    const source = sourceOf(known, patient.sources(), name);
    if (!source.ok) return source;
    chosen.push(source.value.source);
  }
  return ok(chosen);
}

function sourceOf(
  { homes, registry }: Names,
  sources: readonly AdmittedSource[],
  name: string,
): Result<AdmittedSource, Failure> {
  const bytes = fromHex(name);
  const handle = bytes.ok ? SourceHandle.parse(bytes.value) : bytes;
  const byHandle = handle.ok
    ? sources.find(({ source }) => toHex(source) === toHex(handle.value))
    : undefined;
  if (byHandle !== undefined) return ok(byHandle);
  const provider = sources.filter(({ key }) => isCalled(registry?.byKey(key), name));
  const [only] = provider;
  if (only !== undefined && provider.length === 1) return ok(only);
  const what = "a source of this vault";
  const person = homes.find(name, what, "organisation");
  const found = person.ok && sources.find(({ key }) => toHex(key) === person.value.key);
  if (found) return ok(found);
  if (!person.ok && person.error.kind === "ambiguous-name") return person;
  return fail({
    kind: "unknown-name",
    name,
    what,
    known: sources.map((one) => registry?.byKey(one.key)?.name ?? nameOf(homes, one)),
  });
}

function isCalled(provider: Provider | undefined, name: string): boolean {
  if (provider === undefined) return false;
  return [provider.node, provider.name].some((one) => one.toLowerCase() === name.toLowerCase());
}

/** What an admitted source is called here. */
export function nameOf(homes: Homes, { key, source }: AdmittedSource): string {
  const person = homes.byKey(toHex(key));
  if (person?.role === "patient") return "the patient herself";
  return person?.name || person?.id || `source ${toHex(source)}`;
}
