import { readFile } from "node:fs/promises";
import { fail, ok, type Result } from "@salus/base";
import { type Card, decodeCard } from "@salus/client";
import type { Homes } from "../homes/homes.ts";
import type { Role } from "../homes/person.ts";
import type { Failure } from "../words.ts";

/** Somebody who is to read, by what `--to` says. */
export interface Grantee {
  readonly name: string;
  readonly card: Card;
}

const GRANTEES: readonly Role[] = [
  "reader",
  "practitioner",
  "department",
  "organisation",
  "patient",
];

/**
 * Find somebody by name in the folder, or by her card: in a file, or written out.
 *
 * Fails:   `unknown-name`, `ambiguous-name`, `bad-card`.
 */
export async function granteeOf(homes: Homes, text: string): Promise<Result<Grantee, Failure>> {
  const person = homes.find(text, "anybody here, nor of a file with a card", ...GRANTEES);
  if (person.ok) {
    const resident = await homes.open(person.value);
    if (!resident.ok) return resident;
    const { card } = resident.value.identity;
    return ok({ name: person.value.name || person.value.id, card });
  }
  if (person.error.kind === "ambiguous-name") return person;
  if (/^[0-9a-f]{100,}$/.test(text)) return named(text, "the holder of that card");
  const file = await readFile(text, "utf8").catch(() => undefined);
  return file === undefined ? person : named(file, `the holder of ${text}`);
}

function named(text: string, name: string): Result<Grantee, Failure> {
  const card = decodeCard(text);
  return card.ok ? ok({ name, card: card.value }) : fail(card.error);
}
