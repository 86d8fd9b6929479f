import { toHex } from "@salus/base";
import type { Match } from "@salus/client";
import type { SourceHandle, VaultHandle } from "@salus/protocol";

/** Where the newest resource of a name stands, as far as this process has seen. */
export interface Place {
  readonly vault: VaultHandle;
  readonly source: SourceHandle;
  /** When it was sealed, in milliseconds since 1970. */
  readonly at: number;
  readonly record: Match["record"];
  /** Provider nodes from whoever wrote it down to the author. */
  readonly path: readonly string[];
  /** Whether it was deleted there. */
  readonly isGone?: boolean;
}

const NAMES_MAX = 200_000;

/**
 * What stands where, by name: `Observation/17`. FHIR wants a name to be of one resource; here two hospitals may use
 * the same one, and an import puts a copy of what several patients' records mention in each vault. The newest one
 * has the name.
 */
export class NameBook {
  readonly #places = new Map<string, Place>();

  at(name: string): Place | undefined {
    return this.#places.get(name);
  }

  /** Note what stands somewhere. Gives: whether it is the newest of its name. */
  learn(name: string, place: Place): boolean {
    const known = this.#places.get(name);
    if (known !== undefined && !isSame(known, place) && known.at > place.at) return false;
    this.#places.delete(name);
    this.#places.set(name, place);
    for (const oldest of this.#places.keys()) {
      if (this.#places.size <= NAMES_MAX) break;
      this.#places.delete(oldest);
    }
    return true;
  }
}

function isSame(a: Pick<Place, "vault" | "source">, b: Pick<Place, "vault" | "source">): boolean {
  return placeText(a) === placeText(b);
}

/** A place as a text: whose vault, and which source. */
export function placeText({ vault, source }: Pick<Place, "vault" | "source">): string {
  return `${toHex(vault)}/${toHex(source)}`;
}
