import { checkPractitioner, statusBook, verifyStatus } from "@salus/evaluate";
import { VerifyKey } from "@salus/protocol";
import vectors from "../../../../vectors/provider-v1.json" with { type: "json" };
import { type Check, group, hex, must, same } from "./check.ts";

type Vector = (typeof vectors.valid)[number] | (typeof vectors.invalid)[number];

const statements = vectors.statements.map(hex);
const keys = (all: readonly string[]): readonly VerifyKey[] =>
  all.map((key) => VerifyKey.of(hex(key)));

export const providerChecks: readonly Check[] = group(
  "provider-v1",
  [...vectors.valid, ...vectors.invalid].map((vector) => ({
    name: vector.comment,
    run: () => same(outcomeOf(vector), "error" in vector ? vector.error : vector.nodes),
  })),
);

/** The nodes from the organisation down to the person, or the kind of the failure. */
function outcomeOf(vector: Vector): readonly string[] | string {
  const { registries, threshold, now } = vector;
  const at = (places: readonly number[]) => places.map((place) => statements[place] as never);
  const statuses = statusBook(at(vector.statuses).map((signed) => must(verifyStatus(signed))));
  const policy = {
    registries: keys(registries),
    authorities: keys(vectors.authorities),
    threshold,
  };
  const shown = {
    certificates: at(vector.certificates),
    attestations: at(vector.attestations),
  };
  const key = VerifyKey.of(hex(vector.key));
  const checked = checkPractitioner(shown, key, policy, statuses, now);
  if (!checked.ok) return checked.error.kind;
  const people = checked.value.path.filter(({ payload }) => payload.role !== "device");
  return people.map(({ payload }) => payload.node);
}
