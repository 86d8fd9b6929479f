import { type Bytes, concat, toHex } from "@salus/base";
import { digest, signedMessage, verifySignature, verifySigned } from "@salus/evaluate";
import {
  decodeCbor,
  encodeCbor,
  type StatementType,
  splitSigned,
  VerifyKey,
} from "@salus/protocol";
import vectors from "../../../../vectors/statements-v1.json" with { type: "json" };
import { Key, Signer } from "../../src/index.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";

/** What a signed statement is written as: whole, or in pieces with runs of zeros. */
interface Written {
  readonly signed?: string;
  readonly pieces?: readonly { readonly bytes?: string; readonly zeros?: number }[];
}

const goodKey = new Signer(new Key("sign-seed", new Uint8Array(32))).key;

export const statementChecks: readonly Check[] = group("statements-v1", [
  ...vectors.pae.map(({ type, body, pae }) => ({
    name: `PAE of ${type || "nothing"}`,
    run(): void {
      const name = new TextDecoder().decode(hex(type));
      // `signedMessage` writes the prefix and version itself; one vector is of such a type.
      const inner = /^salus\/(.*)\/v1$/.exec(name)?.[1];
      if (inner !== undefined) same(signedMessage(inner, hex(body)), pae);
    },
  })),
  ...vectors.cbor.valid.map(({ comment, bytes }) => ({
    name: `CBOR, ${comment}`,
    run: () => same(encodeCbor(must(decodeCbor(hex(bytes), "vector")) as object), bytes),
  })),
  ...vectors.cbor.invalid.map(({ comment, bytes, error }) => ({
    name: `CBOR refused, ${comment}`,
    run: () => same(outcome(decodeCbor(hex(bytes), "vector")), error),
  })),
  ...vectors.valid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const signed = written(vector);
      const type = vector.type as StatementType;
      const statement = must(verifySigned(type, signed, keyOf(vector.key)));
      same(statement.hash, digest(signed));
      if (vector.sha256 !== undefined) same(statement.hash, vector.sha256);
      if (vector.seed === undefined) return;
      const signer = new Signer(new Key("sign-seed", hex(vector.seed)));
      same(signer.key, vector.key);
      same(signer.sign(type, statement.payload), toHex(signed));
      const parts = must(splitSigned(signed));
      same(digest(parts.payload), vector.payloadSha256);
      same(parts.signature, vector.signature);
    },
  })),
  ...[0, 32, 63, 65].map((size) => ({
    name: `the verifier, given a signature of ${size} bytes`,
    run(): void {
      // An engine may throw here; the verifier must not.
      const verdict = verifySignature(goodKey, new Uint8Array(1), new Uint8Array(size));
      same(outcome(verdict), "bad-signature");
    },
  })),
  ...vectors.invalid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const type = vector.type as StatementType;
      const key = vector.key === null ? undefined : keyOf(vector.key);
      same(outcome(verifySigned(type, written(vector), key)), vector.error);
    },
  })),
]);

function keyOf(key: string): VerifyKey {
  return VerifyKey.of(hex(key));
}

function written({ signed, pieces = [] }: Written): Bytes {
  if (signed !== undefined) return hex(signed);
  return concat(
    ...pieces.map(({ bytes = "", zeros = 0 }) => concat(hex(bytes), new Uint8Array(zeros))),
  );
}
