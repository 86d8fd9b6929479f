import { ok, type Result, toHex } from "@salus/base";
import type { ClientError } from "@salus/client";
import type { VaultHandle } from "@salus/protocol";

/** So long a list of vaults is gone by: what patients give shows soon, what they end the cloud refuses at once. */
const AGE_MS = 5_000;

/** The vaults of somebody, looked for again from time to time. */
export class VaultList {
  readonly #fetch: () => Promise<Result<readonly VaultHandle[], ClientError>>;
  #vaults: readonly VaultHandle[] = [];
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<Result<readonly VaultHandle[], ClientError>> | undefined;

  constructor(fetch: () => Promise<Result<readonly VaultHandle[], ClientError>>) {
    this.#fetch = fetch;
  }

  /** Fails: any `CloudError`. */
  async all(): Promise<Result<readonly VaultHandle[], ClientError>> {
    if (performance.now() - this.#fetchedAt < AGE_MS) return ok(this.#vaults);
    return this.look();
  }

  /** Look now; who asks while it is being looked for shares the answer. */
  look(): Promise<Result<readonly VaultHandle[], ClientError>> {
    this.#fetching ??= this.#lookNow().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** Whether a vault was among them when they were last looked for. */
  has(vault: VaultHandle): boolean {
    const name = toHex(vault);
    return this.#vaults.some((known) => toHex(known) === name);
  }

  /** Look again before the next answer. */
  forget(): void {
    this.#fetchedAt = Number.NEGATIVE_INFINITY;
  }

  async #lookNow(): Promise<Result<readonly VaultHandle[], ClientError>> {
    const began = performance.now();
    const fetched = await this.#fetch();
    if (!fetched.ok) return fetched;
    this.#vaults = fetched.value;
    this.#fetchedAt = began;
    return fetched;
  }
}
