import { digest, verifySigned } from "@salus/evaluate";
import { type JoiningCard, type KemKey, type StatementType, VerifyKey } from "@salus/protocol";
import vectors from "../../../../vectors/requests-v1.json" with { type: "json" };
import { invitationKey, joiningProof, Key, Signer } from "../../src/index.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";

export const requestChecks: readonly Check[] = group("requests-v1", [
  ...vectors.valid.map(({ comment, type, seed, signed, hash }) => ({
    name: comment,
    run(): void {
      const statement = must(verifySigned(type as StatementType, hex(signed)));
      same(statement.hash, hash);
      same(digest(hex(signed)), hash);
      const signer = new Signer(new Key("sign-seed", hex(seed)));
      same(signer.sign(type as StatementType, statement.payload), signed);
    },
  })),
  ...vectors.invalid.map(({ comment, type, signed, error }) => ({
    name: comment,
    run: () => same(outcome(verifySigned(type as StatementType, hex(signed))), error),
  })),
  {
    name: "the key of an invitation, and a proof under it",
    run(): void {
      const { secret, secret32, card, proof } = vectors.joining;
      const key = invitationKey(hex(secret));
      same(Key.reveal(key), secret32);
      const read: JoiningCard = {
        sign: VerifyKey.of(hex(card.sign)),
        suite: card.suite as 1 | 2,
        kem: hex(card.kem) as Uint8Array as KemKey,
      };
      same(joiningProof(key, read), proof);
    },
  },
]);
