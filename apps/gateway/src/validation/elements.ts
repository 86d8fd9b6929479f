import type { CrawlerVisitor, TypedValueWithPath } from "@medplum/core";
import type { Issue, IssueCode, Severity } from "../outcome.ts";
import { codeFault } from "./bindings.ts";
import type { Definitions } from "./definitions.ts";
import { type Element, formFaults } from "./form.ts";
import { primitiveFault } from "./primitives.ts";
import { isObject } from "./shape.ts";

type Visit = Parameters<CrawlerVisitor["visitProperty"]>;

/** Source: R4 datatypes, string. What is written in base64 has no such bound. */
const TEXT_MAX = 1024 * 1024;
const BASE = "http://hl7.org/fhir/StructureDefinition/";
/** `Patient/17`, on this server. Others point to where nobody here can look. */
const RELATIVE =
  /^([A-Z][A-Za-z]{1,63})\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/**
 * What R4 says of elements and the validator does not look at: lists where one value belongs and the other way
 * round, two types of one choice, days that no month has, codes of value sets, types that a reference may have.
 */
export class ElementChecks implements CrawlerVisitor {
  readonly issues: Issue[] = [];
  readonly #definitions: Definitions;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  visitProperty(...[parent, key, , values, schema]: Visit): void {
    const element = schema.elements[key];
    if (element === undefined) return;
    // The path that is handed in has no places of lists.
    const place = `${parent.path}.${key}`;
    const faults = isObject(parent.value) ? formFaults(parent.value, key, element) : [];
    for (const fault of faults) this.#say("error", "structure", fault, place);
    for (const value of values.flat()) {
      if (value?.value !== undefined) this.#checkValue(value, element);
    }
  }

  #checkValue({ type, value, path }: TypedValueWithPath, element: Element): void {
    const held = value instanceof String ? value.valueOf() : value;
    const fault = primitiveFault(type, held);
    if (fault !== undefined) this.#say("error", "value", fault, path);
    if (type !== "base64Binary" && typeof held === "string" && held.length > TEXT_MAX) {
      this.#say("error", "too-long", "A text has at most 1 MB.", path);
    }
    const set = element.binding?.valueSet;
    const codes = set === undefined ? undefined : this.#definitions.codesOf(set);
    if (codes !== undefined && held !== null) {
      const wrong = codeFault(type, held, codes);
      if (wrong) this.#say(wrong.severity, "code-invalid", wrong.diagnostics, path);
    }
    if (type === "Reference" && isObject(held)) this.#checkReference(held, element, path);
  }

  #checkReference(
    { reference }: Readonly<Record<string, unknown>>,
    element: Element,
    path: string,
  ): void {
    const type = typeof reference === "string" ? RELATIVE.exec(reference)?.[1] : undefined;
    const targets = element.type.flatMap(({ targetProfile }) => targetProfile ?? []);
    if (type === undefined || targets.length === 0) return;
    const fits = targets.some((target) => {
      return target === BASE + type || target === `${BASE}Resource` || !target.startsWith(BASE);
    });
    if (fits) return;
    const says = "R4 has no reference to resources of this type here.";
    this.#say("warning", "value", says, `${path}.reference`);
  }

  #say(severity: Severity, code: IssueCode, diagnostics: string, path: string): void {
    this.issues.push({ severity, code, diagnostics, expression: [path] });
  }
}
