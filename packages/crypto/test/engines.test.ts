import { type Bytes, toHex } from "@salus/base";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as evaluateNode from "../../evaluate/src/engine/node.ts";
import * as evaluateWeb from "../../evaluate/src/engine/web.ts";
import * as node from "../src/engine/node.ts";
import * as web from "../src/engine/web.ts";

// Goal: Node and a browser compute the same bytes and give the same verdicts.
// Method: one contract, both engines, random inputs; then what Node's own defaults would get wrong.

const bytes = (minLength: number, maxLength = minLength): fc.Arbitrary<Bytes> =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Uint8Array.from(array));
const key = bytes(32);

describe("the engines agree on", () => {
  it("SHA-256, in one part or several", () => {
    fc.assert(
      fc.property(bytes(0, 300), bytes(0, 300), (a, b) => {
        const digests = [evaluateNode, evaluateWeb].flatMap(({ sha256 }) => [
          sha256(a, b),
          sha256(Uint8Array.from([...a, ...b])),
        ]);
        expect(new Set(digests.map(toHex)).size).toBe(1);
      }),
    );
  });

  it("HMAC-SHA-256", () => {
    fc.assert(
      fc.property(bytes(1, 100), bytes(0, 100), bytes(0, 100), (k, a, b) => {
        expect(toHex(web.hmacSha256(k, a, b))).toBe(toHex(node.hmacSha256(k, a, b)));
      }),
    );
  });

  it("AES-256-GCM, sealed by one and opened by the other", () => {
    fc.assert(
      fc.property(key, bytes(12), bytes(0, 500), (k, nonce, text) => {
        const sealed = node.gcmSeal(k, nonce, text);
        expect(toHex(web.gcmSeal(k, nonce, text))).toBe(toHex(sealed));
        expect(toHex(web.gcmOpen(k, nonce, sealed) ?? new Uint8Array(0))).toBe(toHex(text));
        expect(toHex(node.gcmOpen(k, nonce, sealed) ?? new Uint8Array(0))).toBe(toHex(text));
      }),
    );
  });

  it("Ed25519 keys, signatures and verdicts", () => {
    fc.assert(
      fc.property(key, bytes(0, 200), fc.nat({ max: 511 }), (seed, message, bit) => {
        const [a, b] = [node.ed25519Signer(seed), web.ed25519Signer(seed)];
        const signature = a.sign(message);
        expect(toHex(b.publicKey)).toBe(toHex(a.publicKey));
        expect(toHex(b.sign(message))).toBe(toHex(signature));
        const spoilt = Uint8Array.from(signature);
        spoilt[bit >> 3] = (spoilt[bit >> 3] as number) ^ (1 << (bit & 7));
        for (const { ed25519Verifier } of [evaluateNode, evaluateWeb]) {
          const verify = ed25519Verifier(a.publicKey);
          expect([verify(message, signature), verify(message, spoilt)]).toEqual([true, false]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("X25519 keys and shared secrets", () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const peer = node.x25519.getPublicKey(b);
        expect(toHex(web.x25519.getPublicKey(b))).toBe(toHex(peer));
        const shared = node.x25519.getSharedSecret(a, peer);
        expect(toHex(web.x25519.getSharedSecret(a, peer))).toBe(toHex(shared));
      }),
      { numRuns: 20 },
    );
  });

  it("refusing X25519 points of small order", () => {
    for (const { x25519 } of [node, web]) {
      expect(() =>
        x25519.getSharedSecret(new Uint8Array(32).fill(7), new Uint8Array(32)),
      ).toThrow();
    }
  });
});

describe.each([
  ["node", node],
  ["web", web],
])("C-10: %s", (_, { gcmSeal, gcmOpen }) => {
  const [k, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(12)];
  const sealed = gcmSeal(k, nonce, new Uint8Array(100));

  it.each([0, 4, 8, 12, 15])("refuses a tag of %i bytes", (size) => {
    expect(gcmOpen(k, nonce, sealed.slice(0, 100 + size))).toBeUndefined();
    expect(gcmOpen(k, nonce, sealed.slice(0, size))).toBeUndefined();
  });

  it("gives nothing for any bit changed", () => {
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const spoilt = sealed.slice();
      spoilt[bit >> 3] = (spoilt[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(gcmOpen(k, nonce, spoilt)).toBeUndefined();
    }
  });
});
