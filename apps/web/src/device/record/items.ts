import { fail, ok, type Result, toHex } from "@salus/base";
import type { Match } from "@salus/client";
import { type Json, objects, textOf } from "@salus/health";
import { RecordHandle } from "@salus/protocol";
import { described } from "../described.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { ANNOTATION, ANNOTATIONS } from "./annotation.ts";
import { describedLine } from "./lines.ts";
import { type Room, roomOf } from "./room.ts";
import { later } from "./seen.ts";
import { keepItem, seenItemOf } from "./seen-items.ts";
import type { AttachmentView, ItemView, NoteView } from "./views.ts";

const RAW_MAX = 60_000;
const TEXT_MAX = 60_000;
const DATA_MAX = 8_000_000;
const ATTACHMENTS_MAX = 20;
const NOTES_MAX = 50;
const NOTE_MAX = 4_000;

/**
 * One record, fully: what people read of it, and what was written.
 *
 * Fails:   `not-found` when it is not there; `unreadable`; any `ClientError`.
 */
export function item(handle: string): Promise<Result<ItemView, Problem>> {
  return withOpen(async (open) => {
    const after = open.exchanges.mark();
    const room = roomOf(open);
    const found = await matchOf(room, handle);
    if (!found.ok) return found.error.kind === "unreachable" ? seenItem(open, handle) : found;
    const vault = await room.vault();
    if (!vault.ok) return vault;
    const match = found.value;
    const { registry } = vault.value;
    if (room.other === undefined) later(() => keepItem(open, match, registry));
    const notes = await notesOn(room, match);
    const said = described(match.resource);
    const raw = JSON.stringify(match.resource, null, 2);
    const answered = await room.answered([], [], after);
    return ok({
      ...answered,
      line: describedLine(match, said, registry),
      details: said.details,
      codes: said.codes,
      attachments: attachmentsOf(match.resource),
      notes,
      raw: raw.slice(0, RAW_MAX),
      rawIsCut: raw.length > RAW_MAX,
      revision: match.revision,
      hasSeries: said.values.some(({ number }) => number !== undefined),
    });
  });
}

/** A record that is remembered, or fetched. Fails: `not-found`, any `ClientError`. */
export async function matchOf(room: Room, handle: string): Promise<Result<Match, Failure>> {
  const kept = room.kept(handle);
  if (kept !== undefined) return ok(kept);
  const record = RecordHandle.fromHex(handle);
  if (!record.ok) return fail({ kind: "not-found" });
  const vault = await room.vault();
  if (!vault.ok) return vault;
  const read = await vault.value.reader.read(vault.value.vault, record.value);
  if (!read.ok) return read;
  if (read.value === undefined) return fail({ kind: "not-found" });
  room.keep(read.value);
  return ok(read.value);
}

/** What is known of a record without the network: as it was when it was last seen here. */
async function seenItem(open: Open, handle: string): Promise<Result<ItemView, Failure>> {
  const kept = await seenItemOf(open, handle);
  if (kept === undefined) return fail({ kind: "unreachable" });
  const { at, ...shown } = kept;
  const mark = open.exchanges.mark();
  return ok({
    coverage: { sources: [], problem: { kind: "unreachable" }, leftOut: 0 },
    asked: { queries: [], after: mark, until: mark },
    seen: at,
    ...shown,
    attachments: [],
    notes: [],
    hasSeries: false,
  });
}

/** What she has said of a record; nothing when it cannot be asked. */
async function notesOn(room: Room, match: Match): Promise<readonly NoteView[]> {
  const answer = await room.ask(ANNOTATIONS);
  if (!answer.ok) return [];
  const notes: NoteView[] = [];
  for await (const note of answer.value) {
    if (notes.length >= NOTES_MAX) break;
    // Only her own: a hospital cannot put words into her mouth.
    if (note.origin.assigned !== "patient" || !isAbout(note.resource, match)) continue;
    room.keep(note);
    const [part] = objects(note.resource.payload);
    const text = textOf(part?.contentString).slice(0, NOTE_MAX);
    notes.push({ handle: toHex(note.record), text, date: textOf(note.resource.sent).slice(0, 40) });
  }
  return notes;
}

function isAbout(resource: Json, match: Match): boolean {
  const handle = toHex(match.record);
  return objects(resource.about).some((reference) => {
    const identifier = objects(reference.identifier)[0];
    return identifier?.system === ANNOTATION && identifier.value === handle;
  });
}

/** What a document or a report has with it: text is read, the rest can be kept as a file. */
function attachmentsOf(resource: Json): readonly AttachmentView[] {
  const found = [
    ...objects(resource.content).map((part) => objects(part.attachment)[0] ?? part),
    ...objects(resource.presentedForm),
  ];
  return found.slice(0, ATTACHMENTS_MAX).flatMap((attachment): AttachmentView[] => {
    const data = typeof attachment.data === "string" ? attachment.data.replace(/\s/g, "") : "";
    const type = textOf(attachment.contentType).slice(0, 100);
    if (type === "" && data === "") return [];
    const title = textOf(attachment.title).slice(0, 200);
    const bytes = Math.floor((data.length * 3) / 4);
    const text = /^text\/(?:plain|csv|markdown)/.test(type) ? textIn(data) : undefined;
    return [{ title, type, bytes, text, data: bytes > DATA_MAX ? undefined : data }];
  });
}

function textIn(base64: string): string | undefined {
  try {
    const binary = atob(base64.slice(0, TEXT_MAX * 2 - ((TEXT_MAX * 2) % 4)));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes).slice(0, TEXT_MAX);
  } catch {
    return undefined; // Not base64: it is offered as a file, as it came.
  }
}
