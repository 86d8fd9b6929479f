import { assert, type Bytes, toHex } from "@salus/base";
import { argon2id } from "hash-wasm";
import { type PassphraseCost, SALT_BYTES } from "./passphrase-cost.ts";

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
