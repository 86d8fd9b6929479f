import { ok, type Result } from "@salus/base";
import {
  type ChainCache,
  type ClientError,
  type Cloud,
  type KeyStore,
  openOwnSource,
  Patient,
} from "@salus/client";
import type { SourceVault } from "@salus/client/writer";
import type { Category } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import type { Writer } from "./writer.ts";

export interface PatientWriterOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  readonly chains: ChainCache;
}

/**
 * A patient, who writes into her own vault and nowhere else. What is of no patient stands there too: it is hers to
 * keep, and whoever reads her record finds what it mentions.
 */
export class PatientWriter implements Writer {
  readonly node = "patient";
  readonly path: readonly string[] = [];
  readonly #patient: Patient;
  readonly #options: PatientWriterOptions;
  #open: SourceVault | undefined;
  /** One at a time: what is opened twice would not know what the other has sent. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(patient: Patient, options: PatientWriterOptions) {
    this.#patient = patient;
    this.#options = options;
  }

  /** Open the patient whose vault a store holds. Fails: `no-identity`, `no-vault`, as `Patient.open`. */
  static async of(options: PatientWriterOptions): Promise<Result<PatientWriter, ClientError>> {
    const patient = await Patient.open(options);
    return patient.ok ? ok(new PatientWriter(patient.value, options)) : patient;
  }

  async vaults(): Promise<Result<readonly VaultHandle[], ClientError>> {
    return ok([this.#patient.vault]);
  }

  open(
    _vault: VaultHandle,
    categories: readonly Category[],
  ): Promise<Result<SourceVault, ClientError>> {
    const turn = this.#turn.then(() => this.#openFor(categories));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async shelf(): Promise<Result<VaultHandle, ClientError>> {
    return ok(this.#patient.vault);
  }

  /** Her own source, let in for these categories if it is not yet. */
  async #openFor(categories: readonly Category[]): Promise<Result<SourceVault, ClientError>> {
    const known = this.#open;
    const isOpen = categories.every((category) => known?.categories.includes(category));
    if (known !== undefined && isOpen) return ok(known);
    const synced = await this.#patient.sync();
    if (!synced.ok) return synced;
    const opened = await openOwnSource(this.#patient, categories, this.#options);
    if (opened.ok) this.#open = opened.value;
    return opened;
  }
}
