import { dateMatches, PREFIXES, type Prefix, span, spanOf } from "./date.ts";
import { at, isObject, type Json, type JsonObject, texts } from "./json.ts";
import { PARAMETERS, type Parameter } from "./parameters.ts";
import { askedQuantity, quantityMatches } from "./quantity.ts";
import { type Condition, type Search, splitAt, unescaped } from "./query.ts";
import { referenceMatches } from "./reference.ts";
import type { Rules } from "./rules.ts";
import { stringMatches } from "./string.ts";
import { ofTypeMatches, tokenMatches, tokenTextMatches } from "./token.ts";

/** The parameter of a type, `_id` included. Throws when the table has none: a fault of the test. */
export function parameterOf(type: string, name: string): Parameter {
  if (name === "_id") return { kind: "token", paths: ["id"] };
  const found = PARAMETERS[type]?.[name];
  if (found === undefined) throw new Error(`the oracle has no ${type}.${name}`);
  return found;
}

/** Whether a resource is an answer to a search. */
export function answers(resource: JsonObject, search: Search, rules: Rules): boolean {
  return (
    resource.resourceType === search.type &&
    search.conditions.every((condition) => holds(resource, condition, search.type, rules))
  );
}

function holds(resource: JsonObject, condition: Condition, type: string, rules: Rules): boolean {
  const parameter = parameterOf(type, condition.name);
  const { modifier, alternatives } = condition;
  if (modifier === "missing")
    return isPresent(resource, parameter) === (alternatives[0] === "false");
  const matches = (text: string, how: string): boolean =>
    matchesOne(resource, parameter, how, text, rules);
  if (modifier === "not") return !alternatives.some((text) => matches(text, ""));
  return alternatives.some((text) => matches(text, modifier));
}

function isPresent(resource: JsonObject, parameter: Parameter): boolean {
  switch (parameter.kind) {
    case "deceased":
      return true;
    case "composite":
      throw new Error("the oracle has no :missing on composites");
    case "telecom":
      return at(resource, "telecom").some((contact) => hasSystem(contact, parameter.system));
    default:
      return parameter.paths.some((path) => at(resource, path).length > 0);
  }
}

const hasSystem = (contact: Json, system: string): boolean =>
  isObject(contact) && contact.system === system;

function matchesOne(
  root: Json,
  parameter: Parameter,
  modifier: string,
  text: string,
  rules: Rules,
): boolean {
  switch (parameter.kind) {
    case "token":
      return values(root, parameter.paths).some((value) =>
        tokenHolds(value, modifier, text, rules),
      );
    case "telecom":
      return at(root, "telecom").some(
        (contact) => hasSystem(contact, parameter.system) && tokenMatches(contact, text, rules),
      );
    case "deceased": {
      const [flag] = at(root, "deceasedBoolean");
      return String(at(root, "deceasedDateTime").length > 0 || flag === true) === text;
    }
    case "reference": {
      const type = modifier === "" ? (parameter.only ?? "") : modifier;
      return values(root, parameter.paths).some((value) =>
        referenceMatches(value, type, unescaped(text)),
      );
    }
    case "string": {
      const asked = unescaped(text);
      const fields = parameter.paths.flatMap((path) => texts(root, path));
      return fields.some((field) => stringMatches(modifier, field, asked));
    }
    case "date": {
      const [prefix, rest] = prefixed(text);
      const asked = span(rest);
      if (asked === undefined) throw new Error(`not a date: ${text}`);
      const spans = values(root, parameter.paths).map(spanOf);
      return spans.some((value) => value !== undefined && dateMatches(prefix, value, asked, rules));
    }
    case "quantity": {
      const [prefix, rest] = prefixed(text);
      const asked = askedQuantity(rest);
      return values(root, parameter.paths).some((value) =>
        quantityMatches(prefix, value, asked, rules),
      );
    }
    case "composite": {
      const [one = "", two = ""] = splitAt(text, "$");
      return values(root, parameter.within).some(
        (component) =>
          matchesOne(component, parameter.parts[0], "", one, rules) &&
          matchesOne(component, parameter.parts[1], "", two, rules),
      );
    }
  }
}

const values = (root: Json, paths: readonly string[]): Json[] =>
  paths.flatMap((path) => at(root, path));

function tokenHolds(value: Json, modifier: string, text: string, rules: Rules): boolean {
  switch (modifier) {
    case "":
      return tokenMatches(value, text, rules);
    case "text":
      return tokenTextMatches(value, unescaped(text));
    case "of-type":
      return ofTypeMatches(value, text, rules);
    default:
      throw new Error(`the oracle has no token modifier ${modifier}`);
  }
}

function prefixed(text: string): [Prefix, string] {
  const prefix = PREFIXES.find((name) => text.startsWith(name));
  return prefix === undefined ? ["eq", text] : [prefix, text.slice(2)];
}
