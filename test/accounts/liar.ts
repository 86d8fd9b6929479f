import { type Bytes, compareBytes } from "@salus/base";
import { Account, type Directory, memoryKeyStore } from "@salus/client";
import { DeviceSecret, derive, encodeHeld, type Key, Signer, wrapRoots } from "@salus/crypto";
import { type AccountState, liveOpeners } from "@salus/evaluate";
import { OpenerId, type RootWrap } from "@salus/protocol";
import { type DirectoryLies, lyingDirectory, must } from "@salus/testkit";
import type { SignedUp } from "./person.ts";

// What somebody can do who has the key of a device and a directory that lies.

/** The account's chain, as the directory shows it to her. */
export async function linksOf(
  directory: Directory,
  { account }: SignedUp,
): Promise<readonly Bytes[]> {
  return must(await directory.accountChain(must(account.caller()), 0)).links;
}

/** Whose key the liar has: what it signs is in order, and not hers. */
export function signerOf({ account }: SignedUp): Signer {
  return new Signer(derive(account.held.device, "sign-seed", "account"));
}

/** The same device after a restart, with nothing but its secrets, asking a directory that lies. */
export async function restarted(
  honest: Directory,
  { account, store: from }: SignedUp,
  lies: DirectoryLies,
  options: { readonly pinned?: boolean } = {},
): Promise<Account> {
  const store = memoryKeyStore();
  for (const name of await from.list("")) {
    const pin = name.startsWith("pins/");
    if (!pin || options.pinned === true)
      await store.write(name, must(await from.read(name)) as Bytes);
  }
  await store.write("held", encodeHeld(account.held));
  return must(await Account.open({ directory: lyingDirectory(honest, lies), store }));
}

/** Wraps of some roots for everybody who is live, sorted. */
export async function wrapsOf(
  of: AccountState,
  roots: readonly Key<"account-root">[],
  seq = of.head.seq + 1,
): Promise<RootWrap[]> {
  const opened = { roots, vault: undefined, secret: DeviceSecret.draw() };
  const wraps = await Promise.all(
    liveOpeners(of).map(async (opener) => {
      const to = OpenerId.of(opener.id);
      return { to, wrap: await wrapRoots(opener, { account: of.account, seq, to }, opened) };
    }),
  );
  return wraps.sort((a, b) => compareBytes(a.to, b.to));
}
