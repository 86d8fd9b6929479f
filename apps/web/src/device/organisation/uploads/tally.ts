import type { Place } from "@salus/client/writer";

/** Something of a file that was not taken: where it stands and why, and nothing of what it says. */
export interface Refusal {
  readonly file: string;
  readonly line: number;
  /** Within a Bundle, from 1. */
  readonly entry?: number;
  /** Why, in one word: the catalogue says it to people. */
  readonly why: string;
  readonly type?: string;
  readonly id?: string;
  /** The element of the resource. */
  readonly element?: string;
  /** Whose it is, as the file names her: `Patient/17`. */
  readonly patient?: string;
}

/** How far one file has come. */
export interface FileView {
  readonly name: string;
  readonly bytes: number;
  /** Resources that were found. */
  found: number;
  /** Of those: sealed for a record, or known to be there. */
  taken: number;
  /** Of those: about providers, whom the registry has. */
  providers: number;
  refused: number;
}

const KEPT = 2_000;

/** What becomes of everything in some files. */
export class Tally {
  readonly files: readonly FileView[];
  readonly refusals: Refusal[] = [];
  readonly whys: Map<string, number> = new Map();
  stored = 0;
  unchanged = 0;
  #bytes = 0;

  constructor(files: readonly { readonly name: string; readonly size: number }[]) {
    const nothing = { found: 0, taken: 0, providers: 0, refused: 0 };
    this.files = files.map(({ name, size: bytes }) => ({ name, bytes, ...nothing }));
  }

  /** Bytes that were looked at, of all files, first to survey and then to send. */
  get bytes(): number {
    return this.#bytes;
  }

  read(bytes: number): void {
    this.#bytes += bytes;
  }

  refuse({ file, line, entry }: Place, refusal: Pick<Refusal, "why"> & Partial<Refusal>): void {
    const at = this.files.find(({ name }) => name === file);
    if (at !== undefined) at.refused += 1;
    this.whys.set(refusal.why, (this.whys.get(refusal.why) ?? 0) + 1);
    if (this.refusals.length >= KEPT) return;
    this.refusals.push({ file, line, ...(entry !== undefined && { entry }), ...refusal });
  }

  take({ file }: Place, count: number): void {
    const at = this.files.find(({ name }) => name === file);
    if (at !== undefined) at.taken += count;
  }
}
