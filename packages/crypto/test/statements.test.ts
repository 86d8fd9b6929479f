import { ed25519 } from "@noble/curves/ed25519.js";
import { type Bytes, compareBytes } from "@salus/base";
import { signedMessage, verifySignature, verifySigned } from "@salus/evaluate";
import {
  type CborValue,
  encodeCbor,
  encodeSigned,
  splitSigned,
  statementSchemas,
  VerifyKey,
} from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { outcome } from "./checks/check.ts";
import { patient, stranger } from "./people.ts";
import { samples, types } from "./statement-samples.ts";

// Goal: a statement says one thing, in one spelling, of one type, by one key; all else is a typed error.
// Method: a statement of every type; every field of it left out, doubled, retyped, emptied, grown and
// exchanged; every pair of types.

type Fields = Readonly<Record<string, CborValue>>;

/** Sign any payload as a type, well-formed or not: what a faulty or hostile signer could do. */
function signAny(type: string, payload: Bytes, signer = patient): Bytes {
  const signature = signer.signBytes(signedMessage(type, payload));
  return encodeSigned({ type, payload, key: signer.signer.key, signature });
}

it("has a sample of every type, and accepts it", () => {
  expect(types.toSorted()).toEqual(Object.keys(statementSchemas).toSorted());
  for (const type of types) {
    const signed = patient.signer.sign(type, samples[type]);
    expect(verifySigned(type, signed)).toMatchObject({
      ok: true,
      value: { payload: samples[type] },
    });
  }
});

describe.each(types)("%s", (type) => {
  const fields = samples[type] as unknown as Fields;
  const names = Object.keys(fields);
  const judged = (payload: Bytes): string => outcome(verifySigned(type, signAny(type, payload)));
  const judge = (changed: Fields): string => judged(encodeCbor(changed));

  it.each(names)("refuses %s left out, retyped, emptied or grown", (name) => {
    const { [name]: value, ...rest } = fields;
    expect(judge(rest)).toBe("malformed");
    for (const other of illTyped(value as CborValue)) {
      expect(judge({ ...rest, [name]: other }), JSON.stringify(other)).toBe("malformed");
    }
  });

  it("refuses a field that it does not know, and a field twice", () => {
    expect(judge({ ...fields, zusatz: 1 })).toBe("malformed");
    const bytes = encodeCbor(fields);
    const count = (bytes[0] as number) - 0xa0;
    const [least = ""] = names.toSorted((a, b) => compareBytes(encodeCbor(a), encodeCbor(b)));
    const first = encodeCbor({ [least]: fields[least] as CborValue }).subarray(1);
    const doubled = Uint8Array.from([0xa0 + count + 1, ...first, ...bytes.subarray(1)]);
    expect(judged(doubled)).toBe("malformed");
  });

  it("refuses two fields exchanged, unless they have the same shape", () => {
    for (const a of names) {
      for (const b of names) {
        const [x, y] = [fields[a] as CborValue, fields[b] as CborValue];
        if (shape(x) === shape(y)) continue;
        expect(judge({ ...fields, [a]: y, [b]: x }), `${a} and ${b}`).toBe("malformed");
      }
    }
  });

  it("refuses any bit changed", () => {
    const signed = patient.signer.sign(type, samples[type]);
    for (let bit = 0; bit < signed.length * 8; bit += 5) {
      const changed = signed.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(verifySigned(type, changed, patient.signer.key).ok, `bit ${bit}`).toBe(false);
    }
  });

  it("refuses every length but its own", () => {
    const signed = patient.signer.sign(type, samples[type]);
    for (let size = 0; size < signed.length; size += 1) {
      expect(outcome(verifySigned(type, signed.subarray(0, size)))).toBe("malformed");
    }
    expect(outcome(verifySigned(type, Uint8Array.from([...signed, 0])))).toBe("malformed");
  });
});

describe("K-09: a signature of one type", () => {
  it("never verifies as another, for all ordered pairs", () => {
    let pairs = 0;
    for (const signedAs of types) {
      const payload = encodeCbor(samples[signedAs]);
      const signature = patient.signBytes(signedMessage(signedAs, payload));
      for (const readAs of [...types, "record"]) {
        const message = signedMessage(readAs, payload);
        const verdict = verifySignature(patient.signer.key, message, signature);
        expect(verdict.ok, `${signedAs} as ${readAs}`).toBe(signedAs === readAs);
        if (signedAs !== readAs) {
          const relabelled = encodeSigned({
            type: readAs,
            payload,
            key: patient.signer.key,
            signature,
          });
          expect(verifySigned(signedAs, relabelled).ok).toBe(false);
          pairs += 1;
        }
      }
    }
    expect(pairs).toBe(types.length ** 2);
  });
});

