import { assert, type Bytes, toHex } from "@salus/base";
import { argon2id } from "hash-wasm";

/**
 * What a passphrase costs to guess: 64 MiB and three passes, the second choice of RFC 9106 §4,
 * about a quarter of a second here. A home that asks for less is refused, so that nobody who can
 * write its file makes guessing cheaper.
 */
export interface PassphraseCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

export const COST_FLOOR: PassphraseCost = { memoryKiB: 65_536, passes: 3 };
export const SALT_BYTES = 16;

/** A file could ask for so much memory that the process dies: this is as far as it may go. */
export const COST_CEILING: PassphraseCost = { memoryKiB: 1_048_576, passes: 16 };

/** The keys that one passphrase gives, each derived once however many homes ask for it. */
export class Passphrase {
  readonly #text: string;
  readonly #derived: Map<string, Promise<Bytes>> = new Map();

  constructor(text: string) {
    this.#text = text.normalize("NFKC");
  }

  /**
   * The 32 bytes below which a home seals its secrets.
   *
   * Cost:    one Argon2id per salt and process.
   * Source:  RFC 9106.
   */
  key(salt: Uint8Array, cost: PassphraseCost): Promise<Bytes> {
    assert(salt.length === SALT_BYTES, "a home's salt is 16 bytes");
    const name = `${toHex(salt)}/${cost.memoryKiB}/${cost.passes}`;
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const derived = argon2id({
      password: this.#text,
      salt,
      parallelism: 1,
      iterations: cost.passes,
      memorySize: cost.memoryKiB,
      hashLength: 32,
      outputType: "binary",
    }) as Promise<Bytes>;
    this.#derived.set(name, derived);
    return derived;
  }

  toJSON(): string {
    return "[passphrase]";
  }
}
