import { fail, ok, type Result, utf8 } from "@salus/base";
import type { KeyStore, StoreDamaged } from "@salus/client";
import type { Role } from "./who.ts";

/** What a home remembers of the person beside her keys: it is sealed as they are. */
export interface Person {
  readonly login: string;
  /** What she is called; it is known here only. */
  readonly name: string;
  readonly role: Role;
  readonly roles: readonly Role[];
}

const NAME = "web/person";

export function writePerson(store: KeyStore, person: Person): Promise<void> {
  return store.write(NAME, utf8(JSON.stringify(person)));
}

/** Fails:   `store-damaged`, also when nothing is there: a home that is listed has somebody. */
export async function readPerson(store: KeyStore): Promise<Result<Person, StoreDamaged>> {
  const stored = await store.read(NAME);
  if (!stored.ok) return stored;
  if (stored.value === undefined) return fail({ kind: "store-damaged", name: NAME });
  return ok(JSON.parse(new TextDecoder().decode(stored.value)) as Person);
}
