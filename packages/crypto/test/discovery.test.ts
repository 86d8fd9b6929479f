import { ristretto255, ristretto255_oprf } from "@noble/curves/ed25519.js";
import { type Bytes, toHex } from "@salus/base";
import { checkMailbox } from "@salus/evaluate";
import {
  Element,
  type Evaluated,
  type Evaluators,
  type Identifier,
  type IdentifierValue,
  parcelSchema,
  parseAs,
} from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blindInputs } from "../src/discovery.ts";
import {
  blindIdentifiers,
  drawKey,
  type HolderAnswer,
  invitationKey,
  MailboxKeys,
  PARCEL_TEXT_BYTES_MAX,
  sealParcel,
} from "../src/index.ts";
import { randomBytes } from "../src/random.ts";
import { hex, must, outcome } from "./checks/check.ts";
import { describePublished, readPublished } from "./published.ts";

// Goal: a tag is what RFC 9497 says, whichever holders evaluate it, and nothing but a holder's own
// proof is accepted; a parcel opens for its mailbox, address and kind.
// Method: vectors of the RFC; holders made of random polynomials, each of their answers spoilt.

const { voprf } = ristretto255_oprf;
const { Point } = ristretto255;
const { Fn } = Point;

interface Party {
  readonly index: number;
  readonly secret: Bytes;
  readonly key: Element;
}

/** A key, split so that `threshold` of `count` holders can evaluate. */
function split(threshold: number, count: number): { evaluators: Evaluators; parties: Party[] } {
  const coefficients = Array.from({ length: threshold }, () => Fn.fromBytes(randomScalar()));
  const at = (x: bigint): bigint =>
    coefficients.reduceRight((sum, coefficient) => Fn.add(Fn.mul(sum, x), coefficient), Fn.ZERO);
  const key = (secret: bigint): Element => Element.of(Point.BASE.multiply(secret).toBytes());
  const parties = Array.from({ length: count }, (_, i) => {
    const secret = at(BigInt(i + 1));
    return { index: i + 1, secret: Uint8Array.from(Fn.toBytes(secret)), key: key(secret) };
  });
  const holders = parties.map((party) => ({ index: party.index, url: "", key: party.key }));
  return { evaluators: { threshold, holders, public: key(at(0n)) }, parties };
}

function randomScalar(): Bytes {
  return Uint8Array.from(voprf.generateKeyPair().secretKey);
}

function evaluate({ secret, key }: Party, elements: readonly Element[]): Evaluated {
  const { evaluated, proof } = voprf.blindEvaluateBatch(secret, key, [...elements]);
  return { elements: evaluated.map((one) => Element.of(one)), proof: Uint8Array.from(proof) };
}

function identifier(value: string, kind: Identifier["kind"] = "phone"): Identifier {
  return { kind, value: value as IdentifierValue };
}

/** `draw` for one blind after the other: the library adds one to what it reads of 48 bytes. */
function drawing(...blinds: readonly string[]): (size: number) => Bytes {
  const left = [...blinds];
  return (size) => {
    const out = new Uint8Array(size);
    out.set(Fn.toBytes(Fn.sub(Fn.fromBytes(hex(left.shift() ?? "")), Fn.ONE)));
    return out;
  };
}

interface Published {
  readonly Blind: string;
  readonly BlindedElement: string;
  readonly EvaluationElement: string;
  readonly Input: string;
  readonly Output: string;
  readonly Proof: { readonly proof: string };
}

function checkPublished(key: string, vector: Published): void {
  const list = (text: string): readonly string[] => text.split(",");
  const blinded = blindInputs(list(vector.Input).map(hex), drawing(...list(vector.Blind)));
  expect(blinded.elements.map(toHex)).toEqual(list(vector.BlindedElement));
  const holder = { index: 1, url: "", key: Element.of(hex(key)) };
  const evaluators = { threshold: 1, holders: [holder], public: holder.key };
  const elements = list(vector.EvaluationElement).map((element) => Element.of(hex(element)));
  const evaluated = { elements, proof: hex(vector.Proof.proof) };
  const tags = must(blinded.finish(evaluators, [{ index: 1, evaluated }]));
  expect(tags.map(toHex)).toEqual(list(vector.Output).map((output) => output.slice(0, 64)));
}

describePublished("RFC 9497, appendix A.1.2", () => {
  it("every vector of the verifiable mode", () => {
    interface Suite {
      readonly identifier: string;
      readonly mode: number;
      readonly pkSm: string;
      readonly vectors: readonly Published[];
    }
    const suites = readPublished<Suite[]>("rfc/rfc9497-oprf.json.gz").filter(
      (suite) => suite.identifier === "ristretto255-SHA512" && suite.mode === 1,
    );
    expect(suites.flatMap((suite) => suite.vectors)).toHaveLength(3);
    for (const { pkSm, vectors } of suites) {
      for (const vector of vectors) checkPublished(pkSm, vector);
    }
  });
});

