import type { Doing } from "./caller.ts";

/** What may be done to resources of one type, "*" for every type. */
export interface Right {
  readonly type: string;
  readonly doings: ReadonlySet<Doing>;
}

const LETTERS: readonly (readonly [letter: string, doing: Doing])[] = [
  ["c", "create"],
  ["r", "read"],
  ["u", "update"],
  ["d", "delete"],
  ["s", "search"],
];
/** What the words of version 1 stand for. Source: SMART App Launch 2.2, "Scopes for requesting FHIR resources". */
const WORDS: Readonly<Record<string, string>> = { read: "rs", write: "cud", "*": "cruds" };
const SCOPE = /^system\/(\*|[A-Z][A-Za-z]{1,63})\.(read|write|\*|c?r?u?d?s?)$/;

/**
 * Read one scope of SMART: `system/Observation.rs`, `system/*.read`.
 *
 * Gives:   nothing where it is none of a system, or none that can be kept here. A scope that lets see only a part of
 *          a type (`?category=…`) is none: to grant the whole instead would be more than was agreed.
 */
export function readScope(text: string): Right | undefined {
  const [, type, written = ""] = SCOPE.exec(text) ?? [];
  if (type === undefined || written === "") return undefined;
  const letters = WORDS[written] ?? written;
  const doings = LETTERS.filter(([letter]) => letters.includes(letter)).map(([, doing]) => doing);
  return { type, doings: new Set(doings) };
}

/** Write a right as version 2 does. */
function writeScope({ type, doings }: Right): string {
  const letters = LETTERS.filter(([, doing]) => doings.has(doing)).map(([letter]) => letter);
  return `system/${type}.${letters.join("")}`;
}

/**
 * What of the scopes that a client asks for its registration has.
 *
 * Takes:   the request's `scope`, and the scopes of its registration.
 * Gives:   the scopes that are granted, as the client wrote them where it gets the whole of one; empty for nothing.
 */
export function grantedScopes(asked: string, registered: readonly string[]): readonly string[] {
  const rights = registered.flatMap((scope) => readScope(scope) ?? []);
  const granted = new Set<string>();
  for (const text of asked.split(" ").slice(0, SCOPES_MAX)) {
    const right = readScope(text);
    if (right === undefined) continue;
    for (const part of rights.flatMap((has) => shared(right, has) ?? [])) {
      const whole = part.type === right.type && part.doings.size === right.doings.size;
      granted.add(whole ? text : writeScope(part));
    }
  }
  return [...granted];
}

/** Nobody writes as many by hand; a client that does gets what the first of them say. */
const SCOPES_MAX = 200;

function shared(asked: Right, has: Right): Right | undefined {
  const type = asked.type === "*" ? has.type : asked.type;
  if (has.type !== "*" && has.type !== type) return undefined;
  const doings = new Set([...asked.doings].filter((doing) => has.doings.has(doing)));
  return doings.size === 0 ? undefined : { type, doings };
}

/** Whether scopes let something be done to a type; `type` "*" asks for every type. */
export function allows(scopes: readonly string[], doing: Doing, type: string): boolean {
  return scopes.some((text) => {
    const right = readScope(text);
    return right?.doings.has(doing) === true && (right.type === "*" || right.type === type);
  });
}
