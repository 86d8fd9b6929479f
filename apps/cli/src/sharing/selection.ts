import { fail, fromHex, ok, type Result, toHex } from "@salus/base";
import type { AdmittedSource, GivenGrant, Patient } from "@salus/client";
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

/** The sources of a vault that `--source` names: by organisation, or by handle. */
export function sourcesOf(
  homes: Homes,
  patient: Patient,
  names: readonly string[],
): Result<readonly SourceHandle[] | "all", Failure> {
  if (names.length === 0 || names.includes("all")) return ok("all");
  const chosen: SourceHandle[] = [];
  for (const name of names) {
    const source = sourceOf(homes, patient.sources(), name);
    if (!source.ok) return source;
    chosen.push(source.value.source);
  }
  return ok(chosen);
}

function sourceOf(
  homes: Homes,
  sources: readonly AdmittedSource[],
  name: string,
): Result<AdmittedSource, Failure> {
  const bytes = fromHex(name);
  const handle = bytes.ok ? SourceHandle.parse(bytes.value) : bytes;
  const byHandle = handle.ok
    ? sources.find(({ source }) => toHex(source) === toHex(handle.value))
    : undefined;
  if (byHandle !== undefined) return ok(byHandle);
  const what = "a source of this vault";
  const person = homes.find(name, what, "organisation");
  if (!person.ok) return person;
  const found = sources.find(({ key }) => toHex(key) === person.value.key);
  if (found !== undefined) return ok(found);
  return fail({
    kind: "unknown-name",
    name,
    what,
    known: sources.map((one) => nameOf(homes, one)),
  });
}

/** What an admitted source is called here. */
export function nameOf(homes: Homes, { key, source }: AdmittedSource): string {
  const person = homes.byKey(toHex(key));
  if (person?.role === "patient") return "the patient herself";
  return person?.name || person?.id || `source ${toHex(source)}`;
}

/** A grant by its handle, or the beginning of it. Fails: `unknown-name`, `ambiguous-name`. */
export function grantOf(patient: Patient, text: string): Result<GivenGrant, Failure> {
  const what = "a grant of this vault";
  const found = patient.grants().filter(({ grant }) => toHex(grant).startsWith(text.toLowerCase()));
  const [first] = found;
  if (first !== undefined && found.length === 1) return ok(first);
  const known = patient.grants().map(({ grant }) => toHex(grant));
  const kind = first === undefined ? "unknown-name" : "ambiguous-name";
  return fail({ kind, name: text, what, known });
}