describe("K-08: keys and signatures that lax verifiers accept", () => {
  const identity = VerifyKey.of(Uint8Array.from([1, ...new Uint8Array(31)]));
  const message = signedMessage("capability", new Uint8Array(3));

  it("refuses the identity key with a signature of zeros", () => {
    const zero = Uint8Array.from([1, ...new Uint8Array(63)]);
    expect(outcome(verifySignature(identity, message, zero))).toBe("bad-key");
    expect(outcome(verifySignature(identity, message, new Uint8Array(64)))).toBe("bad-key");
  });

  it("refuses a good key with a part of order 8 added", () => {
    const { Point } = ed25519;
    const torsion = Point.fromHex(
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    );
    const key = Point.fromBytes(patient.signer.key).add(torsion).toBytes();
    expect(outcome(verifySignature(VerifyKey.of(key), message, new Uint8Array(64)))).toBe(
      "bad-key",
    );
  });

  it("refuses a signature with S + L", () => {
    const signature = patient.signBytes(message);
    const s = ed25519.Point.Fn.fromBytes(signature.subarray(32));
    const grown = signature.slice();
    let rest = s + ed25519.Point.Fn.ORDER;
    for (let at = 32; at < 64; at += 1, rest >>= 8n) grown[at] = Number(rest & 0xffn);
    expect(outcome(verifySignature(patient.signer.key, message, signature))).toBe("ok");
    expect(outcome(verifySignature(patient.signer.key, message, grown))).toBe("bad-signature");
  });

  it("refuses a signature of another length", () => {
    const signature = patient.signBytes(message);
    for (const size of [0, 32, 63]) {
      const short = signature.subarray(0, size);
      expect(outcome(verifySignature(patient.signer.key, message, short))).toBe("bad-signature");
    }
  });
});

describe("errors", () => {
  const signed = patient.signer.sign("capability", samples.capability);

  it("names another type, another key, a spoilt signature, each in its way", () => {
    expect(outcome(verifySigned("certificate", signed))).toBe("wrong-type");
    expect(outcome(verifySigned("capability", signed, stranger.signer.key))).toBe("wrong-key");
    const parts = splitSigned(signed);
    if (!parts.ok) throw new Error("no parts");
    const other = stranger.signBytes(signedMessage("capability", parts.value.payload));
    const forged = encodeSigned({ ...parts.value, signature: other });
    expect(outcome(verifySigned("capability", forged))).toBe("bad-signature");
  });

  it("carries nothing of the content", () => {
    const long = signAny("capability", encodeCbor({ ...samples.capability, canary: "canary" }));
    expect(JSON.stringify(verifySigned("capability", long))).not.toContain("canary");
  });

  it("does not sign what its reader would refuse", () => {
    const odd = { ...samples.capability, nonce: new Uint8Array(15) };
    expect(() => patient.signer.sign("capability", odd)).toThrow(
      "bug: a capability fits its schema",
    );
  });

  it("prints a signer as its name", () => {
    expect(JSON.stringify({ signer: patient.signer })).toBe('{"signer":"[signer]"}');
  });
});

/** Values that no field of this shape can hold. */
function illTyped(value: CborValue): readonly CborValue[] {
  const common: readonly CborValue[] = [null, true, { a: 1 }, "x".repeat(70_000), [[]]];
  if (typeof value === "number") return [...common, "1", new Uint8Array(1), []];
  if (typeof value === "string") return [...common, 1, new Uint8Array(4), []];
  if (value instanceof Uint8Array) {
    const grown = new Uint8Array(value.length + 1);
    const sizes = value.length === 0 ? [grown] : [grown, value.subarray(1)];
    return [...common, 1, "text", [], ...sizes.filter((bytes) => bytes.length !== 16)];
  }
  if (Array.isArray(value))
    return [...common, 1, "text", new Uint8Array(16), Array(5000).fill(value[0] ?? 1)];
  return [...common, 1, "text", new Uint8Array(16), []];
}

function shape(value: CborValue): string {
  if (value instanceof Uint8Array) return `bytes ${value.length}`;
  return Array.isArray(value) ? "list" : typeof value;
}
