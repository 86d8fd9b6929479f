import type { CrawlerVisitor } from "@medplum/core";
import { isObject } from "./shape.ts";

/** An element as the validator knows it. */
export type Element = Parameters<CrawlerVisitor["visitProperty"]>[4]["elements"][string];

type Members = Readonly<Record<string, unknown>>;

/**
 * Check how an element is written in JSON: as a list or not, as an object or not, in one type of a choice, and what
 * stands beside it below its name with an underscore.
 *
 * Takes:   `object`, which holds it, and its `key` in the definition: `value[x]` for a choice.
 * Gives:   what is wrong, as sentences.
 * Source:  R4 JSON representation: repeating elements, primitives, choices.
 */
export function formFaults(object: Members, key: string, element: Element): readonly string[] {
  const isChoice = key.endsWith("[x]");
  const forms = isChoice
    ? element.type.map(({ code }) => ({ name: key.slice(0, -3) + capitalised(code), code }))
    : [{ name: key, code: element.type[0]?.code ?? "" }];
  const given = forms.filter(({ name }) => {
    return Object.hasOwn(object, name) || Object.hasOwn(object, `_${name}`);
  });
  const faults = given.flatMap(({ name, code }) => {
    const isList = element.isArray ?? false;
    return [
      ...valueFaults(object, name, code, isList),
      ...besideFaults(object, name, code, isList),
    ];
  });
  return given.length > 1 ? ["An element has a value of one type only.", ...faults] : faults;
}

function valueFaults(object: Members, name: string, code: string, isList: boolean): string[] {
  if (!Object.hasOwn(object, name)) return [];
  const value = object[name];
  if (Array.isArray(value) !== isList) {
    return [isList ? "This element is a list." : "This element has one value, and no list."];
  }
  const all: readonly unknown[] = isList ? (value as readonly unknown[]) : [value];
  // Nulls are holes of lists, which the validator looks at.
  const wrong = all.some((one) => one !== null && isObject(one) === isPrimitive(code));
  if (!wrong) return [];
  return [isPrimitive(code) ? "This element is no object." : "This element is an object."];
}

/** Extensions of a primitive stand beside it, below its name with an underscore. */
function besideFaults(object: Members, name: string, code: string, isList: boolean): string[] {
  if (!Object.hasOwn(object, `_${name}`)) return [];
  if (!isPrimitive(code))
    return ["Only a primitive has something below its name with an underscore."];
  const beside = object[`_${name}`];
  const all = isList && Array.isArray(beside) ? beside : [beside];
  const sound =
    Array.isArray(beside) === isList && all.every((one) => one === null || isObject(one));
  return sound ? [] : ["What stands below a name with an underscore is formed as its element is."];
}

function isPrimitive(code: string): boolean {
  return !/^[A-Z]/.test(code);
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
