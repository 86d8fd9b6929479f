import { fail, ok, type Result } from "@salus/base";
import { type Outcome, refusal } from "../outcome.ts";

/** Deeper than any resource is, and shallow enough for whoever walks through it. */
const DEPTH_MAX = 100;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** What FHIR lets in no string, and JSON in none that is not escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const RAW_CONTROL = /[\u0000-\u001f]/;

/** A fault at a place of the text. */
class Fault {
  readonly code: "structure" | "invalid" | "value" | "duplicate" | "too-long";
  readonly says: string;

  constructor(code: Fault["code"], says: string) {
    this.code = code;
    this.says = says;
  }
}

/**
 * Read JSON as strictly as a record deserves.
 *
 * `JSON.parse` keeps the last of two members of one name, so that a signature, a validator and a reader could each see
 * another record; it makes infinities of large numbers and takes halves of characters. Here these are refused, and
 * the refusal names the element. Numbers become the nearest double: `1.00` is kept as `1`.
 *
 * Takes:   bytes of UTF-8, with or without a byte order mark. `root` names what should stand there: `Patient`.
 * Fails:   400 with the expression of the element.
 * Source:  RFC 8259; R4 JSON representation; R4 datatypes, string.
 */
export function readJson(bytes: Uint8Array, root: string): Result<unknown, Outcome> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail(refusal(400, "structure", "The body is not UTF-8."));
  }
  const reader = new JsonReader(text);
  const read = reader.whole();
  if (!(read instanceof Fault)) return ok(read);
  const expression = [reader.placeBelow(root)];
  return fail(refusal(400, read.code, read.says, { expression }));
}

class JsonReader {
  readonly #text: string;
  readonly #place: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The element at which reading stopped. */
  placeBelow(root: string): string {
    let place = root;
    for (const step of this.#place) {
      const name = typeof step === "string" && /^[A-Za-z_]\w{0,63}$/.test(step) ? step : "?";
      // A name that is none is not repeated: it may be anything.
      place += typeof step === "number" ? `[${step}]` : name === "?" ? "" : `.${name}`;
    }
    return place;
  }

  whole(): unknown {
    const value = this.#value(0);
    if (value instanceof Fault) return value;
    this.#space();
    if (this.#at === this.#text.length) return value;
    return new Fault("structure", "Something stands behind the JSON.");
  }

  #value(depth: number): unknown {
    this.#space();
    const mark = this.#text[this.#at];
    switch (mark) {
      case "{":
      case "[":
        if (depth >= DEPTH_MAX) return new Fault("too-long", "The JSON is nested too deeply.");
        return mark === "{" ? this.#object(depth + 1) : this.#array(depth + 1);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      case undefined:
        return new Fault("structure", "The JSON ends too early.");
      default:
        return this.#number();
    }
  }

  #object(depth: number): unknown {
    const members: Record<string, unknown> = {};
    this.#at += 1;
    this.#space();
    if (this.#take("}")) return members;
    for (;;) {
      this.#space();
      const name = this.#string();
      if (name instanceof Fault) return name;
      this.#place.push(name);
      if (name === "__proto__") return new Fault("structure", "No element has this name.");
      if (Object.hasOwn(members, name)) {
        return new Fault("duplicate", "An element stands here twice.");
      }
      this.#space();
      if (!this.#take(":")) return new Fault("structure", "A colon is missing.");
      const value = this.#value(depth);
      if (value instanceof Fault) return value;
      members[name] = value;
      this.#place.pop();
      this.#space();
      if (this.#take("}")) return members;
      if (!this.#take(",")) return new Fault("structure", "A comma or a brace is missing.");
    }
  }

  #array(depth: number): unknown {
    const items: unknown[] = [];
    this.#at += 1;
    this.#space();
    if (this.#take("]")) return items;
    for (;;) {
      this.#place.push(items.length);
      const value = this.#value(depth);
      if (value instanceof Fault) return value;
      items.push(value);
      this.#place.pop();
      this.#space();
      if (this.#take("]")) return items;
      if (!this.#take(",")) return new Fault("structure", "A comma or a bracket is missing.");
    }
  }

  #string(): string | Fault {
    const end = this.#closing();
    if (end === undefined) return new Fault("structure", "A text in quotes is missing or broken.");
    const written = this.#text.slice(this.#at, end);
    if (RAW_CONTROL.test(written)) {
      return new Fault("structure", "A text holds a control character that is not escaped.");
    }
    const value = written.includes("\\") ? unescaped(written) : written.slice(1, -1);
    if (value === undefined) return new Fault("structure", "A text has an escape that is none.");
    if (!isWellFormed(value)) return new Fault("value", "A text holds half of a character.");
    if (CONTROL.test(value)) return new Fault("value", "A text holds a control character.");
    this.#at = end;
    return value;
  }

  /** Where the text that begins here ends: behind the first quote that no backslash escapes. */
  #closing(): number | undefined {
    if (this.#text[this.#at] !== '"') return undefined;
    let end = this.#text.indexOf('"', this.#at + 1);
    while (end >= 0) {
      let slashes = 0;
      while (this.#text[end - 1 - slashes] === "\\") slashes += 1;
      if (slashes % 2 === 0) return end + 1;
      end = this.#text.indexOf('"', end + 1);
    }
    return undefined;
  }

  #number(): number | Fault {
    NUMBER.lastIndex = this.#at;
    const [written] = NUMBER.exec(this.#text) ?? [];
    if (written === undefined) return new Fault("structure", "There is no JSON value here.");
    const value = Number(written);
    const vanished = value === 0 && /[1-9]/.test(written.split(/[eE]/, 1)[0] ?? "");
    if (!Number.isFinite(value) || vanished) {
      return new Fault("value", "A number is larger or smaller than can be kept.");
    }
    this.#at += written.length;
    return value;
  }

  #word(word: string, value: boolean | null): unknown {
    if (!this.#text.startsWith(word, this.#at)) {
      return new Fault("structure", "There is no JSON value here.");
    }
    this.#at += word.length;
    return value;
  }

  #take(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }
}

/** Take the escapes of one text away; nothing where one is none. */
function unescaped(written: string): string | undefined {
  try {
    return JSON.parse(written) as string;
  } catch {
    return undefined;
  }
}

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
