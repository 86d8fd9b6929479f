import { fail, ok, type Result, toHex } from "@salus/base";
import type { ClientError } from "@salus/client";
import type { VaultHandle } from "@salus/protocol";
import type { Place } from "./name-book.ts";
import { isOver, type Reading } from "./reading.ts";
import type { VaultList } from "./vault-list.ts";
import type { Writer } from "./writer.ts";

export interface DeletionsOptions {
  readonly writer: Writer;
  /** The vaults that the writer may write into, but for its shelf. */
  readonly vaults: VaultList;
  readonly reading: Reading;
}

/** Each vault is a request, and the first time some more: in a large hospital a wrong id shall not cost thousands. */
const VAULTS_MAX = 64;

/**
 * Finds out what the writer deleted before this process began. No search answers that: a tombstone has no index
 * entries. But whoever writes a record derives its handle from its name, and can ask what stands under it.
 */
export class Deletions {
  readonly #options: DeletionsOptions;

  constructor(options: DeletionsOptions) {
    this.#options = options;
  }

  /**
   * Where a name was deleted.
   *
   * Gives:   nothing where it was not, where somebody else deleted it, and where there are too many vaults to ask.
   * Leaks:   to the cloud: that somebody asks for the name, in each vault that she may write into.
   * Fails:   any `CloudError`; `unreadable`.
   */
  async placeOf(type: string, id: string): Promise<Result<Place | undefined, ClientError>> {
    const { writer, vaults } = this.#options;
    const listed = await vaults.all();
    if (!listed.ok) return listed;
    const shelf = await writer.shelf(false);
    if (!shelf.ok) return shelf;
    const all = new Map(listed.value.map((vault) => [toHex(vault), vault] as const));
    if (shelf.value !== undefined) all.set(toHex(shelf.value), shelf.value);
    if (all.size > VAULTS_MAX) return ok(undefined);
    const looked = [...all.values()].map((vault) => this.#placeIn(vault, type, id));
    for (const place of await Promise.all(looked)) if (!place.ok || place.value) return place;
    return ok(undefined);
  }

  async #placeIn(
    vault: VaultHandle,
    type: string,
    id: string,
  ): Promise<Result<Place | undefined, ClientError>> {
    const { writer, reading } = this.#options;
    const opened = await writer.open(vault, []);
    if (!opened.ok) return unlessOver(opened.error);
    const record = await opened.value.deleted(type, id);
    if (!record.ok) return unlessOver(record.error);
    if (record.value === undefined) return ok(undefined);
    // Until here the cloud says so; the tombstone proves it.
    const history = await reading.reader.revisions(vault, record.value);
    if (!history.ok) return unlessOver(history.error);
    const [newest] = history.value.revisions;
    if (newest === undefined || newest.resource !== undefined) return ok(undefined);
    const { source, at } = newest;
    const path = [writer.node, ...writer.path];
    return ok({ vault, source, at, record: record.value, path, isGone: true });
  }
}

function unlessOver(error: ClientError): Result<undefined, ClientError> {
  return isOver(error) ? ok(undefined) : fail(error);
}
