import { fail, ok, type Result, toHex } from "@salus/base";
import { type Match, openOwnSource, ownSources, type Resource } from "@salus/client";
import type { SourceVault } from "@salus/client/writer";
import { BALANCED, type Category, deriveIndex, objects, textOf } from "@salus/health";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { annotationOn } from "./annotation.ts";
import { matchOf } from "./items.ts";
import { listOf } from "./lists.ts";
import { MEASURES, type Measurement, observationOf } from "./measures.ts";
import { type Room, roomOf } from "./room.ts";
import { forgetItem } from "./seen-items.ts";
import type { ListView } from "./views.ts";

/** The reference that stands for her in what she writes herself: nobody else's ids are hers. */
export const SELF = "Patient/self";
const TEXT_MAX = 4_000;

/** Where a measurement is: what was written can be looked at, corrected and removed. */
export interface Written {
  readonly id: string;
}

/** Write down what she has measured. Fails: `bad-input`, any `ClientError`. */
export function measure(entry: Measurement): Promise<Result<Written, Problem>> {
  return withOpen(async (open) => {
    const id = crypto.randomUUID();
    const made = observationOf(entry, { id, self: SELF, now: Date.now() });
    return made.ok ? put(open, made.value) : made;
  });
}

/** Say instead what she has measured then. Fails: `not-found`, also of another's record. */
export function correct(handle: string, entry: Measurement): Promise<Result<Written, Problem>> {
  return withOpen(async (open) => {
    const old = await ownMatch(open, handle);
    if (!old.ok) return old;
    const id = old.value.resource.id ?? "";
    const made = observationOf(entry, { id, self: SELF, now: Date.now() });
    if (!made.ok) return made;
    const written = await put(open, made.value);
    roomOf(open).forgetRecord(handle);
    await forgetItem(open, handle);
    return written;
  });
}

/** Take back what she has written: a signed stone stands in its place. Fails: as `correct`. */
export function remove(handle: string): Promise<Result<void, Problem>> {
  return withOpen(async (open) => {
    const old = await ownMatch(open, handle);
    if (!old.ok) return old;
    const { resource } = old.value;
    const category = categoryOf(resource);
    if (!category.ok) return category;
    const vault = await ownVault(open, [category.value]);
    if (!vault.ok) return vault;
    const { resourceType, id = "" } = resource;
    const removed = await vault.value.remove([{ resourceType, id, category: category.value }]);
    if (!removed.ok) return removed;
    const room = roomOf(open);
    room.forgetRecord(handle);
    room.forgetFeeds();
    await forgetItem(open, handle);
    return removed.value.refused.length === 0 ? ok(undefined) : fail({ kind: "not-found" });
  });
}

/** Say something beside a record: what is wrong in it, or what else is to be known. */
export function annotate(handle: string, text: string): Promise<Result<Written, Problem>> {
  return withOpen(async (open) => {
    const said = text.trim().slice(0, TEXT_MAX);
    if (said === "") return fail({ kind: "bad-input", what: "text" });
    const match = await matchOf(roomOf(open), handle);
    if (!match.ok) return match;
    const now = new Date().toISOString();
    return put(open, annotationOn(match.value, said, { id: crypto.randomUUID(), self: SELF, now }));
  });
}

/** What she has measured herself, the newest first. Fails: any `ClientError`. */
export function measurements(start = 0): Promise<Result<ListView, Problem>> {
  return withOpen(async (open): Promise<Result<ListView, Failure>> => {
    const query = `Observation?performer=${SELF}&_sort=-date`;
    return listOf(open, [query], { start });
  });
}

/** A measurement as it was typed, to be corrected. Fails: `not-found`. */
export function measured(handle: string): Promise<Result<Measurement, Problem>> {
  return withOpen(async (open): Promise<Result<Measurement, Failure>> => {
    const match = await ownMatch(open, handle);
    if (!match.ok) return match;
    const entry = measurementOf(match.value.resource);
    return entry === undefined ? fail({ kind: "not-found" }) : ok(entry);
  });
}

async function put(open: Open, resource: Resource): Promise<Result<Written, Failure>> {
  const category = categoryOf(resource);
  if (!category.ok) return category;
  const vault = await ownVault(open, [category.value]);
  if (!vault.ok) return vault;
  const report = await vault.value.upload([{ resource, assigned: "patient" }]);
  if (!report.ok) return report;
  if (report.value.refused.length > 0) return fail({ kind: "bad-input", what: "record" });
  roomOf(open).forgetFeeds();
  return ok({ id: resource.id ?? "" });
}

/** Her vault, to write into as herself. Fails: as `openOwnSource`. */
export async function ownVault(
  open: Open,
  categories: readonly Category[],
): Promise<Result<SourceVault, Failure>> {
  // Who reads for another signs nothing.
  if (roomOf(open).other !== undefined) return fail({ kind: "no-vault" });
  const patient = await open.patient();
  if (!patient.ok) return patient;
  const { cloud, store, chains } = open;
  return openOwnSource(patient.value, categories, { cloud, store, chains });
}

/** Where a resource of hers belongs. Fails: `bad-input` for what the index policy does not know. */
export function categoryOf(resource: Resource): Result<Category, Failure> {
  const derived = deriveIndex(resource, { path: ["patient"], policy: BALANCED });
  return derived.ok ? ok(derived.value.category) : fail({ kind: "bad-input", what: "record" });
}

/** A record that she wrote herself, under a source that she still writes as. */
async function ownMatch(open: Open, handle: string): Promise<Result<Match, Failure>> {
  const room: Room = roomOf(open);
  const match = await matchOf(room, handle);
  if (!match.ok) return match;
  const patient = await open.patient();
  if (!patient.ok) return patient;
  const from = toHex(match.value.origin.source);
  const live = ownSources(patient.value).filter(({ status }) => status === "live");
  const isHers = live.some(({ source }) => toHex(source) === from);
  return isHers && match.value.origin.assigned === "patient" ? match : fail({ kind: "not-found" });
}

/** What a measurement of hers says; nothing when it is none of those that can be typed. */
export function measurementOf(resource: Resource): Measurement | undefined {
  const codes = objects(resource.code).flatMap((code) => objects(code.coding));
  const name = nameOf(codes.map(({ code }) => textOf(code)));
  if (name === undefined) return undefined;
  const parts = objects(resource.component);
  const quantities = (parts.length === 0 ? [resource] : parts).flatMap((part) =>
    objects(part.valueQuantity),
  );
  const values = quantities.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  const unit = textOf(quantities[0]?.code);
  const note = textOf(objects(resource.note)[0]?.text);
  return { name, values, unit, time: textOf(resource.effectiveDateTime), note };
}

function nameOf(codes: readonly string[]): Measurement["name"] | undefined {
  const names = Object.keys(MEASURES) as Measurement["name"][];
  return names.find((name) => {
    const { code, units } = MEASURES[name];
    const all = [code.code, ...units.flatMap((unit) => unit.code?.code ?? [])];
    return all.some((one) => codes.includes(one));
  });
}
