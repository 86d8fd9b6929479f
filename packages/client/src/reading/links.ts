/** The names under which the entries of one Bundle refer to each other: fullUrl to `Type/id`. */
export class Links {
  readonly #targets = new Map<string, string>();
  /** Whether something was asked for that no entry has had so far. */
  missed = false;

  add(fullUrl: string, target: string): void {
    // `http://a.example/fhir/Patient/1` and `Patient/1` are the same: nothing to remember.
    if (!fullUrl.endsWith(`/${target}`)) this.#targets.set(fullUrl, target);
  }

  resolve(reference: string): string | undefined {
    const target = this.#targets.get(reference);
    if (target === undefined && reference.startsWith("urn:")) this.missed = true;
    return target;
  }
}

/** What a reference says of its target beside where it is. */
export type OnReference = (reference: string, display: string | undefined) => void;

/**
 * Rewrite, in place, each reference to another entry of the Bundle as `Type/id`, as a server does
 * that takes a transaction in. What no entry has is left as it is.
 */
export function relink(value: unknown, links: Links, onReference?: OnReference): void {
  if (Array.isArray(value)) {
    for (const element of value) relink(element, links, onReference);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const object = value as Record<string, unknown>;
  const { reference, display } = object;
  if (typeof reference === "string") {
    const target = links.resolve(reference) ?? reference;
    object.reference = target;
    onReference?.(target, typeof display === "string" ? display : undefined);
  }
  for (const key in object) {
    const element = object[key];
    if (typeof element === "object") relink(element, links, onReference);
  }
}
