import {
  type AccountState,
  applyAccountLinks,
  readAccount,
  rootWrapFor,
  sha256,
} from "@salus/evaluate";
import { AccountHandle, OpenerId, parseAccountRoots, type Suite } from "@salus/protocol";
import vectors from "../../../../vectors/account-v1.json" with { type: "json" };
import {
  DeviceSecret,
  derive,
  type Face,
  KemPair,
  Key,
  loginTag,
  openRoots,
  Phrase,
  passkeySecret,
  passwordSecret,
  prfSalt,
  rootKey,
  unlockPair,
} from "../../src/index.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";

const { keys } = vectors;
const account = AccountHandle.of(hex(vectors.account));
const appends = vectors.valid.map(({ links }) => links.map(hex));

export const accountChecks: readonly Check[] = group("account-v1", [
  ...vectors.states.map((vector) => ({
    name: `the account after ${vector.after} appends`,
    run(): void {
      const whole = must(readAccount(appends.slice(0, vector.after).flat()));
      same(whole.account, vectors.account);
      same(plain(whole), { ...vector, after: undefined });
      // One append at a time gives the same as all at once.
      same(plain(stateAfter(vector.after)), plain(whole));
    },
  })),
  ...vectors.invalid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const links = vector.links.map(hex);
      if (vector.after === 0) {
        same(outcome(readAccount(links)), vector.error);
        return;
      }
      const state = stateAfter(vector.after);
      const kept = plain(state);
      same(outcome(applyAccountLinks(state, links)), vector.error);
      same(plain(state), kept, "the state after a refused append");
    },
  })),
  ...keys.faces.map(({ face, purpose, key }) => ({
    name: `the ${purpose} of the face ${face}`,
    run(): void {
      const device = new Key("device-root", hex(keys.deviceRoot));
      const child = purpose as "sign-seed" | "kem-seed";
      same(Key.reveal(derive(device, child, face as Face)), key);
    },
  })),
  {
    name: "the keys of an account root",
    run(): void {
      const root = new Key("account-root", hex(keys.accountRoot));
      same(Key.reveal(derive(root, "root-sign-seed")), keys.ofRoot["root-sign-seed"]);
      same(Key.reveal(derive(root, "mailbox-sign-seed")), keys.ofRoot["mailbox-sign-seed"]);
      same(Key.reveal(derive(root, "mailbox-kem-seed")), keys.ofRoot["mailbox-kem-seed"]);
      same(Key.reveal(derive(root, "vault-root")), keys.ofRoot["vault-root"]);
      same(rootKey(root), keys.rootKey);
    },
  },
  {
    name: "the ways to unlock",
    run(): void {
      const secret = new DeviceSecret(hex(keys.deviceSecret));
      same(secret.text, keys.deviceSecretText);
      same(must(DeviceSecret.parse(keys.deviceSecretText)).text, keys.deviceSecretText);
      const phrase = new Phrase(hex(keys.entropy));
      const passkey = passkeySecret(hex(keys.prf));
      const password = passwordSecret(hex(keys.exportKey), secret);
      same(Key.reveal(derive(password, "unlock", "password", account)), keys.unlock.password);
      same(Key.reveal(derive(phrase.secret, "unlock", "phrase", account)), keys.unlock.phrase);
      same(Key.reveal(derive(passkey, "unlock", "passkey", account)), keys.unlock.passkey);
      same(phrase.recoveryTag, keys.recoveryTag);
      same(prfSalt(account), keys.prfSalt);
      same(sha256(unlockPair("phrase", phrase.secret, account).kem).length, 32);
    },
  },
  ...keys.logins.map(({ login, tag }) => ({
    name: `the tag of the login ${login}`,
    run: () => same(loginTag(login), tag),
  })),
  ...vectors.wraps.map(({ after, to, suite, seed, seq, plain: text }) => ({
    name: `the roots that ${to.slice(0, 8)} opens after ${after} appends`,
    async run(): Promise<void> {
      const pair = new KemPair(new Key("unlock", hex(seed)), suite as Suite);
      const wrap = rootWrapFor(stateAfter(after), hex(to));
      if (wrap === undefined) throw new Error("no wrap");
      const place = { account, seq, to: OpenerId.of(hex(to)) };
      const { roots, vault, secret } = must(await openRoots(pair, place, wrap));
      const expected = must(parseAccountRoots(hex(text)));
      same(roots.map(Key.reveal), expected.roots);
      same(vault, expected.vault);
      same(secret.text, new DeviceSecret(expected.secret).text);
      const known = stateAfter(after).roots;
      same(roots.map(rootKey), known);
      same(outcome(await openRoots(pair, { ...place, seq: seq + 1 }, wrap)), "unreadable");
    },
  })),
  ...vectors.roots.map(({ plain: bytes, ok }, at) => ({
    name: `account roots ${at + 1}`,
    run: () => same(outcome(parseAccountRoots(hex(bytes))), ok ? "ok" : "malformed"),
  })),
]);

function stateAfter(count: number): AccountState {
  let state = must(readAccount(appends[0] ?? []));
  for (const links of appends.slice(1, count)) state = must(applyAccountLinks(state, links));
  return state;
}

function plain(state: AccountState): unknown {
  const statuses = (map: ReadonlyMap<string, { readonly status: string }>): unknown =>
    Object.fromEntries([...map].map(([id, { status }]) => [id, status]));
  return {
    head: state.head.hash,
    devices: statuses(state.devices),
    unlocks: statuses(state.unlocks),
    roots: state.roots,
  };
}
