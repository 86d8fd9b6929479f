import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, equalBytes, toHex } from "@salus/base";
import { verifySignature } from "@salus/evaluate";
import { VerifyKey } from "@salus/protocol";
import { expect, it } from "vitest";
import * as evaluateNode from "../../evaluate/src/engine/node.ts";
import * as evaluateWeb from "../../evaluate/src/engine/web.ts";
import * as node from "../src/engine/node.ts";
import * as web from "../src/engine/web.ts";
import { expand } from "../src/expand.ts";
import { suites } from "../src/hpke.ts";
import { hex } from "./checks/check.ts";
import { describePublished, readPublished, type Wycheproof } from "./published.ts";

// Goal: what we build on does what its standards say, in both engines, and says no where it must.
// Method: the vectors of Wycheproof, CCTV and RFC 9180, all that apply to the one shape that we use
// of each. Counts are pinned, so that a file cannot shrink without being noticed.

const engines = [
  ["node", node],
  ["web", web],
] as const;

describePublished("Wycheproof", () => {
  it.each(engines)("AES-256-GCM without associated data: %s", (_, engine) => {
    interface Group {
      readonly ivSize: number;
      readonly keySize: number;
      readonly tagSize: number;
    }
    interface Test {
      readonly key: string;
      readonly iv: string;
      readonly aad: string;
      readonly msg: string;
      readonly ct: string;
      readonly tag: string;
    }
    const file = readPublished<Wycheproof<Group, Test>>("wycheproof/aes_gcm_test.json.gz");
    let checked = 0;
    for (const group of file.testGroups) {
      if (group.keySize !== 256 || group.ivSize !== 96 || group.tagSize !== 128) continue;
      for (const test of group.tests.filter(({ aad }) => aad === "")) {
        const [key, iv, text, sealed] = [test.key, test.iv, test.msg, test.ct + test.tag].map(hex);
        const opened = engine.gcmOpen(key as Bytes, iv as Bytes, sealed as Bytes);
        if (test.result === "valid") {
          expect(toHex(engine.gcmSeal(key as Bytes, iv as Bytes, text as Bytes))).toBe(
            toHex(sealed as Bytes),
          );
        }
        expect(opened === undefined ? undefined : toHex(opened), `tcId ${test.tcId}`).toBe(
          test.result === "valid" ? test.msg : undefined,
        );
        checked += 1;
      }
    }
    expect(checked).toBe(48);
  });

  it.each(engines)("X25519: %s", (_, { x25519 }) => {
    interface Test {
      readonly public: string;
      readonly private: string;
      readonly shared: string;
    }
    const file = readPublished<Wycheproof<object, Test>>("wycheproof/x25519_test.json.gz");
    const tests = file.testGroups.flatMap((group) => group.tests);
    let refused = 0;
    for (const test of tests) {
      const shared = attempt(() => x25519.getSharedSecret(hex(test.private), hex(test.public)));
      if (shared === undefined) {
        // Only a point of small order gives a shared secret of zeros, and is refused.
        expect(test.shared, `tcId ${test.tcId}`).toBe("00".repeat(32));
        refused += 1;
      } else {
        expect(toHex(shared), `tcId ${test.tcId}`).toBe(test.shared);
      }
    }
    expect([tests.length, refused]).toEqual([518, 31]);
  });

  it.each(engines)("HMAC-SHA-256: %s", (_, { hmacSha256 }) => {
    interface Test {
      readonly key: string;
      readonly msg: string;
      readonly tag: string;
    }
    const file = readPublished<Wycheproof<{ tagSize: number }, Test>>(
      "wycheproof/hmac_sha256_test.json.gz",
    );
    let checked = 0;
    for (const { tagSize, tests } of file.testGroups) {
      for (const test of tests) {
        const tag = toHex(hmacSha256(hex(test.key), hex(test.msg))).slice(0, tagSize / 4);
        expect(tag === test.tag, `tcId ${test.tcId}`).toBe(test.result === "valid");
        checked += 1;
      }
    }
    expect(checked).toBe(174);
  });

  it("HKDF-SHA-256", () => {
    interface Test {
      readonly ikm: string;
      readonly salt: string;
      readonly info: string;
      readonly size: number;
      readonly okm: string;
    }
    const file = readPublished<Wycheproof<object, Test>>("wycheproof/hkdf_sha256_test.json.gz");
    const tests = file.testGroups.flatMap((group) => group.tests);
    for (const test of tests) {
      const salt = test.salt === "" ? new Uint8Array(32) : hex(test.salt);
      const root = node.hmacSha256(salt, hex(test.ikm));
      const okm = attempt(() => expand(root, hex(test.info), test.size));
      const expected = test.result === "valid" ? test.okm : undefined;
      expect(okm === undefined ? undefined : toHex(okm), `tcId ${test.tcId}`).toBe(expected);
    }
    expect(tests.length).toBe(86);
  });

  it("ML-KEM-768", () => {
    interface Test {
      readonly seed?: string;
      readonly ek?: string;
      readonly c?: string;
      readonly K?: string;
    }
    const file = readPublished<Wycheproof<object, Test>>("wycheproof/mlkem_768_test.json.gz");
    let checked = 0;
    for (const test of file.testGroups.flatMap((group) => group.tests)) {
      const { seed, ek, c, K } = test;
      if (seed === undefined || c === undefined) continue;
      const key = attempt(() => {
        const pair = ml_kem768.keygen(hex(seed));
        if (ek !== undefined) expect(toHex(pair.publicKey), `tcId ${test.tcId}`).toBe(ek);
        return ml_kem768.decapsulate(hex(c), pair.secretKey);
      });
      const expected = test.result === "valid" ? K : undefined;
      expect(key === undefined ? undefined : toHex(key), `tcId ${test.tcId}`).toBe(expected);
      checked += 1;
    }
    expect(checked).toBe(193);
  });

  it("Ed25519: every verdict but for the keys that the strict verifier refuses", () => {
    interface Group {
      readonly publicKey: { readonly pk: string };
    }
    interface Test {
      readonly msg: string;
      readonly sig: string;
    }
    const file = readPublished<Wycheproof<Group, Test>>("wycheproof/ed25519_test.json.gz");
    let accepted = 0;
    for (const { publicKey, tests } of file.testGroups) {
      const key = VerifyKey.of(hex(publicKey.pk));
      for (const test of tests) {
        const verdict = verifySignature(key, hex(test.msg), hex(test.sig)).ok;
        expect(verdict, `tcId ${test.tcId}`).toBe(test.result === "valid");
        if (verdict) accepted += 1;
      }
    }
    expect([file.numberOfTests, accepted]).toEqual([151, 88]);
  });
});

