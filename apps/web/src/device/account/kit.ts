import { assert } from "@salus/base";
import type { DeviceSecret, Phrase } from "@salus/client";

/** What was drawn for a person, to be written down: it is shown once, and printed. */
export interface Kit {
  readonly login: string;
  readonly phrase: readonly string[];
  readonly deviceSecret: string;
  /** The places of the words that she is asked for, from 1. */
  readonly asked: readonly number[];
}

/** How she shows that she has the phrase: all of it, or the words that she was asked for, in order. */
export type Confirmation = { readonly phrase: string } | { readonly words: readonly string[] };

const ASKED = 4;

/** The page to print, and which of its words she is asked for. */
export function drawKit(
  login: string,
  { words: phrase }: Phrase,
  { text: deviceSecret }: DeviceSecret,
): Kit {
  return { login, phrase, deviceSecret, asked: drawPlaces(ASKED, phrase.length) };
}

/** Whether she has shown that she has the page. */
export function isConfirmed({ phrase, asked }: Kit, confirmation: Confirmation): boolean {
  const typed = (text: string): string => text.trim().toLowerCase();
  if ("phrase" in confirmation) {
    return typed(confirmation.phrase).split(/\s+/u).join(" ") === phrase.join(" ");
  }
  const { words } = confirmation;
  return asked.every((place, at) => typed(words[at] ?? "") === phrase[place - 1]);
}

/** So many places, in order, each as likely as any other. */
function drawPlaces(count: number, of: number): readonly number[] {
  assert(count <= of && of <= 128, "there are as many places");
  const places = new Set<number>();
  const limit = 256 - (256 % of);
  while (places.size < count) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < limit) places.add((byte % of) + 1);
  }
  return [...places].sort((a, b) => a - b);
}
