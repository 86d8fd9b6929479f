import { isYoung, ok, type Result, toHex } from "@salus/base";
import { MailboxKeys } from "@salus/crypto";
import type { Directory } from "../directory/port.ts";
import { collectParcels } from "../discovery/parcels.ts";
import type { ClientError } from "../failure.ts";
import type { Registry } from "../registry/registry.ts";
import type { Source } from "../writer/source.ts";
import { type ReadWriting, readWriting } from "./writing.ts";

/** What a gateway has done with what its practitioners wrote. */
export interface TakenWritings {
  readonly stored: number;
  /** Why others were not stored: they will not be later. */
  readonly refused: readonly string[];
}

/** With what an organisation's gateway takes what its practitioners write. */
export interface WritingDeskOptions {
  readonly source: Source;
  readonly directory: Directory;
  readonly registry: Registry;
}

/** What does not pass: the patient has not let the organisation in, or has ended it. */
const FINAL: ReadonlySet<string> = new Set(["unknown-source", "not-live", "handle-mismatch"]);

/** Where an organisation's gateway takes what its practitioners write, and stores it for them. */
export class WritingDesk {
  readonly #options: WritingDeskOptions;
  readonly #keys: MailboxKeys;
  #registered = 0;

  /** Takes:   `source`, whose identity is the organisation's, with a key of suite 1. */
  constructor(options: WritingDeskOptions) {
    this.#options = options;
    this.#keys = new MailboxKeys(options.source.identity);
  }

  /**
   * Store what lies in the mailbox, vault by vault, and forget it there once it is stored.
   *
   * Leaks:   to the directory: that the organisation's gateway looks. To the cloud: as an upload.
   * Fails:   any `ClientError` that may pass: what was not stored stays in the mailbox.
   * Source:  spec/requests.md §6.
   */
  async collect(now: number = Date.now()): Promise<Result<TakenWritings, ClientError>> {
    const { directory, registry, source } = this.#options;
    const refused: string[] = [];
    let stored = 0;
    let done: readonly number[] = [];
    for (let after = 0; ; ) {
      const page = await collectParcels(directory, this.#keys, { after, done });
      if (!page.ok) return page;
      const { items, more } = page.value;
      if (items.length === 0) return ok({ stored, refused });
      // Somebody may have been certified, or suspended, since.
      const isKnown = isYoung(this.#registered, REGISTRY_AGE_MS, now);
      const fresh = isKnown ? ok(undefined) : await registry.refresh(now);
      if (!fresh.ok) return fresh;
      this.#registered = now;
      const byVault = new Map<string, ReadWriting[]>();
      for (const item of items) {
        if (item.type !== "parcel" || item.kind !== "writing") continue;
        const read = readWriting(item.statement, registry, source.identity.card.sign, now);
        if (!read.ok) refused.push(read.error.kind);
        else addTo(byVault, toHex(read.value.vault), read.value);
      }
      for (const writings of byVault.values()) {
        const kept = await this.#store(writings);
        if (!kept.ok) return kept;
        stored += kept.value.stored;
        refused.push(...kept.value.refused);
      }
      done = items.map(({ number }) => number);
      after = done.at(-1) ?? after;
      if (!more) {
        const forgotten = await collectParcels(directory, this.#keys, { after, done });
        return forgotten.ok ? ok({ stored, refused }) : forgotten;
      }
    }
  }

  /** Store what is for one vault. A vault that the organisation may not write into takes nothing. */
  async #store(writings: readonly ReadWriting[]): Promise<Result<TakenWritings, ClientError>> {
    const [first] = writings;
    if (first === undefined) return ok({ stored: 0, refused: [] });
    const vault = await this.#options.source.open(first.vault);
    if (!vault.ok) {
      const { error } = vault;
      const unknown = error.kind === "refused" && error.problem === "no-such-vault";
      if (!unknown && !FINAL.has(error.kind)) return vault;
      return ok({ stored: 0, refused: writings.map(() => error.kind) });
    }
    const uploads = writings.map(({ resource, path }) => ({ resource, path }));
    const report = await vault.value.upload(uploads);
    if (!report.ok) return report;
    const refused = report.value.refused.map(({ problem }) => problem);
    return ok({ stored: report.value.records + report.value.unchanged, refused });
  }
}

const REGISTRY_AGE_MS = 5_000;

function addTo<Item>(groups: Map<string, Item[]>, name: string, item: Item): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [item]);
  else group.push(item);
}
