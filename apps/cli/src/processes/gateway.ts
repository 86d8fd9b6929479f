import { createInterface } from "node:readline";
import { fail, ok, type Result } from "@salus/base";
import { type Cloud, certify, decodeCard, publishCertificates } from "@salus/client";
import type { ResourceUpload, Source, UploadReport } from "@salus/client/writer";
import { VaultHandle } from "@salus/protocol";
import type { Failure } from "../words.ts";
import type { CertifyOrder, Instruction, Said } from "./source.ts";

/** What one source does: reads what its hospital has recorded, vault by vault, and delivers it. */
export class Gateway {
  readonly #source: Source;
  readonly #cloud: Cloud;
  readonly #say: (said: Said) => void;
  readonly #sum = { records: 0, entries: 0, unchanged: 0 };
  #vault: VaultHandle | undefined;
  #uploads: ResourceUpload[] = [];

  constructor(source: Source, cloud: Cloud, say: (said: Said) => void) {
    this.#source = source;
    this.#cloud = cloud;
    this.#say = say;
  }

  /**
   * Follow instructions until there are no more, or it is asked to stop: then what is in hand is
   * delivered, and nothing else begun.
   *
   * Fails:   any `ClientError`; what was delivered stays.
   */
  async work(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<Result<void, Failure>> {
    const lines = createInterface({ input, signal });
    for await (const line of lines) {
      const instruction = parse(line);
      if (instruction === undefined) return fail({ kind: "usage", what: "that is no instruction" });
      const followed = await this.#follow(instruction);
      if (!followed.ok) return followed;
      if (signal.aborted) return ok(undefined);
    }
    if (signal.aborted) return ok(undefined);
    const last = await this.#deliver();
    if (last.ok) this.#say({ done: this.#sum });
    return last;
  }

  async #follow(instruction: Instruction): Promise<Result<void, Failure>> {
    if ("resource" in instruction) {
      const { resource, path } = instruction;
      this.#uploads.push({ resource: resource as ResourceUpload["resource"], path });
      return ok(undefined);
    }
    if ("certify" in instruction) return this.#certify(instruction.certify);
    const delivered = await this.#deliver();
    if (!delivered.ok) return delivered;
    const vault = VaultHandle.fromHex(instruction.vault);
    if (!vault.ok) return fail({ kind: "usage", what: "that is no vault" });
    this.#vault = vault.value;
    return ok(undefined);
  }

  async #certify(orders: readonly CertifyOrder[]): Promise<Result<void, Failure>> {
    const { identity } = this.#source;
    const certificates = [];
    for (const { card: text, ...order } of orders) {
      const card = decodeCard(text);
      if (!card.ok) return card;
      certificates.push(certify(identity, { ...order, card: card.value }));
    }
    const published = await publishCertificates(this.#cloud, identity, certificates);
    return published.ok ? ok(undefined) : published;
  }

  async #deliver(): Promise<Result<void, Failure>> {
    const uploads = this.#uploads;
    this.#uploads = [];
    if (this.#vault === undefined || uploads.length === 0) return ok(undefined);
    const vault = await this.#source.open(this.#vault);
    if (!vault.ok) return vault;
    const report = await vault.value.upload(uploads);
    if (!report.ok) return report;
    this.#add(report.value);
    return ok(undefined);
  }

  #add({ records, entries, unchanged }: UploadReport): void {
    this.#sum.records += records;
    this.#sum.entries += entries;
    this.#sum.unchanged += unchanged;
    this.#say({ progress: this.#sum.records + this.#sum.unchanged });
  }
}

function parse(line: string): Instruction | undefined {
  try {
    return JSON.parse(line) as Instruction;
  } catch {
    return undefined;
  }
}
