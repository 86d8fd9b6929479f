import { fail, ok } from "@salus/base";
import { uriKeyword } from "../canonical/keyword.ts";
import { askKeyword, type Questions, type ReadNeedle } from "./needle.ts";
import { unescaped } from "./query-text.ts";

/** Read a uri: the whole of it; of a canonical, any version unless one is asked for. */
export const readUri: ReadNeedle = (text, parameter) => {
  const wanted = unescaped(text);
  if (wanted === "") return fail("empty-value");
  return ok({
    matches: (values) => values.some((value) => isUri(value, wanted)),
    questions: askKeyword(parameter, uriKeyword(wanted)),
  });
};

/** Whether a value is a uri, in any version where none is asked for. */
export function isUri(value: unknown, wanted: string): boolean {
  if (typeof value !== "string") return false;
  return value === wanted || (!wanted.includes("|") && value.startsWith(`${wanted}|`));
}

/** Read `:below`: an address, and all whose paths begin with its path. Nothing is below a urn. */
export const readUriBelow: ReadNeedle = (text) => {
  const wanted = unescaped(text);
  if (!ADDRESS.test(wanted)) return fail("bad-value");
  const folder = wanted.endsWith("/") ? wanted : `${wanted}/`;
  return ok({
    matches: (values) =>
      values.some(
        (value) => typeof value === "string" && (value === wanted || value.startsWith(folder)),
      ),
    questions: [],
  });
};

/** Read `:above`: an address, and all that its path leads through. */
export const readUriAbove: ReadNeedle = (text, parameter) => {
  const wanted = unescaped(text);
  if (!ADDRESS.test(wanted)) return fail("bad-value");
  const above = new Set(addressesAbove(wanted));
  const questions: Questions[] = [...above].map((each) => askKeyword(parameter, uriKeyword(each)));
  return ok({
    matches: (values) => values.some((value) => typeof value === "string" && above.has(value)),
    questions: questions.some((clauses) => clauses.length === 0)
      ? []
      : [questions.flatMap((clauses) => clauses[0] ?? [])],
  });
};

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i;

/** With and without the stroke at the end, down to the host. */
function addressesAbove(address: string): readonly string[] {
  const root = ADDRESS.exec(address)?.[0] ?? address;
  const found: string[] = [address];
  for (let at = address.replace(/\/$/, ""); at.length >= root.length; ) {
    found.push(at, `${at}/`);
    const stroke = at.lastIndexOf("/");
    if (stroke < root.length) break;
    at = at.slice(0, stroke);
  }
  return found;
}
