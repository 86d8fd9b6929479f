import { ristretto255 } from "@noble/curves/ed25519.js";
import type { Bytes } from "@salus/base";
import { checkMailbox, mailboxId } from "@salus/evaluate";
import { Element, type Identifier, MailboxId, type Parcel, type ParcelKind } from "@salus/protocol";
import vectors from "../../../../vectors/discovery-v1.json" with { type: "json" };
import {
  blindIdentifiers,
  identifierInput,
  invitationKey,
  Key,
  MailboxKeys,
  sealParcel,
} from "../../src/index.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";

type ParcelVector =
  | (typeof vectors.parcels.valid)[number]
  | (typeof vectors.parcels.invalid)[number];

const { Fn } = ristretto255.Point;

export const discoveryChecks: readonly Check[] = group("discovery-v1", [
  ...vectors.identifiers.valid.map((vector) => ({
    name: `input of ${vector.kind}, ${vector.comment}`,
    run: () => same(identifierInput(vector as unknown as Identifier), vector.input),
  })),
  ...[
    [1, 2],
    [1, 3],
    [3, 2],
    [2, 1, 3],
  ].map((pair) => ({
    name: `the tag, from the holders ${pair.join(" and ")}`,
    run: () => checkTag(pair),
  })),
  ...vectors.mailboxes.map((vector) => ({
    name: `mailbox, ${vector.comment}`,
    run(): void {
      const { mailbox } = mailboxKeys(vector);
      const { id, sign, suite, kem } = vector;
      same(mailbox, { id, sign, suite, kem });
      same(mailboxId(mailbox.sign), id);
      same(checkMailbox(mailbox).ok, true);
    },
  })),
  ...vectors.parcels.valid.map((vector) => ({
    name: `parcel, ${vector.comment}`,
    async run(): Promise<void> {
      const keys = mailboxKeys(vectors.mailboxes[0]);
      const statement = hex(vector.statement);
      const parcel = await sealParcel(keys.mailbox, "request", statement, hex(vector.eseed));
      same(parcel, parcelOf(vector));
      same(must(await keys.open(parcel)), statement);
    },
  })),
  ...vectors.parcels.invalid.map((vector) => ({
    name: `parcel, ${vector.comment}`,
    async run(): Promise<void> {
      const keys = mailboxKeys(vectors.mailboxes[0]);
      same(outcome(await keys.open(parcelOf(vector))), vector.error);
    },
  })),
]);

function checkTag(pair: readonly number[]): void {
  const { tags } = vectors;
  const blinded = blindIdentifiers([tags as unknown as Identifier], () => drawOf(tags.blind));
  same(blinded.elements, [tags.element]);
  const holders = tags.holders.map(({ index, key }) => ({
    ...{ index, url: "", key: Element.of(hex(key)) },
  }));
  const answers = pair.map((index) => {
    const holder = tags.holders[index - 1];
    const elements = [Element.of(hex(holder?.evaluated ?? ""))];
    return { index, evaluated: { elements, proof: hex(holder?.proof ?? "") } };
  });
  const { threshold } = tags;
  const evaluators = { threshold, holders, public: Element.of(hex(tags.public)) };
  same(must(blinded.finish(evaluators, answers)), [tags.tag]);
}

/** What the library reads as this blind: it adds one to what it draws, of 48 bytes. */
function drawOf(blind: string): Bytes {
  const out = new Uint8Array(48);
  out.set(Fn.toBytes(Fn.sub(Fn.fromBytes(hex(blind)), Fn.ONE)));
  return out;
}

function mailboxKeys(vector: (typeof vectors.mailboxes)[number] | undefined): MailboxKeys {
  const { accountRoot, secret = "" } = vector ?? {};
  return new MailboxKeys(
    accountRoot === undefined
      ? invitationKey(hex(secret))
      : new Key("account-root", hex(accountRoot)),
  );
}

function parcelOf(vector: ParcelVector): Parcel {
  const { to, kind, enc, ct } = vector;
  const wrap = { suite: 1 as const, enc: hex(enc), ct: hex(ct) };
  return { to: MailboxId.of(hex(to)), kind: kind as ParcelKind, wrap };
}
