import { createHash } from "node:crypto";

/** Whoever has keys of her own, and so a home of her own. */
export type Role =
  | "patient"
  | "organisation"
  | "department"
  | "practitioner"
  | "administrator"
  | "reader"
  | "authority";

/** An entry of the list of homes in a folder. */
export interface Person {
  readonly role: Role;
  /** The FHIR id, or the name that a reader was given: one word, the same in every command. */
  readonly id: string;
  /** Where the home stands, from the folder. */
  readonly home: string;
  readonly name: string;
  /** How FHIR resources refer to her: `Organization/17`, `Organization?identifier=system|value`. */
  readonly references: readonly string[];
  /** `system|value`. */
  readonly identifiers: readonly string[];
  /** Id of the organisation or department above; empty at the top. */
  readonly parent: string;
  /** Her Ed25519 key, in hexadecimal. */
  readonly key: string;
  /** When her certificate ends, if she has one: milliseconds since 1970. */
  readonly certified?: number;
  /** Whether patients have let it in who keep their vaults themselves. */
  readonly associates?: boolean;
  /** The handle of a patient's vault, in hexadecimal. */
  readonly vault?: string;
  /** What she signs in as, if she has an account. */
  readonly login?: string;
}

/** Of who is certified by others, or under other keys: imports leave that to them. */
export const BY_OTHERS: number = Number.MAX_SAFE_INTEGER;

const FOLDERS: Readonly<Record<Role, string>> = {
  patient: "patients",
  organisation: "sources",
  department: "departments",
  practitioner: "practitioners",
  administrator: "administrators",
  reader: "readers",
  authority: "authority",
};

const PLAIN = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/**
 * Where the home of somebody stands: `patients/17`. An id that is no safe and unique name of a file
 * everywhere (capitals, say) gets a digest behind it.
 */
export function homeFolder(role: Role, id: string): string {
  if (role === "authority") return FOLDERS.authority;
  if (PLAIN.test(id)) return `${FOLDERS[role]}/${id}`;
  const digest = createHash("sha256").update(id).digest("hex").slice(0, 12);
  const plain = id.toLowerCase().replace(/[^a-z0-9.-]+/g, "-");
  const safe = plain.replace(/^[^a-z0-9]+/, "").slice(0, 40);
  return `${FOLDERS[role]}/${safe}_${digest}`;
}

/** Whether a text reads as somebody's id, name, reference or vault, in whole or from the beginning. */
export function isNamed(person: Person, text: string): "whole" | "part" | "no" {
  const folded = text.toLowerCase();
  const { id, name, home, key, vault, login, references } = person;
  const names = [id, name, home, key, vault ?? "", login ?? "", ...references];
  if (names.some((name) => name.toLowerCase() === folded)) return "whole";
  const long = names.filter((name) => name.toLowerCase().startsWith(folded));
  return folded.length >= 3 && long.length > 0 ? "part" : "no";
}
