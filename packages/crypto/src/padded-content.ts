import { type Bytes, beInteger } from "@salus/base";
import { encodeCbor, parseRecordContent, type RecordContent } from "@salus/protocol";
import { padme } from "./padme.ts";

const LENGTH_BYTES = 4;

/** Content behind its length, then zero bytes up to a size that tells little. */
export function encodePadded(content: RecordContent): Bytes {
  const bytes = encodeCbor(content);
  const padded = new Uint8Array(padme(LENGTH_BYTES + bytes.length));
  padded.set(beInteger(bytes.length, LENGTH_BYTES));
  padded.set(bytes, LENGTH_BYTES);
  return padded;
}

/** The content of what `encodePadded` wrote; nothing when it would have written something else. */
export function decodePadded(padded: Bytes): RecordContent | undefined {
  if (padded.length < LENGTH_BYTES) return undefined;
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  const end = LENGTH_BYTES + length;
  if (end > padded.length || padme(end) !== padded.length) return undefined;
  for (let at = end; at < padded.length; at += 1) {
    if (padded[at] !== 0) return undefined;
  }
  const content = parseRecordContent(padded.subarray(LENGTH_BYTES, end));
  return content.ok ? content.value : undefined;
}
