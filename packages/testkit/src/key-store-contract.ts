import { equalBytes } from "@salus/base";
import type { KeyStore } from "@salus/client";
import { describe, expect, it } from "vitest";

/** What every key store must do, whatever it is made of. `open` gives an empty one. */
export function keyStoreContract(open: () => Promise<KeyStore>): void {
  const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
  const contents = async (store: KeyStore, name: string): Promise<Uint8Array | undefined> => {
    const read = await store.read(name);
    if (!read.ok) throw new Error(`${name}: ${read.error.kind}`);
    return read.value;
  };

  describe("key store contract", () => {
    it("has nothing under a name that was never written", async () => {
      expect(await contents(await open(), "account")).toBeUndefined();
    });

    it("gives back what was last written", async () => {
      const store = await open();
      await store.write("pins/a", bytes(1, 2, 3));
      await store.write("pins/a", bytes(4));
      await store.write("pins/b", bytes());
      expect(await contents(store, "pins/a")).toEqual(bytes(4));
      expect(await contents(store, "pins/b")).toEqual(bytes());
    });

    it("keeps a megabyte of every byte value", async () => {
      const store = await open();
      const large = new Uint8Array(1 << 20).map((_, at) => (at * 167) & 255);
      await store.write("outbox/0", large);
      const read = await contents(store, "outbox/0");
      expect(read !== undefined && equalBytes(read, large)).toBe(true);
    });

    it("is not changed by what the caller does to its buffers", async () => {
      const store = await open();
      const mine = bytes(7, 7);
      await store.write("a", mine);
      mine.fill(0);
      const first = await contents(store, "a");
      first?.fill(9);
      expect(await contents(store, "a")).toEqual(bytes(7, 7));
    });

    it("forgets what was removed, and does not mind removing nothing", async () => {
      const store = await open();
      await store.write("a", bytes(1));
      await store.remove("a");
      await store.remove("a");
      expect(await contents(store, "a")).toBeUndefined();
    });

    it("lists names by prefix, in order", async () => {
      const store = await open();
      for (const name of ["outbox/b", "pins/a", "outbox/a", "outbox-2"]) {
        await store.write(name, bytes(1));
      }
      expect(await store.list("outbox/")).toEqual(["outbox/a", "outbox/b"]);
      expect(await store.list("nothing")).toEqual([]);
    });

    it("leaves one whole value when many are written at once", async () => {
      const store = await open();
      const writes = Array.from({ length: 8 }, (_, at) => new Uint8Array(5000).fill(at));
      await Promise.all(writes.map((value) => store.write("a", value)));
      const read = await contents(store, "a");
      expect(writes.some((value) => read !== undefined && equalBytes(read, value))).toBe(true);
    });
  });
}
