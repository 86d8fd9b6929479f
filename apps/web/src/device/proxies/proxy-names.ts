import { fail, ok, type Result, utf8 } from "@salus/base";
import type { KeyStore, StoreDamaged } from "@salus/client";

/** What she calls people whom she trusts, by the hexadecimal of a key: only this device knows it. */
export type ProxyNames = ReadonlyMap<string, string>;

const NAME = "web/proxies";

export async function proxyNames(store: KeyStore): Promise<Result<ProxyNames, StoreDamaged>> {
  const stored = await store.read(NAME);
  if (!stored.ok) return stored;
  if (stored.value === undefined) return ok(new Map());
  try {
    const kept = JSON.parse(new TextDecoder().decode(stored.value)) as [string, string][];
    return ok(new Map(kept));
  } catch {
    return fail({ kind: "store-damaged", name: NAME });
  }
}

/** Remember what she calls somebody. Fails: `store-damaged`. */
export async function nameProxy(
  store: KeyStore,
  key: string,
  name: string,
): Promise<Result<void, StoreDamaged>> {
  const names = await proxyNames(store);
  if (!names.ok) return names;
  await store.write(NAME, utf8(JSON.stringify([...new Map(names.value).set(key, name)])));
  return ok(undefined);
}
