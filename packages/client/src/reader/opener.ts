import { type Bytes, concat, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { type KemPair, type Key, type OpenedRecord, open, unwrapBatchKey } from "@salus/crypto";
import {
  type CertificateBook,
  certificateBook,
  certificatePath,
  digest,
  type EnvelopeHeader,
  named,
  type SignedCertificate,
  splitEnvelope,
  verifyCertificate,
} from "@salus/evaluate";
import { isOfPeriod } from "@salus/health";
import {
  type BatchWrap,
  type Digest,
  type RecordContent,
  type RecordHandle,
  TOMBSTONE_MEDIA,
  type VerifyKey,
} from "@salus/protocol";
import type { Resource } from "../resource.ts";
import type { Access } from "./access.ts";
import type { HeldCell } from "./keyring.ts";
import type { Sealed } from "./opened-before.ts";

/** A record that was opened and verified. */
export interface OpenRecord {
  readonly record: RecordHandle;
  readonly revision: number;
  readonly header: EnvelopeHeader;
  readonly author: VerifyKey;
  readonly content: RecordContent;
  /** None for a tombstone, or for what is no FHIR resource. */
  readonly resource: Resource | undefined;
  /** Whether it is of a period of care that the reader was granted: what is not is not given. */
  readonly granted: boolean;
}

/** Why a record was not opened. */
export type OpenFault =
  /** It is in a cell that the reader has no key of. */
  { readonly kind: "not-held" } | { readonly kind: "unreadable" };

/** Some 400 bytes each. A vault that is written a record at a time has as many batches as records. */
const KEYS_MAX = 16_384;

interface Unwrapped {
  /** The hash of the wrap. */
  readonly from: Digest;
  readonly key: Promise<Result<Key<"batch">, OpenFault>>;
}

/**
 * Batch keys by the pair that unwrapped them, as long as it lives: whoever asks many questions meets the
 * same batches again, and an unwrapping costs ten times what the rest of opening does.
 */
const unwrapped = new WeakMap<KemPair, Map<string, Unwrapped>>();

const MEDIA = "application/fhir+json";

/**
 * Opens the records of one vault: unwraps batch keys once, and judges authors by the patient's chain
 * and the certificates below it.
 */
export class Opener {
  readonly #access: Access;
  readonly #remembers: boolean;
  readonly #cells: ReadonlyMap<string, HeldCell>;
  readonly #certificates = new Map<string, ReturnType<typeof verifyCertificate>>();
  #book: CertificateBook = certificateBook([]);

  /** Takes:   `remembers`: whether what was opened before need not be opened again. */
  constructor(access: Access, remembers = false) {
    this.#access = access;
    this.#remembers = remembers;
    this.#cells = new Map(access.keys.cells.map((cell) => [toHex(cell.cell), cell]));
  }

  /** Learn the certificates that came with a page. Those that do not verify count for nothing. */
  learn(certificates: readonly Bytes[]): void {
    const before = this.#certificates.size;
    for (const signed of certificates) {
      const name = toHex(signed);
      if (!this.#certificates.has(name)) this.#certificates.set(name, verifyCertificate(signed));
    }
    if (this.#certificates.size === before) return;
    const verified = [...this.#certificates.values()].flatMap((it) => (it.ok ? [it.value] : []));
    this.#book = certificateBook(verified);
  }

  /**
   * Open a record.
   *
   * Takes:   `wraps`, among which its batch's is, by `wrapName`.
   * Fails:   `unreadable`, whatever was wrong: the cloud has changed something, or it never was a
   *          record of this vault by somebody who may write it.
   * Cost:    150 µs, or a hash of what was opened before; a decapsulation for the first of each (batch,
   *          cell).
   */
  async open(
    sealed: Sealed,
    wraps: ReadonlyMap<string, BatchWrap>,
  ): Promise<Result<OpenRecord, OpenFault>> {
    const parts = splitEnvelope(sealed.envelope);
    if (!parts.ok) return fail({ kind: "unreadable" });
    const { header } = parts.value;
    if (!equalBytes(header.batch, sealed.batch)) return fail({ kind: "unreadable" });
    const cell = this.#cells.get(toHex(header.cell));
    if (cell === undefined) return fail({ kind: "not-held" });
    const known = this.#remembers && this.#access.opened.find(this.#access.chain, sealed);
    // Whoever sealed it may have been suspended since it was opened, for a time before.
    const stands = known && this.#pathOf(known.author, header) !== undefined;
    const opened = stands ? ok(known) : await this.#openNew(sealed, header, cell, wraps);
    if (!opened.ok) return opened;
    const { record, revision } = sealed;
    const { content, author } = opened.value;
    const resource = readResource(content);
    if (resource === "broken") return fail({ kind: "unreadable" });
    const granted =
      resource === undefined || cell.periods.some((period) => isOfPeriod(resource, period));
    return ok({ record, revision, header, author, content, resource, granted });
  }

  async #openNew(
    sealed: Sealed,
    header: EnvelopeHeader,
    cell: HeldCell,
    wraps: ReadonlyMap<string, BatchWrap>,
  ): Promise<Result<OpenedRecord, OpenFault>> {
    const key = await this.#batchKey(header, cell, wraps);
    if (!key.ok) return key;
    const { vault, chain } = this.#access;
    const { record, revision, envelope } = sealed;
    let steps: readonly SignedCertificate[] = [];
    const allows = (author: VerifyKey, of: EnvelopeHeader): boolean => {
      const path = this.#pathOf(author, of);
      if (path !== undefined) steps = path;
      return path !== undefined;
    };
    const opened = open(key.value, { vault, record, revision, allows }, envelope);
    if (!opened.ok) return fail({ kind: "unreadable" });
    // Who is certified below an organisation writes as herself, or for who is below her.
    // A further device of hers is she.
    const nodes = steps.filter(({ payload }) => payload.role !== "device");
    const { path } = opened.value.content;
    const isHer = nodes.every(({ payload }, at) => path[at + 1] === payload.node);
    if (!isHer) return fail({ kind: "unreadable" });
    if (this.#remembers) this.#access.opened.keep(chain, sealed, opened.value);
    return opened;
  }

  #batchKey(
    header: EnvelopeHeader,
    cell: HeldCell,
    wraps: ReadonlyMap<string, BatchWrap>,
  ): Promise<Result<Key<"batch">, OpenFault>> {
    const name = wrapName(header);
    const keys = unwrapped.get(cell.kem) ?? new Map<string, Unwrapped>();
    unwrapped.set(cell.kem, keys);
    const known = keys.get(name);
    const wrap = wraps.get(name);
    if (wrap === undefined) return Promise.resolve(fail({ kind: "unreadable" }));
    // Anybody can wrap another key to a cell: one wrap must not be taken for another.
    const from = digest(concat(Uint8Array.of(wrap.suite), wrap.enc, wrap.ct));
    if (known !== undefined && equalBytes(known.from, from)) return known.key;
    const place = { vault: this.#access.vault, cell: header.cell, batch: header.batch };
    const key = unwrapBatchKey(cell.kem, place, wrap);
    for (const oldest of keys.keys()) {
      if (keys.size < KEYS_MAX) break;
      keys.delete(oldest);
    }
    keys.set(name, { from, key });
    return key;
  }

  /**
   * The certificates from the source down to an author who may have sealed the record then, and was not
   * suspended; none are needed for the source's own key.
   */
  #pathOf(author: VerifyKey, header: EnvelopeHeader): readonly SignedCertificate[] | undefined {
    const { chain, standing } = this.#access;
    const source = named(chain.sources, header.source);
    const cell = named(chain.cells, header.cell);
    if (source === undefined || cell === undefined) return undefined;
    if (!equalBytes(cell.source, source.source) || cell.generation !== header.generation) {
      return undefined;
    }
    const path = certificatePath(
      this.#book,
      { key: source.key },
      author,
      header.sealedAt,
      standing,
    );
    return path.ok ? path.value : undefined;
  }
}

/** What the wrap of an envelope is found by. */
function wrapName({ batch, cell }: Pick<BatchWrap, "batch" | "cell">): string {
  return `${toHex(batch)}/${toHex(cell)}`;
}

/** The wraps of a page, by name. */
export function wrapsByName(wraps: readonly BatchWrap[]): ReadonlyMap<string, BatchWrap> {
  return new Map(wraps.map((wrap) => [wrapName(wrap), wrap]));
}

function readResource(content: RecordContent): Resource | undefined | "broken" {
  if (content.media === TOMBSTONE_MEDIA || content.media !== MEDIA) return undefined;
  try {
    const json: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(content.body),
    );
    const isResource =
      typeof json === "object" && json !== null && "resourceType" in json && !Array.isArray(json);
    return isResource ? (json as Resource) : "broken";
  } catch {
    return "broken";
  }
}
