import { equalBytes, fail, ok, type Result } from "@salus/base";
import type { ClientError, Match, Resource } from "@salus/client";
import { BALANCED, type Category, deriveIndex } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import type { Change, WorldError } from "../world.ts";
import type { NameBook } from "./name-book.ts";
import type { Placing } from "./placing.ts";
import { lookUp, type Reading } from "./reading.ts";
import type { Writer } from "./writer.ts";

/** A change, and where it is to be made. */
export interface Aim {
  readonly change: Change;
  /** Its place among all. */
  readonly index: number;
  readonly type: string;
  readonly id: string;
  readonly vault: VaultHandle;
  /** Of what is put. */
  readonly category: Category | undefined;
}

/** A deletion of what is nowhere: there is nothing to do. */
export interface NoAim {
  readonly index: number;
  readonly type: string;
  readonly id: string;
}

export interface Aims {
  readonly made: readonly Aim[];
  readonly none: readonly NoAim[];
}

export interface AimingOptions {
  readonly writer: Writer;
  readonly placing: Placing;
  readonly names: NameBook;
  readonly reading: Reading | undefined;
}

/** So many names are looked for at once. */
const NAMES_MAX = 100;
/** An id that was drawn just now is nobody's. */
const DRAWN = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Finds out, for the changes of one commit, into which vault each goes. */
export class Aiming {
  readonly #options: AimingOptions;

  constructor(options: AimingOptions) {
    this.#options = options;
  }

  /**
   * Where every change goes. Nothing is sealed before all are known to have a place.
   *
   * Fails:   `refused-record`, `no-vault`, `not-writable`, `version-conflict`, `cloud`.
   */
  async aimsOf(changes: readonly Change[]): Promise<Result<Aims, WorldError>> {
    const categories: (Category | undefined)[] = [];
    for (const change of changes) {
      const category = this.#categoryOf(change);
      if (!category.ok) return category;
      categories.push(category.value);
    }
    const looked = await this.#lookAround(changes);
    if (!looked.ok) return fail({ kind: "cloud", error: looked.error });
    const made: Aim[] = [];
    const none: NoAim[] = [];
    for (const { change, index } of patientsFirst(changes)) {
      const { type, id } = namesOf(change);
      const vault = await this.#vaultOf(change);
      if (!vault.ok) return vault;
      const category = categories[index];
      if (vault.value === undefined) none.push({ index, type, id });
      else made.push({ change, index, type, id, vault: vault.value, category });
    }
    return ok({ made, none });
  }

