import type { Bytes, Result } from "@salus/base";
import * as v from "valibot";
import { bytesField, decodeAs, listField, type Schema, textField } from "./fields.ts";
import type { Malformed } from "./ids.ts";

/** How sure it is that a record is the source's own. */
export type Assigned = "stated" | "inferred" | "patient";

/** What is inside an envelope. Spec: envelope §3. */
export interface RecordContent {
  /** `application/fhir+json`, the type of an attachment, or `TOMBSTONE_MEDIA`. */
  readonly media: string;
  /** The provider nodes from the organisation down to the author. */
  readonly path: readonly string[];
  readonly assigned: Assigned;
  readonly body: Bytes;
}

/** The media type of what is left of a deleted record. */
export const TOMBSTONE_MEDIA = "application/x-salus-tombstone";

const MEDIA_BYTES_MAX = 255;
const NODE_BYTES_MAX = 128;
const PATH_MAX = 16;
const BODY_BYTES_MAX = 8_388_608;

const content: Schema<RecordContent> = v.strictObject({
  media: textField(MEDIA_BYTES_MAX),
  path: listField(textField(NODE_BYTES_MAX), PATH_MAX),
  assigned: v.picklist(["stated", "inferred", "patient"]),
  body: bytesField(0, BODY_BYTES_MAX),
});

/** Read what an envelope held. Fails: `malformed`. Source: spec/envelope.md §3. */
export function parseRecordContent(bytes: Uint8Array): Result<RecordContent, Malformed> {
  return decodeAs(content, bytes, "record content");
}
