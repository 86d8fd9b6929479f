/** Something to import, which can be read more than once: assignment looks at everything first. */
export interface Input {
  /** What to call it in messages: the path or name as given. */
  readonly name: string;
  /** Whether the name says that every line is a value. */
  readonly lines: boolean;
  /** Read from the beginning, decompressed. Throws `Unreadable`. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** An input stopped being readable: a damaged archive, or the disk. Caught by `resources`. */
export class Unreadable extends Error {
  readonly fault: "damaged-gzip" | "unreadable-file";

  constructor(fault: Unreadable["fault"]) {
    super(fault);
    this.fault = fault;
  }
}

/** Whether the name of a file says that every line of it is a value. */
export function saysLines(name: string): boolean {
  return /\.(?:ndjson|jsonl)(?:\.gz)?$/i.test(name);
}

/** Whether bytes begin as gzip does: a name may say anything. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