  /** What a resource is about, if the policy takes it at all. */
  #categoryOf(change: Change): Result<Category | undefined, WorldError> {
    if (change.kind === "delete") return ok(undefined);
    const { resource } = change;
    const { node, path: below } = this.#options.writer;
    const path = [node, ...below];
    const index = deriveIndex(resource, { path, policy: BALANCED });
    if (index.ok) return ok(index.value.category);
    const { error } = index;
    const where = "path" in error ? error.path : undefined;
    const { type, id } = namesOf(change);
    return fail({ kind: "refused-record", type, id, problem: error.kind, path: where });
  }

  /**
   * Learn where the names of these changes stand, if that is not known. What is new under an id that was drawn
   * is looked for nowhere: every vault would have to be asked.
   */
  async #lookAround(changes: readonly Change[]): Promise<Result<void, ClientError>> {
    const { reading, names } = this.#options;
    if (reading === undefined) return ok(undefined);
    const unknown = new Map<string, string[]>();
    for (const change of changes) {
      const { type, id } = namesOf(change);
      const isNew = change.kind === "put" && change.expects === "0" && DRAWN.test(id);
      if (!isNew && names.at(`${type}/${id}`) === undefined) {
        unknown.set(type, [...(unknown.get(type) ?? []), id]);
      }
    }
    if (unknown.size === 0) return ok(undefined);
    const vaults = await reading.vaults.all();
    if (!vaults.ok) return vaults;
    for (const [type, ids] of unknown) {
      for (let at = 0; at < ids.length; at += NAMES_MAX) {
        const found = await lookUp(reading, type, ids.slice(at, at + NAMES_MAX), vaults.value);
        if (!found.ok) return found;
      }
    }
    return ok(undefined);
  }

  /** Where a change is to be made; nowhere for the deletion of what is not there. */
  async #vaultOf(change: Change): Promise<Result<VaultHandle | undefined, WorldError>> {
    const { type, id } = namesOf(change);
    const own = await this.#ownPlace(type, id);
    if (!own.ok) return own;
    if (change.kind === "delete") return this.#vaultOfDeleted(change, own.value);
    const target = await this.#options.placing.vaultOf(change.resource);
    if (!target.ok || own.value === undefined) return target;
    if (equalBytes(target.value, own.value)) return target;
    const problem = "a record does not move from one patient to another";
    return fail({ kind: "refused-record", type, id, problem, path: undefined });
  }

  /** Where something is to be deleted. Fails: `not-readable` where nobody can look for it. */
  #vaultOfDeleted(
    { expects, ...change }: Change & { readonly kind: "delete" },
    own: VaultHandle | undefined,
  ): Result<VaultHandle | undefined, WorldError> {
    const { type, id } = change;
    const isUnknown = own === undefined && this.#options.names.at(`${type}/${id}`) === undefined;
    if (isUnknown && this.#options.reading === undefined) return fail({ kind: "not-readable" });
    const isExpected = own === undefined && expects !== undefined && expects !== "0";
    return isExpected ? fail({ kind: "version-conflict", type, id, versionId: "0" }) : ok(own);
  }

  /**
   * The vault in which what this writer wrote of a name stands; nothing where the name is free.
   *
   * Fails:   `not-writable` where somebody else wrote it.
   */
  async #ownPlace(type: string, id: string): Promise<Result<VaultHandle | undefined, WorldError>> {
    const { names } = this.#options;
    const place = names.at(`${type}/${id}`);
    if (place === undefined) return ok(undefined);
    const own = await this.#isOwn(place);
    if (!own.ok) return own;
    if (own.value) return ok(place.vault);
    const other = await this.#otherOwn(type, id);
    if (!other.ok || other.value !== undefined) return other;
    return place.isGone === true ? ok(undefined) : fail({ kind: "not-writable", type, id });
  }

  /** Behind the newest of a name there may be one that this writer wrote. */
  async #otherOwn(type: string, id: string): Promise<Result<VaultHandle | undefined, WorldError>> {
    const { reading } = this.#options;
    if (reading === undefined) return ok(undefined);
    const vaults = await reading.vaults.all();
    const found = vaults.ok ? await lookUp(reading, type, [id], vaults.value) : vaults;
    if (!found.ok) return fail({ kind: "cloud", error: found.error });
    for (const { vault, origin } of found.value) {
      const own = await this.#isOwn({ vault, source: origin.source });
      if (!own.ok) return own;
      if (own.value) return ok(vault);
    }
    return ok(undefined);
  }

  async #isOwn({
    vault,
    source,
  }: Pick<Match, "vault"> & Pick<Match["origin"], "source">): Promise<Result<boolean, WorldError>> {
    const mayWrite = await this.#options.placing.isWritable(vault);
    if (!mayWrite.ok) return fail({ kind: "cloud", error: mayWrite.error });
    if (!mayWrite.value) return ok(false);
    const opened = await this.#options.writer.open(vault, []);
    if (!opened.ok) return fail({ kind: "cloud", error: opened.error });
    return ok(equalBytes(opened.value.source, source));
  }
}

function namesOf(change: Change): { readonly type: string; readonly id: string } {
  if (change.kind === "delete") return change;
  const { resourceType, id = "" }: Resource = change.resource;
  return { type: resourceType, id };
}

function patientsFirst(
  changes: readonly Change[],
): readonly { readonly change: Change; readonly index: number }[] {
  const all = changes.map((change, index) => ({ change, index }));
  const isPatient = ({ change }: { readonly change: Change }): boolean =>
    namesOf(change).type === "Patient";
  return [...all.filter(isPatient), ...all.filter((each) => !isPatient(each))];
}
