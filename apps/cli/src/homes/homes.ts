import { fail, ok, type Result } from "@salus/base";
import { type Home, openHome, openOrCreateHome, type Unlock } from "@salus/client/file";
import type { Failure } from "../words.ts";
import { homeFolder, isNamed, type Person, type Role } from "./person.ts";

const LIST = "people";

/**
 * The folder that `--home` names: a home whose store lists whose homes stand below it.
 *
 *     DIR/                 the list, sealed like every other secret
 *       authority/         certifies the organisations
 *       patients/ID/       owns one vault
 *       sources/ID/        an organisation: the keys that its vaults gave it
 *       departments/ID/, practitioners/ID/, readers/NAME/
 *
 * Each home below opens by itself too, with the same passphrase: `--home DIR/sources/ID` is what the
 * organisation has.
 */
export class Homes {
  readonly root: Home;
  readonly #people = new Map<string, Person>();
  readonly #byReference = new Map<string, Person>();
  readonly #open = new Map<string, Home>();

  private constructor(root: Home, people: readonly Person[]) {
    this.root = root;
    for (const person of people) this.#note(person);
  }

  /** Open a folder. Fails: any `HomeError`, `store-damaged`. */
  static async open(
    path: string,
    unlock: Unlock,
    options: { readonly create: boolean },
  ): Promise<Result<Homes, Failure>> {
    const root = await (options.create ? openOrCreateHome : openHome)(path, unlock);
    if (!root.ok) return root;
    const list = await root.value.store.read(LIST);
    if (!list.ok) {
      await root.value.close();
      return list;
    }
    const text = list.value === undefined ? "[]" : new TextDecoder().decode(list.value);
    return ok(new Homes(root.value, JSON.parse(text) as Person[]));
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
    return this.people("patient").find((person) => person.vault === vault);
  }

  /**
   * Somebody by whatever a person would type: an id, a name, a reference, or the beginning of one if
   * nobody else begins so.
   *
   * Fails:   `unknown-name`, `ambiguous-name`.
   */
  find(text: string, what: string, ...roles: readonly Role[]): Result<Person, Failure> {
    const candidates = this.people(...roles);
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

  /** List somebody, or replace what is listed of her. `save` makes it last. */
  put(person: Omit<Person, "home">): Person {
    const listed = { ...person, home: homeFolder(person.role, person.id) };
    this.#note(listed);
    return listed;
  }

  /** Write the list. A home that is not listed after a crash is found again when it is next made. */
  async save(): Promise<void> {
    const text = JSON.stringify([...this.#people.values()]);
    await this.root.store.write(LIST, new TextEncoder().encode(text));
  }

  /** Somebody's home, opened or made; it stays open until `close`. Fails: any `HomeError`. */
  async homeOf(person: Person): Promise<Result<Home, Failure>> {
    const open = this.#open.get(person.home);
    if (open !== undefined) return ok(open);
    const home = await this.root.child(person.home);
    if (home.ok) this.#open.set(person.home, home.value);
    return home;
  }

  /** Let other programs have the homes. */
  async close(): Promise<void> {
    for (const home of this.#open.values()) await home.close();
    this.#open.clear();
    await this.root.close();
  }

  #note(person: Person): void {
    this.#people.set(person.home, person);
    for (const reference of person.references) this.#byReference.set(reference, person);
  }
}

function labelOf(person: Person): string {
  return person.name === "" || person.name === person.id
    ? person.id
    : `${person.id} (${person.name})`;
}
