import { equalBytes, ok, type Result } from "@salus/base";
import {
  type Card,
  type ChainCache,
  type ClientError,
  type Cloud,
  type KeyStore,
  openIdentity,
  Patient,
  storeBelow,
} from "@salus/client";
import { CATEGORIES } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";

export interface ShelfOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  readonly chains: ChainCache;
  readonly reader: Card | undefined;
}

const FOLDER = "shelf";
/** No grant lasts longer. Source: spec/README.md, Conventions. */
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * The vault of an organisation's own: practitioners, places, medications, what is of no patient.
 *
 * It is a vault as any other, with an owner, who lets the organisation write and whoever reads through the
 * gateway read. The owner's keys stand in the organisation's home, apart from its own.
 */
export class Shelf {
  readonly #options: ShelfOptions;
  readonly #writer: Card;
  #owner: Patient | undefined;
  /** One at a time: two who need a shelf at once must not found two. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ShelfOptions, writer: Card) {
    this.#options = options;
    this.#writer = writer;
  }

  /**
   * The shelf's vault.
   *
   * Takes:   `make`, whether to found it where there is none.
   * Leaks:   to the cloud: that this organisation writes into one more vault.
   */
  vault(make: boolean): Promise<Result<VaultHandle | undefined, ClientError>> {
    const turn = this.#turn.then(() => this.#open(make));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #open(make: boolean): Promise<Result<VaultHandle | undefined, ClientError>> {
    if (this.#owner !== undefined) return ok(this.#owner.vault);
    const { cloud, chains } = this.#options;
    const store = storeBelow(this.#options.store, FOLDER);
    const known = await openIdentity(store);
    if (!known.ok && known.error.kind === "store-damaged") return known;
    if (!known.ok && !make) return ok(undefined);
    const owner = await Patient.create({ cloud, store, chains });
    if (!owner.ok) return owner;
    const admitted = await this.#letIn(owner.value);
    if (!admitted.ok) return admitted;
    this.#owner = owner.value;
    return ok(owner.value.vault);
  }

  /** Let in who is not in yet: the organisation to write, the gateway's reader to read. */
  async #letIn(owner: Patient): Promise<Result<void, ClientError>> {
    const isWriter = ({ key, status }: ReturnType<Patient["sources"]>[number]): boolean =>
      status === "live" && equalBytes(key, this.#writer.sign);
    if (!owner.sources().some(isWriter)) {
      const admitted = await owner.admit(this.#writer, CATEGORIES);
      if (!admitted.ok) return admitted;
    }
    const { reader } = this.#options;
    if (reader === undefined) return ok(undefined);
    const reads = owner
      .grants()
      .some(({ grantee, status }) => status === "live" && equalBytes(grantee, reader.sign));
    if (reads) return ok(undefined);
    const granted = await owner.grant({
      grantee: reader,
      sources: "all",
      categories: "all",
      purpose: "HOPERAT",
      expires: LATEST,
    });
    return granted.ok ? ok(undefined) : granted;
  }
}
