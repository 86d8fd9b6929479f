import { fail, ok, type Result, utf8 } from "@salus/base";
import type { KeyStore, StoreDamaged } from "@salus/client";

/** Something that this device remembers, sealed as her keys are: what it wrote, it reads. */
export class Kept<Value> {
  readonly #name: string;
  readonly #first: Value;

  /** Takes:   `first`, what there is before anything was kept. */
  constructor(name: string, first: Value) {
    this.#name = name;
    this.#first = first;
  }

  /** Fails:   `store-damaged`. */
  async read(store: KeyStore): Promise<Result<Value, StoreDamaged>> {
    const stored = await store.read(this.#name);
    if (!stored.ok) return stored;
    if (stored.value === undefined) return ok(this.#first);
    try {
      return ok(JSON.parse(new TextDecoder().decode(stored.value)) as Value);
    } catch {
      return fail({ kind: "store-damaged", name: this.#name });
    }
  }

  write(store: KeyStore, value: Value): Promise<void> {
    return store.write(this.#name, utf8(JSON.stringify(value)));
  }

  /** Fails:   `store-damaged`. */
  async change(
    store: KeyStore,
    change: (value: Value) => Value,
  ): Promise<Result<void, StoreDamaged>> {
    const before = await this.read(store);
    if (!before.ok) return before;
    await this.write(store, change(before.value));
    return ok(undefined);
  }
}
