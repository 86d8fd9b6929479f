import { fromHex, toHex } from "@salus/base";
import { AccountHandle, DeviceId, VaultHandle } from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DeviceSecret,
  decodeHeld,
  derive,
  drawKey,
  encodeHeld,
  KemPair,
  Key,
  loginTag,
  openRoots,
  Phrase,
  rootKey,
  unlockPair,
  wrapRoots,
} from "../src/index.ts";
import { hex, must, outcome } from "./checks/check.ts";

// Goal: what a person writes down comes back as it was, what she mistypes is refused, and a way to
// unlock opens nothing but what was sealed to it, in its place.

const bytes = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: size, maxLength: size });
const account = AccountHandle.of(new Uint8Array(32).fill(1));

describe("a recovery phrase", () => {
  // The vectors of BIP-39 with 256 bits (github.com/trezor/python-mnemonic, vectors.json).
  it.each([
    ["00".repeat(32), `${"abandon ".repeat(23)}art`],
    ["ff".repeat(32), `${"zoo ".repeat(23)}vote`],
    [
      "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
      "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length",
    ],
  ])("of %s is the words of the standard", (entropy, words) => {
    expect(new Phrase(hex(entropy)).words.join(" ")).toBe(words);
    expect(toHex(Key.reveal(must(Phrase.parse(words)).secret))).toBe(entropy);
  });

  it("is read with other spacing and case", () => {
    const phrase = Phrase.draw();
    const typed = `  ${phrase.words.join("\n  ").toUpperCase()} `;
    expect(must(Phrase.parse(typed)).recoveryTag).toEqual(phrase.recoveryTag);
  });

  it("with any word exchanged for another is refused, but for one checksum in 256", () => {
    const { words } = new Phrase(hex("07".repeat(32)));
    const accepted = words.filter((word, at) => {
      const other = word === "zoo" ? "abandon" : "zoo";
      return Phrase.parse(words.with(at, other).join(" ")).ok;
    });
    expect(accepted).toEqual([]);
  });

  it("of twelve words is refused", () => {
    expect(outcome(Phrase.parse(`${"abandon ".repeat(11)}about`))).toBe("bad-phrase");
  });
});

describe("a device secret", () => {
  it("comes back from its text, however it is typed", () => {
    fc.assert(
      fc.property(bytes(16), (raw) => {
        const { text } = new DeviceSecret(raw);
        expect(text).toMatch(/^(?:[A-Z2-7]{5}-){5}[A-Z2-7]$/);
        const typed = text.toLowerCase().replaceAll("-", " ").replaceAll("o", "0");
        expect(DeviceSecret.reveal(must(DeviceSecret.parse(typed)))).toEqual(Uint8Array.from(raw));
      }),
    );
  });

  it.each(["", "AAAAA", `${"A".repeat(25)}B`, `${"A".repeat(25)}8`, "A".repeat(27)])(
    "is not %s",
    (text) => expect(outcome(DeviceSecret.parse(text))).toBe("bad-device-secret"),
  );
});

describe("account roots", () => {
  const opened = {
    roots: [drawKey("account-root"), drawKey("account-root")],
    vault: undefined,
    secret: DeviceSecret.draw(),
  };
  const place = { account, seq: 3, to: DeviceId.of(new Uint8Array(16)) };

  it("open for whom they were sealed to, and for nobody in another place", async () => {
    const phrase = Phrase.draw();
    const pair = unlockPair("phrase", phrase.secret, account);
    const wrap = await wrapRoots(pair, place, opened);
    const again = must(await openRoots(pair, place, wrap));
    expect(again.roots.map(rootKey)).toEqual(opened.roots.map(rootKey));
    const elsewhere = AccountHandle.of(new Uint8Array(32).fill(2));
    const faults = [
      openRoots(pair, { ...place, seq: 4 }, wrap),
      openRoots(pair, { ...place, account: elsewhere }, wrap),
      openRoots(unlockPair("phrase", phrase.secret, elsewhere), place, wrap),
      openRoots(unlockPair("password", phrase.secret, account), place, wrap),
      openRoots(new KemPair(drawKey("kem-seed"), 1), place, wrap),
    ];
    const outcomes = await Promise.all(faults);
    expect(outcomes.map(outcome)).toEqual(faults.map(() => "unreadable"));
  });
});

describe("the faces of a device", () => {
  it("share no key", () => {
    const root = drawKey("device-root");
    const keys = (["account", "vault", "practitioner"] as const).flatMap((face) => [
      derive(root, "sign-seed", face),
      derive(root, "kem-seed", face),
    ]);
    expect(new Set(keys.map((key) => toHex(Key.reveal(key)))).size).toBe(keys.length);
  });
});

describe("what a device keeps", () => {
  it("comes back as it was", () => {
    const held = {
      device: drawKey("device-root"),
      id: DeviceId.of(new Uint8Array(16).fill(7)),
      account,
      secret: DeviceSecret.draw(),
      roots: [drawKey("account-root")],
      vault: VaultHandle.of(new Uint8Array(32).fill(9)),
    };
    expect(encodeHeld(must(decodeHeld(encodeHeld(held))))).toEqual(encodeHeld(held));
    const empty = { ...held, account: undefined, secret: undefined, roots: [], vault: undefined };
    expect(encodeHeld(must(decodeHeld(encodeHeld(empty))))).toEqual(encodeHeld(empty));
    expect(outcome(decodeHeld(must(fromHex("a0"))))).toBe("malformed");
  });

  it("prints without its secrets", () => {
    const held = [drawKey("device-root"), DeviceSecret.draw(), Phrase.draw()];
    expect(JSON.stringify(held)).toBe(
      '["[device-root key]","[device secret]","[recovery phrase]"]',
    );
  });
});

describe("a login", () => {
  it("is the same in any case, width and margin", () => {
    expect(loginTag(" ADA@Example.org")).toEqual(loginTag("ada@example.org"));
    expect(loginTag("ada@example.org")).not.toEqual(loginTag("ida@example.org"));
  });
});
