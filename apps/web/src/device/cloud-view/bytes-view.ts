import { type Bytes, toHex } from "@salus/base";

/** So many bytes of a message are shown; how many there are is said beside them. */
const SHOWN_BYTES = 1_536;

/** Bytes as they went over the wire, or their beginning. */
export interface BytesView {
  readonly hex: string;
  /** Of the whole. */
  readonly bytes: number;
}

export function bytesView(bytes: Bytes): BytesView {
  return { hex: toHex(bytes.subarray(0, SHOWN_BYTES)), bytes: bytes.length };
}
