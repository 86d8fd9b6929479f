import type { Resource } from "@salus/client";
import { condition, glucose, pressure } from "@salus/testkit";

// What can be told from everything else in a browser, and must be found nowhere outside of the screen.

export const NAME = "Qzheronia Thornquist-Vael";
export const LOGIN = "qzheron-login@example.org";
export const EMAIL = "qzheron-found-by@example.org";
export const PASSWORD = "qzheron battery stapled twice";
export const NOTE = "Qzheron sleeps badly since the storm";
/** What the practitioner writes. */
export const WRITTEN = "Qzheron sleeps better now that it is over";
/** Digits that stand nowhere else. */
export const FIRST_VALUE = 161.80339;

const subject = { reference: "Patient/p" };

/** What a hospital has of her: the first more than the second. */
export function written(node: string): readonly Resource[] {
  const both = [
    condition(`${node}-c`, "38341003", `Hypertension, ${node}`, "2021-03-01"),
    glucose(`${node}-g`, 214, "2026-05-01T09:00:00Z"),
  ];
  if (node !== "north") return [...both, pressure(`${node}-p`, 143, "2026-06-01T09:00:00Z")];
  return [
    ...both,
    pressure(`${node}-p`, FIRST_VALUE, "2026-07-01T09:00:00Z"),
    {
      ...{ resourceType: "Patient", id: "p", gender: "female", birthDate: "1961-08-03" },
      name: [{ text: NAME }],
    },
    {
      ...{ resourceType: "AllergyIntolerance", id: `${node}-a`, patient: subject },
      code: { text: "Penicillin" },
    },
    {
      ...{ resourceType: "DocumentReference", id: `${node}-d`, status: "current", subject },
      ...{ date: "2026-07-01T09:00:00Z", description: NOTE, type: { text: "Progress note" } },
      content: [{ attachment: { contentType: "text/plain", data: btoa(NOTE) } }],
    },
  ];
}
