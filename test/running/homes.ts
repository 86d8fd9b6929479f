import { join } from "node:path";
import type { Result } from "@salus/base";
import { ChainCache, type Cloud, openIdentity, Patient, Reader, Registry } from "@salus/client";
import { type Home, openHome, Passphrase } from "@salus/client/file";
import { VerifyKey } from "@salus/protocol";

export const PASSPHRASE = "a passphrase for tests";
export const SEALED: NodeJS.ProcessEnv = { SALUS_PASSPHRASE: PASSPHRASE };

/** The value, where anything else is a fault of the test. */
export function need<Value, Failure>(result: Result<Value, Failure>): Value {
  if (!result.ok) throw new Error(`unexpected: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The homes that `import` made below a folder, opened in this process instead of by the program. */
export class ImportedHomes {
  readonly #folder: string;
  readonly #passphrase = new Passphrase(PASSPHRASE);
  readonly #open: Home[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Open one home: `patients/17`, `sources/general-hospital`, or "" for the folder itself. */
  async home(name: string): Promise<Home> {
    const unlock = { kind: "passphrase", passphrase: this.#passphrase } as const;
    const home = need(await openHome(join(this.#folder, name), unlock));
    this.#open.push(home);
    return home;
  }

  /** The registry, believing the authority that the folder pins. */
  async registry(cloud: Cloud): Promise<Registry> {
    const root = await this.home("");
    const authority = need(await openIdentity((await this.home("authority")).store));
    await root.close();
    return need(await Registry.load({ cloud, authorities: [VerifyKey.of(authority.card.sign)] }));
  }

  async patient(id: string, cloud: Cloud): Promise<{ owner: Patient; reader: Reader }> {
    const { store } = await this.home(`patients/${id}`);
    const chains = new ChainCache();
    const owner = need(await Patient.open({ cloud, store, chains }));
    return { owner, reader: need(await Reader.open({ cloud, store, chains })) };
  }

  /** Let the program have them again. */
  async close(): Promise<void> {
    for (const home of this.#open.splice(0)) await home.close();
  }
}
