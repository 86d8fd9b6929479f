import { ok, type Result, toHex } from "@salus/base";
import type { Card, ChainCache, ClientError, Cloud, KeyStore } from "@salus/client";
import { Source, type SourceVault } from "@salus/client/writer";
import type { Category } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import { Shelf } from "./shelf.ts";

/** Whoever seals and signs what is written through a gateway. */
export interface Writer {
  /** The node that stands first in the path of what it writes. */
  readonly node: string;
  /** Nodes below it, down to whom it writes for. */
  readonly path: readonly string[];
  /** The vaults that it may write into, but for its shelf. */
  vaults(): Promise<Result<readonly VaultHandle[], ClientError>>;
  /** One of them, to write records of these categories. */
  open(
    vault: VaultHandle,
    categories: readonly Category[],
  ): Promise<Result<SourceVault, ClientError>>;
  /** The vault of what is of no patient; with `make`, founded where there is none yet. */
  shelf(make: boolean): Promise<Result<VaultHandle | undefined, ClientError>>;
}

/** What an organisation writes with. */
export interface OrganisationOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  readonly chains: ChainCache;
  /** Its node, as in its certificate. */
  readonly node: string;
  /** Nodes below it, down to whom it writes for; none for itself. */
  readonly path?: readonly string[];
  /** Who reads through the same gateway, and so what stands on the shelf. */
  readonly reader: Card | undefined;
}

/** Vaults that stay open to write into: each remembers what was sent. */
const OPEN_MAX = 256;

/** An organisation: it writes where patients have let it in, and what is of no patient on a shelf of its own. */
export class OrganisationWriter implements Writer {
  readonly node: string;
  readonly path: readonly string[];
  readonly #source: Source;
  readonly #shelf: Shelf;
  /** Vaults that are open or being opened: two who write into one at once must share what was sent. */
  readonly #open = new Map<string, Promise<Result<SourceVault, ClientError>>>();

  constructor(source: Source, shelf: Shelf, path: readonly [string, ...string[]]) {
    this.#source = source;
    this.#shelf = shelf;
    const [node, ...below] = path;
    this.node = node;
    this.path = below;
  }

  /** Open the organisation whose identity a store holds. Fails: `no-identity`, `store-damaged`. */
  static async of(options: OrganisationOptions): Promise<Result<OrganisationWriter, ClientError>> {
    const { node, path = [] } = options;
    const source = await Source.open(options);
    if (!source.ok) return source;
    const shelf = new Shelf(options, source.value.identity.card);
    return ok(new OrganisationWriter(source.value, shelf, [node, ...path]));
  }

  async vaults(): Promise<Result<readonly VaultHandle[], ClientError>> {
    const all = await this.#source.vaults();
    if (!all.ok) return all;
    const shelf = await this.#shelf.vault(false);
    if (!shelf.ok) return shelf;
    const name = shelf.value === undefined ? undefined : toHex(shelf.value);
    return ok(all.value.filter((vault) => toHex(vault) !== name));
  }

  async open(vault: VaultHandle): Promise<Result<SourceVault, ClientError>> {
    const name = toHex(vault);
    const opening = this.#open.get(name) ?? this.#source.open(vault);
    // Who was used last is let go of last.
    this.#open.delete(name);
    this.#open.set(name, opening);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= OPEN_MAX) break;
      this.#open.delete(oldest);
    }
    const opened = await opening;
    if (!opened.ok && this.#open.get(name) === opening) this.#open.delete(name);
    return opened;
  }

  shelf(make: boolean): Promise<Result<VaultHandle | undefined, ClientError>> {
    return this.#shelf.vault(make);
  }
}
