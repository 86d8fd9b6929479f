import type { Resource } from "@salus/client";

/** What somebody says of a document that she adds. */
export interface DocumentNote {
  readonly title: string;
  /** A FHIR date. */
  readonly date: string;
}

/** An envelope takes 8 MiB, and base64 makes of three bytes four. */
export const DOCUMENT_BYTES_MAX: number = 5 * 1024 * 1024;

const TITLE_MAX = 200;
/** What a browser shows without running anything of it. */
const SHOWN_TYPES = ["application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain"];
const CHUNK_BYTES = 0x8000;

/** A document as a DocumentReference that holds it. */
export async function documentOf(
  file: File,
  { title, date }: DocumentNote,
  { id, self }: { readonly id: string; readonly self: string },
): Promise<Resource> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const name = (title.trim() || file.name).slice(0, TITLE_MAX);
  return {
    resourceType: "DocumentReference",
    id,
    status: "current",
    description: name,
    subject: { reference: self },
    author: [{ reference: self }],
    date: `${date}T00:00:00Z`,
    content: [
      {
        attachment: {
          contentType: SHOWN_TYPES.includes(file.type) ? file.type : "application/octet-stream",
          title: file.name.slice(0, TITLE_MAX),
          size: bytes.length,
          data: base64(bytes),
        },
      },
    ],
  };
}

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES)));
  }
  return btoa(parts.join(""));
}
