// The codes of value sets, as far as they are published in full.

/** HL7's code systems and value sets, to be asked for the codes of a set. */
export class ValueSets {
  #systems = new Map();
  #sets = new Map();

  /** Takes: `CodeSystem` and `ValueSet` resources. */
  constructor(resources) {
    for (const resource of resources) {
      const { resourceType, url } = resource;
      if (resourceType === "CodeSystem") this.#systems.set(url, new CodeSystem(resource));
      if (resourceType === "ValueSet") this.#sets.set(url, resource);
    }
  }

  /**
   * Every code of a set, by its system.
   *
   * Gives:   nothing where a part of the set is not published: languages, units, kinds of files. Whoever asks
   *          then leaves the set out, because to refuse a code that is in it would be worse.
   */
  codesOf(url, above = []) {
    const set = this.#sets.get(url);
    if (set?.compose === undefined || above.includes(url)) return undefined;
    const path = [...above, url];
    const codes = this.#codesOfAll(set.compose.include, path);
    const not = this.#codesOfAll(set.compose.exclude ?? [], path);
    if (codes === undefined || not === undefined) return undefined;
    for (const [system, list] of Object.entries(not)) {
      codes[system] = (codes[system] ?? []).filter((code) => !list.includes(code));
    }
    return codes;
  }

  #codesOfAll(includes, path) {
    const all = {};
    for (const include of includes) {
      const codes = this.#codesOfOne(include, path);
      if (codes === undefined) return undefined;
      for (const [system, list] of Object.entries(codes)) {
        all[system] = [...new Set([...(all[system] ?? []), ...list])];
      }
    }
    return all;
  }

  #codesOfOne({ system, concept, filter, valueSet }, path) {
    if (system === undefined) {
      const parts = (valueSet ?? []).map((url) => this.codesOf(url, path));
      // Several sets in one include are what all of them have; that is in none that is wanted.
      return parts.length === 1 ? parts[0] : undefined;
    }
    if (valueSet !== undefined) return undefined;
    if (concept !== undefined) return { [system]: concept.map(({ code }) => code) };
    const codes = this.#systems.get(system)?.codesWith(filter ?? []);
    return codes && { [system]: codes };
  }
}

class CodeSystem {
  /** Codes with all that stand above them. */
  #codes = new Map();
  #complete;

  constructor({ content, concept }) {
    this.#complete = content === "complete";
    this.#enter(concept ?? [], []);
  }

  #enter(concepts, above) {
    for (const { code, property, concept } of concepts) {
      const parents = (property ?? [])
        .filter(({ code: name }) => name === "subsumedBy")
        .map(({ valueCode }) => valueCode);
      this.#codes.set(code, [...above, ...parents]);
      this.#enter(concept ?? [], [...above, code]);
    }
  }

  codesWith(filters) {
    if (!this.#complete || this.#codes.size === 0) return undefined;
    let codes = [...this.#codes.keys()];
    for (const { property, op, value } of filters) {
      if (property !== "concept" || (op !== "is-a" && op !== "descendent-of")) return undefined;
      const below = (code) => this.#isBelow(code, value);
      codes = codes.filter((code) => below(code) || (op === "is-a" && code === value));
    }
    return codes;
  }

  #isBelow(code, ancestor, seen = new Set()) {
    if (seen.has(code)) return false;
    seen.add(code);
    const parents = this.#codes.get(code) ?? [];
    return parents.includes(ancestor) || parents.some((one) => this.#isBelow(one, ancestor, seen));
  }
}
