import { ok, type Result } from "@salus/base";
import type { Open } from "../open.ts";
import type { Failure } from "../problem.ts";
import { Kept } from "./kept.ts";

/** What this device remembers of a patient whose record it has opened. */
export interface KnownPatient {
  /** The handle of her vault, in hexadecimal. */
  readonly vault: string;
  /** As her record says, where that was shared. */
  readonly name: string | undefined;
  /** `kind|value` that she was looked up by; empty for her code. */
  readonly identifier: string;
  readonly birthDate: string | undefined;
  readonly sex: string | undefined;
  /** When her chart was last opened here. */
  readonly opened: number;
}

const BOOK = new Kept<readonly KnownPatient[]>("web/patients", []);
const KEPT = 200;

/** By vault. Fails: `store-damaged`. */
export async function knownPatients(
  open: Open,
): Promise<Result<ReadonlyMap<string, KnownPatient>, Failure>> {
  const book = await BOOK.read(open.store);
  return book.ok ? ok(new Map(book.value.map((one) => [one.vault, one]))) : book;
}

/** Remember who was seen: what was known and is not shared any more stays as it was. */
export function remember(open: Open, seen: KnownPatient): Promise<Result<void, Failure>> {
  return BOOK.change(open.store, (book) => {
    const before = book.find(({ vault }) => vault === seen.vault);
    const merged: KnownPatient = {
      ...seen,
      name: seen.name ?? before?.name,
      birthDate: seen.birthDate ?? before?.birthDate,
      sex: seen.sex ?? before?.sex,
    };
    const others = book.filter(({ vault }) => vault !== seen.vault);
    return [...others, merged].slice(-KEPT);
  });
}