describe("a tag", () => {
  it("is that of RFC 9497, appendix A.1.2.1", () => {
    checkPublished("c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e", {
      Input: "00",
      Blind: "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706",
      BlindedElement: "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
      EvaluationElement: "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
      Proof: {
        proof:
          "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
      },
      Output:
        "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c",
    });
  });

  it("is the same whichever two of three holders evaluate, and whatever the blind", () => {
    const { evaluators, parties } = split(2, 3);
    const pair = fc.shuffledSubarray(parties, { minLength: 2, maxLength: 3 });
    const single = new Map<string, string>();
    fc.assert(
      fc.property(pair, fc.constantFrom("+41446681800", "+919876543210"), (holders, value) => {
        const blinded = blindIdentifiers([identifier(value)]);
        const answers = holders.map((party) => ({
          index: party.index,
          evaluated: evaluate(party, blinded.elements),
        }));
        const [tag = new Uint8Array()] = must(blinded.finish(evaluators, answers));
        expect(toHex(tag)).toBe(single.get(value) ?? toHex(tag));
        single.set(value, toHex(tag));
      }),
      { numRuns: 24 },
    );
    expect(new Set(single.values()).size).toBe(2);
  });

  it("differs by kind and by value, and not by where one ends", () => {
    const { evaluators, parties } = split(1, 1);
    const blinded = blindIdentifiers([
      identifier("a|b", "record-number"),
      identifier("a|b", "health-number"),
      identifier("a|c", "record-number"),
    ]);
    const [party] = parties as [Party];
    const answers = [{ index: 1, evaluated: evaluate(party, blinded.elements) }];
    expect(new Set(must(blinded.finish(evaluators, answers)).map(toHex)).size).toBe(3);
  });
});

describe("holders that lie", () => {
  const { evaluators, parties } = split(2, 3);
  const [one, two, three] = parties as [Party, Party, Party];
  const blinded = blindIdentifiers([identifier("+41446681800"), identifier("+41446681801")]);
  const answer = (party: Party): HolderAnswer => ({
    index: party.index,
    evaluated: evaluate(party, blinded.elements),
  });
  const good = answer(one);
  const finish = (second: HolderAnswer, by: Evaluators = evaluators): string =>
    outcome(blinded.finish(by, [good, second]));
  const spoilt = (change: Partial<Evaluated>): HolderAnswer => ({
    index: 2,
    evaluated: { ...answer(two).evaluated, ...change },
  });

  it("are believed when they do not", () => {
    expect(finish(answer(two))).toBe("ok");
    expect(finish(answer(three))).toBe("ok");
  });

  it("cannot answer with another share, element, order or proof", () => {
    const { elements, proof } = answer(two).evaluated;
    expect(finish({ index: 2, evaluated: answer(three).evaluated })).toBe("bad-proof");
    expect(finish(spoilt({ elements: [...elements].reverse() }))).toBe("bad-proof");
    expect(finish(spoilt({ elements: elements.slice(0, 1) }))).toBe("bad-proof");
    expect(finish(spoilt({ elements: [...blinded.elements] }))).toBe("bad-proof");
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(0xff)]) {
      expect(finish(spoilt({ elements: [Element.of(bad), elements[1] as Element] }))).toBe(
        "bad-proof",
      );
    }
    for (let at = 0; at < proof.length; at += 9) {
      const flipped = proof.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(finish(spoilt({ proof: flipped })), `byte ${at}`).toBe("bad-proof");
    }
  });

  it("are named", () => {
    const result = blinded.finish(evaluators, [good, { ...answer(three), index: 2 }]);
    expect(result).toEqual({ ok: false, error: { kind: "bad-proof", holder: 2 } });
  });

  it("cannot count twice, be too few, or be nobody", () => {
    expect(finish(answer(one))).toBe("too-few-holders");
    expect(outcome(blinded.finish(evaluators, [good]))).toBe("too-few-holders");
    expect(finish({ ...answer(two), index: 9 })).toBe("wrong-holders");
  });

  it("cannot combine to another public key", () => {
    const other = split(2, 3);
    const [, stranger] = other.parties as [Party, Party];
    expect(finish(answer(two), { ...evaluators, public: other.evaluators.public })).toBe(
      "wrong-holders",
    );
    // Each proof is good for its key, but the keys are not of one polynomial.
    const holders = evaluators.holders.map((holder) =>
      holder.index === 2 ? { ...holder, key: stranger.key } : holder,
    );
    expect(finish(answer(stranger), { ...evaluators, holders })).toBe("wrong-holders");
  });
});

describe("a parcel", () => {
  const keys = new MailboxKeys(drawKey("account-root"));
  const other = new MailboxKeys(invitationKey(randomBytes(16)));

  it("opens for its mailbox, whatever it holds", async () => {
    expect(checkMailbox(keys.mailbox)).toEqual({ ok: true, value: undefined });
    for (const size of [0, 1, 4091, 4092, 4093, PARCEL_TEXT_BYTES_MAX]) {
      const statement = randomBytes(size);
      const parcel = await sealParcel(keys.mailbox, "request", statement);
      expect(parseAs(parcelSchema, parcel, "parcel").ok).toBe(true);
      expect(toHex(must(await keys.open(parcel)))).toBe(toHex(statement));
    }
  });

  it("has the same length for every statement of up to 4,092 bytes", async () => {
    const sizes = await Promise.all(
      [0, 1000, 4092].map(async (size) => {
        const { wrap } = await sealParcel(keys.mailbox, "answer", new Uint8Array(size));
        return wrap.ct.length;
      }),
    );
    expect(sizes).toEqual([4112, 4112, 4112]);
  });

  it("opens for nobody else, under no other address and as no other kind", async () => {
    const parcel = await sealParcel(keys.mailbox, "request", randomBytes(100));
    expect(outcome(await other.open(parcel))).toBe("unreadable");
    expect(outcome(await keys.open({ ...parcel, to: other.mailbox.id }))).toBe("unreadable");
    expect(outcome(await keys.open({ ...parcel, kind: "answer" }))).toBe("unreadable");
    const cut = { ...parcel.wrap, ct: parcel.wrap.ct.slice(0, -1) };
    expect(outcome(await keys.open({ ...parcel, wrap: cut }))).toBe("unreadable");
  });

  it("prints no key", () => {
    expect(JSON.stringify([keys, blindIdentifiers([identifier("+41446681800")])])).toBe(
      '["[mailbox keys]","[blinded identifiers]"]',
    );
  });
});
