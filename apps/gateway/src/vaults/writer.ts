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

/** An organisation: it writes where patients have let it in, and what is of no patient on a shelf of its own. */
export class OrganisationWriter implements Writer {
  readonly node: string;
  readonly path: readonly string[];
  readonly #source: Source;
  readonly #shelf: Shelf;
  readonly #open = new Map<string, SourceVault>();

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
    const known = this.#open.get(name);
    if (known !== undefined) return ok(known);
    const opened = await this.#source.open(vault);
    if (opened.ok) remember(this.#open, name, opened.value);
    return opened;
  }

  shelf(make: boolean): Promise<Result<VaultHandle | undefined, ClientError>> {
    return this.#shelf.vault(make);
  }
}

/** Vaults that stay open to write into: each remembers what was sent. */
const OPEN_MAX = 256;

export function remember<Value>(into: Map<string, Value>, name: string, value: Value): void {
  into.set(name, value);
  for (const oldest of into.keys()) {
    if (into.size <= OPEN_MAX) break;
    into.delete(oldest);
  }
}
