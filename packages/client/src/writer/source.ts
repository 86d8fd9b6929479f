import { equalBytes, fail, ok, type Result } from "@salus/base";
import { VaultHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import { type Identity, openIdentity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import { ChainCache } from "../vault/chain.ts";
import { Pins } from "../vault/pins.ts";
import { Courier } from "./courier.ts";
import { Journal } from "./journal.ts";
import { Outbox, undelivered } from "./outbox.ts";
import { VaultSession } from "./session.ts";
import { SourceVault } from "./source-vault.ts";

/** What every source works with. */
export interface SourceOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  /** The organisation's own node, as in its certificate: the first of every record's path. */
  readonly node: string;
  /** Chains that the same process has verified. */
  readonly chains?: ChainCache;
}

/** An organisation (or the patient herself) that seals, indexes and delivers, and opens nothing. */
export class Source {
  readonly identity: Identity;
  readonly #options: SourceOptions;
  readonly #chains: ChainCache;

  constructor(identity: Identity, options: SourceOptions) {
    this.identity = identity;
    this.#options = options;
    this.#chains = options.chains ?? new ChainCache();
  }

  /** Open the source whose identity a store holds. Fails: `no-identity`, `store-damaged`. */
  static async open(options: SourceOptions): Promise<Result<Source, ClientError>> {
    const identity = await openIdentity(options.store);
    return identity.ok ? ok(new Source(identity.value, options)) : identity;
  }

  /** The vaults that patients have let this source into. */
  async vaults(): Promise<Result<readonly VaultHandle[], ClientError>> {
    const found: VaultHandle[] = [];
    let after: VaultHandle | undefined;
    for (let more = true; more; ) {
      const page = await this.#options.cloud.vaults(this.identity.caller(), after);
      if (!page.ok) return page;
      for (const { vault, role } of page.value.vaults) if (role === "source") found.push(vault);
      const last = page.value.vaults.at(-1)?.vault;
      more = page.value.more && last !== undefined;
      if (more && after !== undefined && last !== undefined && equalBytes(last, after)) {
        return fail({ kind: "malformed-answer", what: "vaults" });
      }
      after = last;
    }
    return ok(found);
  }

  /**
   * Open a vault to write into, and deliver first what an interrupted run left behind.
   *
   * Fails:   as `VaultSession.open`, and any `CloudError`.
   */
  async open(vault: VaultHandle): Promise<Result<SourceVault, ClientError>> {
    const { cloud, store, node } = this.#options;
    const pins = await Pins.of(store, vault);
    if (!pins.ok) return pins;
    const journal = await Journal.read(store, vault);
    if (!journal.ok) return journal;
    const session = await VaultSession.open({
      cloud,
      identity: this.identity,
      node,
      vault,
      pins: pins.value,
      chains: this.#chains,
    });
    if (!session.ok) return session;
    const courier = new Courier(session.value, journal.value, new Outbox(store, vault));
    const resumed = await courier.resume();
    return resumed.ok ? ok(new SourceVault(session.value, courier)) : resumed;
  }

  /** Deliver what interrupted runs left behind, into whatever vault. Gives: how many batches. */
  async resume(): Promise<Result<{ readonly batches: number }, ClientError>> {
    const names = await undelivered(this.#options.store);
    for (const name of names) {
      const vault = VaultHandle.fromHex(name);
      if (!vault.ok) return fail({ kind: "store-damaged", name: `outbox/${name}` });
      const opened = await this.open(vault.value);
      if (!opened.ok) return opened;
    }
    return ok({ batches: names.length });
  }
}
