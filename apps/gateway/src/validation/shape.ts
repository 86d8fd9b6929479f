import type { Issue } from "../outcome.ts";
import type { Definitions } from "./definitions.ts";

/** What a resource is made of, as far as that can be told without its definition. */
export interface Shape {
  readonly issues: readonly Issue[];
  /** Whether the validator may have it all the same: what is wrong can neither stop nor mislead it. */
  readonly judgeable: boolean;
  /** Types of the resource and of those in it. */
  readonly types: ReadonlySet<string>;
}

/** Nobody reads more of them, and an answer has an end. */
export const ISSUES_MAX = 100;
/** More values than these are in no resource: judging them takes a second. */
const VALUES_MAX = 20_000;
const DEPTH_MAX = 64;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const NAME = /^_?[A-Za-z][A-Za-z0-9]{0,63}$/;

/**
 * Look whether a value can be a resource at all, before it is judged element by element.
 *
 * Nothing in what is judgeable is deep or large enough to stop the validator, and no name of an element is one that
 * every object of JavaScript has anyway.
 */
export function shapeOf(resource: unknown, definitions: Definitions): Shape {
  return new Walk(definitions).over(resource);
}

type Code = "structure" | "too-long" | "value";

class Walk {
  readonly #definitions: Definitions;
  readonly #issues: Issue[] = [];
  readonly #types = new Set<string>();
  #values = 0;
  #judgeable = true;
  /** Whether there is more of it than is looked at. */
  #endless = false;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  over(resource: unknown): Shape {
    const type = isObject(resource) ? resource.resourceType : undefined;
    if (typeof type !== "string" || !NAME.test(type)) {
      this.#refuse("A resource says its type in resourceType.", "resourceType");
    } else {
      this.#object(resource as Readonly<Record<string, unknown>>, type, 1);
    }
    return { issues: this.#issues, judgeable: this.#judgeable, types: this.#types };
  }

  #object(object: Readonly<Record<string, unknown>>, path: string, depth: number): void {
    if (Object.hasOwn(object, "resourceType")) {
      this.#type(object.resourceType, path);
      // The definitions say of it no more than that it is a text.
      if (typeof object.id === "string" && !ID.test(object.id)) {
        this.#note("An id is up to 64 letters, digits, - and dots.", `${path}.id`, "value");
      }
    }
    const entries = Object.entries(object);
    if (entries.length === 0) this.#note("An element is not empty.", path);
    for (const [name, value] of entries) {
      if (this.#endless) return;
      // `toString` and its like are found in every object, so that nobody else would call them unknown.
      if (!NAME.test(name) || name in Object.prototype) {
        this.#refuse("An element has a name that FHIR has not.", path);
      } else {
        this.#value(value, `${path}.${name}`, depth);
      }
    }
  }

  #value(value: unknown, path: string, depth: number): void {
    this.#values += 1;
    if (this.#values > VALUES_MAX) {
      this.#endless = true;
      this.#refuse(`A resource has at most ${VALUES_MAX} values.`, path, "too-long");
    } else if (Array.isArray(value)) {
      if (value.length === 0) this.#note("A list is not empty.", path);
      for (const [at, one] of value.entries()) {
        if (this.#endless) return;
        if (Array.isArray(one)) this.#refuse("A list holds no lists.", `${path}[${at}]`);
        else this.#value(one, `${path}[${at}]`, depth);
      }
    } else if (value === "") {
      this.#note("A text is not empty.", path);
    } else if (isObject(value)) {
      if (depth >= DEPTH_MAX) this.#refuse("Elements are nested too deeply.", path, "too-long");
      else this.#object(value, path, depth + 1);
    }
  }

  #type(type: unknown, path: string): void {
    if (typeof type === "string" && this.#definitions.hasType(type)) this.#types.add(type);
    else this.#refuse("R4 has no resources of this type.", `${path}.resourceType`);
  }

  #refuse(diagnostics: string, path: string, code?: Code): void {
    this.#judgeable = false;
    this.#note(diagnostics, path, code);
  }

  #note(diagnostics: string, path: string, code: Code = "structure"): void {
    if (this.#issues.length === ISSUES_MAX) return;
    this.#issues.push({ severity: "error", code, diagnostics, expression: [path] });
  }
}

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
