import { ok, type Result, toHex } from "@salus/base";
import { type Identity, openOrCreateIdentity } from "@salus/client";
import type { Home } from "@salus/client/file";
import type { Failure } from "../words.ts";
import type { Homes } from "./homes.ts";
import type { Person, Role } from "./person.ts";

/** Somebody with her home open. */
export interface Resident {
  readonly person: Person;
  readonly home: Home;
  readonly identity: Identity;
}

/** What is known of somebody before she has keys. */
export interface Newcomer {
  readonly role: Role;
  readonly id: string;
  readonly name: string;
  readonly references?: readonly string[];
  readonly identifiers?: readonly string[];
  readonly parent?: string;
}

/**
 * Open the home of somebody, or give her one with new keys, and list her.
 *
 * Fails:   any `HomeError`, `store-damaged`.
 */
export async function settle(homes: Homes, newcomer: Newcomer): Promise<Result<Resident, Failure>> {
  const known = homes.byId(newcomer.role, newcomer.id);
  const person =
    known ?? homes.put({ references: [], identifiers: [], parent: "", ...newcomer, key: "" });
  const home = await homes.homeOf(person);
  if (!home.ok) return home;
  const identity = await openOrCreateIdentity(home.value.store);
  if (!identity.ok) return identity;
  const key = toHex(identity.value.card.sign);
  const listed = person.key === key ? person : homes.put({ ...person, key });
  return ok({ person: listed, home: home.value, identity: identity.value });
}

/** Open the home of somebody who is listed. Fails: any `HomeError`, `store-damaged`. */
export function openResident(homes: Homes, person: Person): Promise<Result<Resident, Failure>> {
  return settle(homes, person);
}
