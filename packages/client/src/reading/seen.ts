import { toHex, utf8 } from "@salus/base";
import { digest } from "@salus/evaluate";

/**
 * Which records have come already, and with which content: to take a repetition once, and to refuse
 * two contents under one id.
 *
 * Cost:    some 100 bytes a record.
 */
export class Seen {
  readonly #contents = new Map<string, string>();

  /** Note a record. Gives: whether it is new, the same again, or another one under the same id. */
  note(patient: string, source: string, type: string, id: string, content: string): Novelty {
    const key = short(`${patient}\n${source}\n${type}/${id}`);
    const now = short(content);
    const before = this.#contents.get(key);
    if (before === undefined) this.#contents.set(key, now);
    if (before === undefined) return "new";
    return before === now ? "repeated" : "other";
  }
}

export type Novelty = "new" | "repeated" | "other";

/** 96 bits: nobody chooses both of two records of one import. */
function short(text: string): string {
  return toHex(digest(utf8(text)).subarray(0, 12));
}
