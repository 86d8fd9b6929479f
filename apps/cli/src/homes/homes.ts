import { join } from "node:path";
import { type Bytes, concat, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { type Identity, type KeyStore, openIdentity, openOrCreateIdentity } from "@salus/client";
import { type Home, homeState, openHome, openOrCreateHome, type Unlock } from "@salus/client/file";
import { VerifyKey } from "@salus/protocol";
import type { Failure } from "../words.ts";
import { homeFolder, isNamed, type Person, type Role } from "./person.ts";

const LIST = "people";
/** In every home: the keys of the authorities whose word on providers counts there. */
const PINS = "authorities";
const KEY_BYTES = 32;
const SAVED_EVERY_MS = 5_000;

/** Somebody with her home open. */
export interface Resident {
  readonly person: Person;
  readonly home: Home;
  readonly identity: Identity;
}

/** What is known of somebody before she has keys. */
export type Newcomer = Pick<Person, "role" | "id" | "name"> &
  Partial<Pick<Person, "references" | "identifiers" | "parent" | "login">>;

/** How a folder is opened. */
export interface HomesOptions {
  /** Whether to make it where there is none. */
  readonly create: boolean;
  /** Whom a new folder believes about providers; left out, an authority of its own. */
  readonly authority?: VerifyKey | undefined;
}

/**
 * The folder that `--home` names: a home whose store lists whose homes stand below it.
 *
 *     DIR/                 the list, sealed like every other secret
 *       authority/         certifies the organisations
 *       patients/ID/       owns one vault
 *       sources/ID/        an organisation: the keys that its vaults gave it
 *       departments/ID/, practitioners/ID/, administrators/ID/, readers/NAME/
 *
 * Each home below opens by itself too, with the same passphrase: `--home DIR/sources/ID` is what the
 * organisation has.
 */
export class Homes {
  readonly root: Home;
  /** Whose own home it is: none of a folder that holds the homes of others. */
  readonly self: Identity | undefined;
  readonly #people = new Map<string, Person>();
  readonly #byReference = new Map<string, Person>();
  readonly #byVault = new Map<string, Person>();
  readonly #byKey = new Map<string, Person>();
  readonly #open = new Map<string, Resident>();
  readonly #opening = new Map<string, Promise<Result<Resident, Failure>>>();
  #pins: Bytes | undefined;
  #saved = 0;

  private constructor(root: Home, self: Identity | undefined, people: readonly Person[]) {
    this.root = root;
    this.self = self;
    for (const person of people) this.#note(person);
  }

  /** Open a folder. Fails: any `HomeError`, `store-damaged`. */
  static async at(
    path: string,
    unlock: Unlock,
    options: HomesOptions,
  ): Promise<Result<Homes, Failure>> {
    const root = await (options.create ? openOrCreateHome : openHome)(path, unlock);
    if (!root.ok) return root;
    const list = await root.value.store.read(LIST);
    if (!list.ok) {
      await root.value.close();
      return list;
    }
    const text = list.value === undefined ? "[]" : new TextDecoder().decode(list.value);
    const self = await openIdentity(root.value.store);
    const people = JSON.parse(text) as Person[];
    const homes = new Homes(root.value, self.ok ? self.value : undefined, people);
    const ready = options.create ? await homes.#begin(options) : ok(undefined);
    if (!ready.ok) await homes.close();
    return ready.ok ? ok(homes) : ready;
  }

  /** Have an authority, and believe it, before anybody else gets a home. */
  async #begin({ authority: given }: HomesOptions): Promise<Result<void, Failure>> {
    if (given !== undefined) return this.pin(given);
    const pins = await this.pinned();
    if (!pins.ok) return pins;
    const [first] = pins.value;
    if (first !== undefined) return this.pin(first);
    const authority = await this.authority();
    return authority.ok ? this.pin(authority.value.identity.card.sign) : authority;
  }

  /** Everybody of these roles, in the order in which they came. */
  people(...roles: readonly Role[]): readonly Person[] {
    return [...this.#people.values()].filter((person) => roles.includes(person.role));
  }

  byReference(reference: string): Person | undefined {
    return this.#byReference.get(reference);
  }

  byId(role: Role, id: string): Person | undefined {
    return this.#people.get(homeFolder(role, id));
  }

  byVault(vault: string): Person | undefined {
    return this.#byVault.get(vault);
  }

  byKey(key: string): Person | undefined {
    return this.#byKey.get(key);
  }

  /**
   * Somebody by whatever a person would type: an id, a name, a reference, or the beginning of one if
   * nobody else begins so.
   *
   * Fails:   `unknown-name`, `ambiguous-name`.
   */
  find(text: string, what: string, ...roles: readonly Role[]): Result<Person, Failure> {
    const candidates = this.people(...roles);
    // FHIR ids differ by their case too.
    const [exact, ...others] = candidates.filter(({ id }) => id === text);
    if (exact !== undefined && others.length === 0) return ok(exact);
    for (const how of ["whole", "part"] as const) {
      const found = candidates.filter((person) => isNamed(person, text) === how);
      const [first] = found;
      if (first !== undefined && found.length === 1) return ok(first);
      if (found.length > 1) {
        return fail({ kind: "ambiguous-name", name: text, what, known: found.map(labelOf) });
      }
    }
    return fail({ kind: "unknown-name", name: text, what, known: candidates.map(labelOf) });
  }

  /** Open the home of somebody, or give her one and list her. Fails: as `open`. */
  settle(newcomer: Newcomer): Promise<Result<Resident, Failure>> {
    const known = this.byId(newcomer.role, newcomer.id);
    const unknown = { references: [], identifiers: [], parent: "", key: "" };
    return this.open(known ?? this.put({ ...unknown, ...newcomer }));
  }

  /** Everybody who has an account, in the order in which they came. */
  members(): readonly Person[] {
    return [...this.#people.values()].filter(({ login }) => login !== undefined);
  }

  /** The authority of this folder, made when it is first needed. Fails: as `open`. */
  authority(): Promise<Result<Resident, Failure>> {
    const name = "authority";
    return this.settle({ role: "authority", id: name, name: "Registry authority" });
  }

  /** The keys of the authorities that this home pins. Fails: `store-damaged`. */
  async pinned(): Promise<Result<readonly VerifyKey[], Failure>> {
    const stored = await this.root.store.read(PINS);
    if (!stored.ok) return stored;
    const bytes = stored.value ?? new Uint8Array(0);
    const pins: VerifyKey[] = [];
    for (let at = 0; at < bytes.length; at += KEY_BYTES) {
      pins.push(VerifyKey.of(bytes.subarray(at, at + KEY_BYTES)));
    }
    return ok(pins);
  }

  /** Believe an authority, here and in every home that is made from now on. */
  async pin(authority: VerifyKey): Promise<Result<void, Failure>> {
    const pins = await this.pinned();
    if (!pins.ok) return pins;
    const known = pins.value.some((pin) => equalBytes(pin, authority));
    this.#pins = concat(...pins.value, ...(known ? [] : [authority]));
    if (!known) await this.root.store.write(PINS, this.#pins);
    return ok(undefined);
  }

  /** Note that somebody has a certificate, until a time. */
  certified(person: Person, until: number): void {
    const listed = this.#people.get(person.home) ?? person;
    this.#note({ ...listed, certified: until });
  }

  /** List somebody, or replace what is listed of her. `save` makes it last. */
  put(person: Omit<Person, "home">): Person {
    const listed = { ...person, home: homeFolder(person.role, person.id) };
    this.#note(listed);
    return listed;
  }

  /** Write the list. A home that is not listed after a crash is found again when it is next made. */
  async save(): Promise<void> {
    this.#saved = Date.now();
    const text = JSON.stringify([...this.#people.values()]);
    await this.root.store.write(LIST, new TextEncoder().encode(text));
  }

  /** Write the list if that was not done lately: it is whole, and may be long. */
  async saveAtTimes(): Promise<void> {
    if (Date.now() - this.#saved > SAVED_EVERY_MS) await this.save();
  }

  /**
   * Somebody with her home open: it is made, with new keys, when she has none yet, and stays open
   * until `release` or `close`.
   *
   * Fails:   any `HomeError`: `home-missing` where it was taken away; `store-damaged`.
   */
  async open(person: Person): Promise<Result<Resident, Failure>> {
    const { home } = person;
    const known = this.#open.get(home);
    if (known !== undefined) return ok({ ...known, person: this.#people.get(home) ?? person });
    // Two who want the same home at once must not meet at its lock.
    const opening = this.#opening.get(home) ?? this.#openHome(person);
    this.#opening.set(home, opening);
    const opened = await opening;
    this.#opening.delete(home);
    return opened;
  }

  /**
   * A home for somebody who is about to get keys there: by signing up, or in. `admit` lists her.
   *
   * Fails:   any `HomeError`.
   */
  async begin({ role, id }: Pick<Person, "role" | "id">): Promise<Result<Home, Failure>> {
    return this.root.child(homeFolder(role, id));
  }

  /** List somebody who has got keys in the home that was begun for her. Fails: `store-damaged`. */
  async admit(newcomer: Newcomer, home: Home): Promise<Result<Resident, Failure>> {
    const unknown = { references: [], identifiers: [], parent: "", key: "" };
    const identity = await identityOf({ ...unknown, ...newcomer, home: "" }, home.store);
    if (!identity.ok) return identity;
    if (this.#pins !== undefined) await home.store.write(PINS, this.#pins);
    const known = this.byId(newcomer.role, newcomer.id);
    const key = toHex(identity.value.card.sign);
    const person = this.put({ ...unknown, ...known, ...newcomer, key });
    const resident = { person, home, identity: identity.value };
    this.#open.set(person.home, resident);
    await this.save();
    return ok(resident);
  }

  async #openHome(person: Person): Promise<Result<Resident, Failure>> {
    // Who has keys already would be somebody else under new ones.
    const isAway = (await homeState(join(this.root.path, person.home))) === "absent";
    if (isAway && person.key !== "") return fail({ kind: "home-missing" });
    const home = await this.root.child(person.home);
    if (!home.ok) return home;
    const { store } = home.value;
    const identity = await identityOf(person, store);
    if (!identity.ok) {
      await home.value.close();
      return identity;
    }
    if (this.#pins !== undefined && person.key === "") await store.write(PINS, this.#pins);
    const key = toHex(identity.value.card.sign);
    const listed = person.key === key ? person : this.put({ ...person, key });
    const resident = { person: listed, home: home.value, identity: identity.value };
    this.#open.set(person.home, resident);
    return ok(resident);
  }

  /** Close somebody's home: patients are too many to keep open. */
  async release({ person }: Resident): Promise<void> {
    const open = this.#open.get(person.home);
    this.#open.delete(person.home);
    await open?.home.close();
  }

  /** Let other programs have the homes. */
  async close(): Promise<void> {
    for (const { home } of this.#open.values()) await home.close();
    this.#open.clear();
    await this.root.close();
  }

  #note(person: Person): void {
    this.#people.set(person.home, person);
    if (person.vault !== undefined) this.#byVault.set(person.vault, person);
    if (person.key !== "") this.#byKey.set(person.key, person);
    for (const reference of person.references) this.#byReference.set(reference, person);
  }
}

/** What somebody is in the home of her role: a practitioner and herself as a patient share no key. */
async function identityOf(
  { role, login }: Person,
  store: KeyStore,
): Promise<Result<Identity, Failure>> {
  if (login === undefined) return openOrCreateIdentity(store);
  const face = role === "practitioner" ? "practitioner" : role === "patient" ? "vault" : "account";
  return openIdentity(store, face);
}

function labelOf(person: Person): string {
  return person.name === "" || person.name === person.id
    ? person.id
    : `${person.id} (${person.name})`;
}
