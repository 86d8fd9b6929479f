import { type Bytes, equalBytes } from "@salus/base";
import {
  certifiesOrganisation,
  checkCapability,
  checkPath,
  digest,
  verifyCertificate,
} from "@salus/evaluate";
import { type Suite, VerifyKey } from "@salus/protocol";
import vectors from "../../../../vectors/sharing-v1.json" with { type: "json" };
import { KemPair, Key } from "../../src/index.ts";
import { type WrapPurpose, wrapTo } from "../../src/kem-pair.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";

type PathVector =
  | (typeof vectors.certificates.valid)[number]
  | (typeof vectors.certificates.invalid)[number];
type CapabilityVector =
  | (typeof vectors.capabilities.valid)[number]
  | (typeof vectors.capabilities.invalid)[number];

export const sharingChecks: readonly Check[] = group("sharing-v1", [
  ...vectors.valid.map((vector) => ({
    name: vector.comment,
    async run(): Promise<void> {
      const pair = pairOf(vector.seed, vector.suite);
      same(pair.kem, vector.public);
      const purpose = purposeOf(vector.purpose, vector.context);
      const drawn = hex(vector.eseed ?? vector.ephemeral ?? "");
      const { suite, enc, ct } = vector;
      const wrap = await wrapTo(pair.public, purpose, hex(vector.plaintext), drawn);
      same(wrap, { suite, enc, ct });
      same(must(await pair.unwrap(purpose, wrap)), vector.plaintext);
    },
  })),
  ...vectors.invalid.map((vector) => ({
    name: vector.comment,
    async run(): Promise<void> {
      const pair = pairOf(vector.seed, vector.keySuite);
      const purpose = purposeOf(vector.purpose, vector.context);
      const wrap = { suite: vector.suite as Suite, enc: hex(vector.enc), ct: hex(vector.ct) };
      same(outcome(await pair.unwrap(purpose, wrap)), vector.error);
    },
  })),
  ...[...vectors.certificates.valid, ...vectors.certificates.invalid].map((vector) => ({
    name: `certificates, ${vector.comment}`,
    run: () => same(pathOutcome(vector), "error" in vector ? vector.error : vector.nodes),
  })),
  ...[...vectors.capabilities.valid, ...vectors.capabilities.invalid].map((vector) => ({
    name: `capabilities, ${vector.comment}`,
    run: () => checkCapabilityVector(vector),
  })),
]);

function pairOf(seed: string, suite: number): KemPair {
  return new KemPair(new Key("kem-seed", hex(seed)), suite as Suite);
}

function purposeOf(purpose: string, context: Readonly<Record<string, unknown>>): WrapPurpose {
  const bytes = Object.entries(context).map(([name, value]): [string, unknown] => [
    name,
    typeof value === "string" ? hex(value) : value,
  ]);
  return { purpose: purpose as WrapPurpose["purpose"], context: Object.fromEntries(bytes) };
}

/** The nodes from the organisation down, or the kind of the first failure. */
function pathOutcome(vector: PathVector): readonly string[] | string {
  const organisation = verifyCertificate(hex(vector.organisation));
  if (!organisation.ok) return organisation.error.kind;
  const top = organisation.value.payload;
  const pinned = [VerifyKey.of(hex(vectors.authority))];
  const certified = certifiesOrganisation(top, pinned, vector.sealedAt);
  if (!certified.ok) return certified.error.kind;
  const path = [];
  for (const signed of vector.path) {
    const certificate = verifyCertificate(hex(signed));
    if (!certificate.ok) return certificate.error.kind;
    path.push(certificate.value);
  }
  const root = { key: top.subject, node: top.node };
  const checked = checkPath(root, path, VerifyKey.of(hex(vector.author)), vector.sealedAt);
  return checked.ok
    ? [top.node, ...path.map(({ payload: step }) => step.node)]
    : checked.error.kind;
}

/** The cloud remembers nonces; here the list of those it saw stands in for that. */
function checkCapabilityVector(vector: CapabilityVector): void {
  const { audience, method, path, now } = vector;
  const body = digest(hex(vector.body));
  const presented = checkCapability(hex(vector.signed), { audience, method, path, body, now });
  const seen = (nonce: Bytes): boolean => vector.seen.some((old) => equalBytes(hex(old), nonce));
  const replayed = presented.ok && seen(presented.value.nonce);
  const expected = "error" in vector ? vector.error : "ok";
  same(replayed ? "capability-replayed" : outcome(presented), expected);
  if (presented.ok && "signer" in vector) {
    same([presented.value.signer, presented.value.grant], [vector.signer, vector.grant]);
  }
}
