import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/requests-v1.json" with { type: "json" };
import {
  answerJoin,
  decodeInvitation,
  encodeInvitation,
  type Identity,
  JoinDesk,
  memoryKeyStore,
  openOrCreateIdentity,
} from "../src/index.ts";

// Goal: an invitation has one text, and lets in who knows its secret, once.
// Method: the reference's texts, good and bad; an administrator and somebody who answers, or pretends to.

describe("invitations of the reference", () => {
  it.each(vectors.invitations.valid)("$comment", ({ kind, text }) => {
    const read = decodeInvitation(text);
    if (!read.ok) throw new Error(read.error.kind);
    expect(read.value.kind).toBe(kind);
    expect(encodeInvitation(read.value)).toBe(text);
  });

  it.each(vectors.invitations.invalid)("refuses $comment", ({ text, error }) => {
    expect(decodeInvitation(text)).toEqual({ ok: false, error: { kind: error } });
  });
});

describe("joining", () => {
  const NOW = 1_760_000_000_000;
  const order = {
    ...{ directory: "http://directory.example", cloud: "http://cloud.example" },
    ...({ node: "dr-1", parent: "north", role: "physician", name: "Dr One" } as const),
  };

  async function person(): Promise<Identity> {
    const made = await openOrCreateIdentity(memoryKeyStore());
    if (!made.ok) throw new Error("no identity");
    return made.value;
  }

  async function invited(): Promise<{ desk: JoinDesk; text: string; joiner: Identity }> {
    const desk = new JoinDesk(await person(), memoryKeyStore());
    return { desk, text: await desk.invite(order, NOW), joiner: await person() };
  }

  it("certifies who answers, for the node that she was invited to, once", async () => {
    const { desk, text, joiner } = await invited();
    const letter = answerJoin(text, joiner, NOW);
    if (!letter.ok) throw new Error(letter.error.kind);
    const first = await desk.admit(letter.value.statement, NOW);
    if (!first.ok) throw new Error(first.error.kind);
    await desk.spend(first.value.invitation);
    expect(await desk.admit(letter.value.statement, NOW)).toMatchObject({
      error: { kind: "unknown-invitation" },
    });
  });

  it("certifies again, and the same, where the certificate was not published", async () => {
    const { desk, text, joiner } = await invited();
    const letter = answerJoin(text, joiner, NOW);
    if (!letter.ok) throw new Error(letter.error.kind);
    const first = await desk.admit(letter.value.statement, NOW);
    expect(first.ok).toBe(true);
    expect(await desk.open()).toMatchObject({ value: [{ text }] });
    expect(await desk.admit(letter.value.statement, NOW)).toEqual(first);
  });

  it("lets nobody in who does not know the secret, or with other keys, or too late", async () => {
    const { desk, text, joiner } = await invited();
    const letter = answerJoin(text, joiner, NOW);
    if (!letter.ok) throw new Error(letter.error.kind);
    const evil = await person();
    const other = await invited();
    const guessed = answerJoin(other.text, evil, NOW);
    if (!guessed.ok) throw new Error(guessed.error.kind);
    // The directory sees the hash of no invitation; suppose that it learns one.
    const open = await desk.open();
    if (!open.ok) throw new Error("no store");
    const [given] = open.value;
    if (given === undefined) throw new Error("nothing is open");
    const forged = evil.signer.sign("joining", {
      invitation: given.digest,
      card: evil.card,
      proof: given.digest,
      time: NOW,
    });
    expect(await desk.admit(forged, NOW)).toMatchObject({ error: { kind: "joining-proof" } });
    expect(await desk.admit(guessed.value.statement, NOW)).toMatchObject({
      error: { kind: "unknown-invitation" },
    });
    const late = NOW + 8 * 86_400_000;
    expect(await desk.admit(letter.value.statement, late)).toMatchObject({
      error: { kind: "invitation-expired" },
    });
    expect(answerJoin(text, joiner, late)).toMatchObject({ error: { kind: "invitation-expired" } });
    expect((await desk.admit(letter.value.statement, NOW)).ok).toBe(true);
  });
});
