import { toHex } from "@salus/base";
import type { Pending } from "@salus/client";
import type { ReaderName } from "../deciding/names.ts";
import type { Open } from "../open.ts";
import { Kept } from "../practice/kept.ts";

/** Somebody who asked to read, and has been answered. */
export interface Asked {
  /** The handle of the request, in hexadecimal. */
  readonly request: string;
  readonly time: number;
  readonly who: ReaderName;
}

/** A request leaves the mailbox with its answer: that it came is remembered by this device. */
const BOOK = new Kept<readonly Asked[]>("web/asked", []);
const KEPT = 500;

/** Remember that somebody asked. */
export async function noteAsked(open: Open, pending: Pending): Promise<void> {
  const asked = askedOf(pending);
  await BOOK.change(open.store, (book) =>
    [...book.filter(({ request }) => request !== asked.request), asked].slice(-KEPT),
  );
}

/** Who asked, and was answered on this device; nothing where that cannot be read. */
export async function askedBefore(open: Open): Promise<readonly Asked[]> {
  const book = await BOOK.read(open.store);
  return book.ok ? book.value : [];
}

export function askedOf({ opened }: Pending): Asked {
  const { name, node, organisation } = opened.who;
  const { request, time } = opened.request;
  return {
    request: toHex(request),
    time,
    who: { kind: "certified", name, node, organisation, suspended: false },
  };
}
