/** One JSON value of an input, or the reason why there is none at this place. */
export type Piece =
  | { readonly kind: "value"; readonly line: number; readonly text: string }
  /** An element of the `entry` array of a Bundle that is too large to hold. */
  | { readonly kind: "entry"; readonly line: number; readonly entry: number; readonly text: string }
  | {
      readonly kind: "broken";
      readonly line: number;
      readonly entry?: number;
      readonly fault: Fault;
    };

type Place =
  | { readonly kind: "value"; readonly line: number }
  | { readonly kind: "entry"; readonly line: number; readonly entry: number };

export type Fault = "not-json" | "truncated" | "too-large";

/** Above this, a value is taken apart into its entries as it comes, and never held whole. */
const HELD_BYTES = 8 * 1024 * 1024;
/** One resource (an envelope holds 8 MiB; base64 and escapes make its JSON larger). */
const PIECE_BYTES = 32 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/**
 * Cut a stream of JSON values apart: NDJSON, one document over many lines, or several of them.
 *
 * A line that begins and ends a value makes the input NDJSON: from then on a line that is broken is
 * reported and the next one is read. Bundles of any size are read in bounded memory.
 *
 * Takes:   `lines`, when the name of the input already says that it is NDJSON.
 * Cost:    one look at every byte; at most `HELD_BYTES`, or one entry, is held.
 */
export async function* pieces(
  chunks: AsyncIterable<Uint8Array>,
  lines: boolean,
): AsyncGenerator<Piece> {
  const cutter = new Cutter(lines);
  for await (const chunk of chunks) {
    cutter.take(chunk);
    yield* cutter.drain();
  }
  cutter.end();
  yield* cutter.drain();
}

/** The state between two bytes. Positions are offsets into `held`. */
class Cutter {
  #lines: boolean;
  #ready: Piece[] = [];
  #held = new Uint8Array(64 * 1024);
  #size = 0;
  #line = 1;
  #first = true;

  /** Where the value at hand began. */
  #startLine = 1;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Rest of a line that is already known to be broken. */
  #skipping = false;

  /** How the last string at depth 1 begins: before an array it is the array's key. */
  #name = "";
  #inEntries = false;
  #entryAt = 0;
  #entryLine = 1;
  #entries = 0;
  /** Entries of the value at hand, as long as it may still be held whole. */
  #marks: { at: number; end: number; line: number }[] = [];
  /** Whether the value at hand is handed out entry by entry. */
  #split = false;
  #dropped = false;

  constructor(lines: boolean) {
    this.#lines = lines;
  }

  *drain(): Generator<Piece> {
    yield* this.#ready;
    this.#ready = [];
  }

  take(chunk: Uint8Array): void {
    // A byte-order mark is not JSON, but common.
    const marked = this.#first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    if (chunk.length > 0) this.#first = false;
    for (let at = marked ? 3 : 0; at < chunk.length; at += 1) this.#byte(chunk[at] as number);
  }

  end(): void {
    if (this.#depth > 0) this.#break("truncated");
  }

  #byte(byte: number): void {
    if (byte === NEWLINE) {
      this.#newline();
      return;
    }
    if (this.#skipping) return;
    if (this.#depth === 0) {
      this.#outside(byte);
      return;
    }
    this.#hold(byte);
    if (this.#inString) this.#string(byte);
    else if (byte === QUOTE) {
      this.#inString = true;
      this.#name = "";
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#open(byte);
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#close(byte);
  }

  #newline(): void {
    if (this.#lines && this.#depth > 0) this.#break("not-json");
    else if (this.#depth > 0) this.#hold(NEWLINE);
    this.#skipping = false;
    this.#line += 1;
  }

  #outside(byte: number): void {
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d) return;
    this.#startLine = this.#line;
    if (byte !== OPEN_BRACE) {
      this.#break("not-json");
      this.#skipping = true;
      return;
    }
    this.#depth = 1;
    this.#hold(byte);
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    else if (this.#depth === 1 && this.#name.length < 8) this.#name += String.fromCharCode(byte);
  }

  #open(byte: number): void {
    this.#depth += 1;
    if (this.#depth === 2 && byte === OPEN_BRACKET) {
      this.#inEntries = this.#name === "entry";
    } else if (this.#depth === 3 && this.#inEntries) {
      this.#entryAt = this.#size - 1;
      this.#entryLine = this.#line;
    }
  }

  #close(byte: number): void {
    this.#depth -= 1;
    if (this.#depth === 2 && this.#inEntries) this.#entryEnds();
    else if (this.#depth === 1 && byte === CLOSE_BRACKET) this.#inEntries = false;
    else if (this.#depth === 0) this.#valueEnds();
  }

  #entryEnds(): void {
    if (!this.#dropped) {
      this.#marks.push({ at: this.#entryAt, end: this.#size, line: this.#entryLine });
    } else this.#entries += 1;
    this.#dropped = false;
    if (this.#size > HELD_BYTES) this.#split = true;
    if (this.#split) this.#release();
  }

  /** Hand out the entries that are complete, and forget their bytes. */
  #release(): void {
    for (const { at, end, line } of this.#marks) {
      this.#entries += 1;
      this.#give(at, end, { kind: "entry", line, entry: this.#entries });
    }
    this.#marks = [];
    this.#size = 0;
  }

  #valueEnds(): void {
    if (!this.#split && !this.#dropped) {
      this.#give(0, this.#size, { kind: "value", line: this.#startLine });
    }
    if (this.#line === 1) this.#lines = true;
    this.#reset();
  }

  #give(from: number, to: number, place: Place): void {
    const text = decode(this.#held.subarray(from, to));
    if (text === undefined) this.#ready.push({ ...place, kind: "broken", fault: "not-json" });
    else this.#ready.push({ ...place, text });
  }

  #break(fault: Fault): void {
    this.#ready.push({ kind: "broken", line: this.#startLine, fault });
    this.#reset();
  }

  #reset(): void {
    this.#size = 0;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#inEntries = false;
    this.#entries = 0;
    this.#marks = [];
    this.#split = false;
    this.#dropped = false;
    this.#name = "";
  }

  #hold(byte: number): void {
    if (this.#size === this.#held.length) this.#grow();
    this.#held[this.#size] = byte;
    this.#size += 1;
  }

  #grow(): void {
    if (this.#size < PIECE_BYTES) {
      const larger = new Uint8Array(this.#held.length * 2);
      larger.set(this.#held);
      this.#held = larger;
      return;
    }
    // Too much for one record: what is held is given up, and the rest of it is only counted.
    if (!this.#dropped) {
      this.#release();
      const entry = this.#entries + 1;
      const at = this.#inEntries ? { line: this.#entryLine, entry } : { line: this.#startLine };
      this.#ready.push({ kind: "broken", ...at, fault: "too-large" });
      this.#split = this.#inEntries;
    }
    this.#dropped = true;
    this.#size = 0;
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