describePublished("CCTV: edge cases on which Ed25519 verifiers disagree", () => {
  interface Edge {
    readonly number: number;
    readonly key: string;
    readonly sig: string;
    readonly msg: string;
  }

  it("one of 914 passes the strict verifier", () => {
    const edges = readPublished<readonly Edge[]>("cctv-ed25519/ed25519vectors.json");
    const verdicts = edges.map(({ key, sig, msg }) => {
      const result = verifySignature(VerifyKey.of(hex(key)), utf8(msg), hex(sig));
      return result.ok ? "ok" : result.error.kind;
    });
    const count = (verdict: string): number => verdicts.filter((v) => v === verdict).length;
    expect([edges.length, count("ok"), count("bad-key"), count("bad-signature")]).toEqual([
      914, 1, 886, 27,
    ]);
    expect(edges[verdicts.indexOf("ok")]?.number).toBe(305);
  });

  it("both engines agree on every one whose key is good", () => {
    const edges = readPublished<readonly Edge[]>("cctv-ed25519/ed25519vectors.json");
    let asked = 0;
    for (const { key, sig, msg, number } of edges) {
      const verdict = verifySignature(VerifyKey.of(hex(key)), utf8(msg), hex(sig));
      if (!verdict.ok && verdict.error.kind === "bad-key") continue;
      const said = [evaluateNode, evaluateWeb].map(({ ed25519Verifier }) =>
        attempt(() => ed25519Verifier(hex(key))(utf8(msg), hex(sig))),
      );
      expect(said[0], `number ${number}`).toBe(said[1]);
      asked += 1;
    }
    expect(asked).toBe(28);
  });
});

describePublished("RFC 9180", () => {
  interface Vector {
    readonly kdf_id: number;
    readonly aead_id: number;
    readonly info: string;
    readonly skRm: string;
    readonly skEm: string;
    readonly enc: string;
    readonly encryptions: readonly {
      readonly aad: string;
      readonly pt: string;
      readonly ct: string;
    }[];
  }

  it("HPKE in base mode with X25519 and AES-256-GCM, both ways", async () => {
    const vectors = readPublished<readonly Vector[]>("rfc/rfc9180-hpke-x25519-base.json.gz");
    const vector = vectors.find(({ kdf_id, aead_id }) => kdf_id === 1 && aead_id === 2);
    if (vector === undefined) throw new Error("no vector of our suite");
    const hpke = suites[2];
    const info = hex(vector.info).buffer;
    const pair = async (secret: string): Promise<CryptoKeyPair> => ({
      privateKey: await hpke.kem.deserializePrivateKey(hex(secret)),
      publicKey: await hpke.kem.deserializePublicKey(node.x25519.getPublicKey(hex(secret))),
    });
    const [recipient, ekm] = [await pair(vector.skRm), await pair(vector.skEm)];
    const sender = await hpke.createSenderContext({
      recipientPublicKey: recipient.publicKey,
      info,
      ekm,
    });
    expect(toHex(new Uint8Array(sender.enc))).toBe(vector.enc);
    const receiver = await hpke.createRecipientContext({
      recipientKey: recipient.privateKey,
      enc: hex(vector.enc),
      info,
    });
    for (const { aad, pt, ct } of vector.encryptions) {
      const sealed = new Uint8Array(await sender.seal(hex(pt).buffer, hex(aad).buffer));
      expect(toHex(sealed)).toBe(ct);
      const opened = new Uint8Array(await receiver.open(hex(ct).buffer, hex(aad).buffer));
      expect(equalBytes(opened, hex(pt))).toBe(true);
    }
    expect(vector.encryptions.length).toBe(20);
  });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text) as Bytes;
}
