import { toHex } from "@salus/base";
import { objects } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";

/** As much of a Patient as says who it is. */
export interface WhoIs {
  readonly id?: string;
  readonly identifier?: unknown;
}

/** What is known of one vault: whose it is. */
interface Owner {
  readonly vault: VaultHandle;
  /** `Patient/id`, of each source that has written one. */
  readonly names: Set<string>;
}

/**
 * Which patient's vault is which, as the `Patient` resources in them say. The cloud does not know it, and nothing
 * of it is kept anywhere but in memory.
 */
export class PatientBook {
  readonly #owners = new Map<string, Owner>();
  /** Vaults by `Patient/id`, and by `Patient?identifier=system|value`. */
  readonly #byName = new Map<string, Map<string, VaultHandle>>();

  /** Note that a Patient stands in a vault. */
  learn(patient: WhoIs, vault: VaultHandle): void {
    const name = toHex(vault);
    const owner = this.#owners.get(name) ?? { vault, names: new Set() };
    this.#owners.set(name, owner);
    const own = `Patient/${patient.id ?? ""}`;
    owner.names.add(own);
    for (const each of [own, ...identifiersOf(patient)]) {
      const vaults = this.#byName.get(each) ?? new Map<string, VaultHandle>();
      this.#byName.set(each, vaults.set(name, vault));
    }
  }

  /** Vaults of whoever a reference names: `Patient/17`, `Patient?identifier=system|value`. */
  vaultsOf(reference: string): readonly VaultHandle[] {
    return [...(this.#byName.get(reference)?.values() ?? [])];
  }

  /** Vaults that have a Patient with one of these identifiers. */
  vaultsLike(patient: WhoIs): readonly VaultHandle[] {
    const found = new Map<string, VaultHandle>();
    for (const name of identifiersOf(patient)) {
      for (const vault of this.vaultsOf(name)) found.set(toHex(vault), vault);
    }
    return [...found.values()];
  }

  /** Whose vault it is, by reference, if that is known. */
  patientOf(vault: VaultHandle): string | undefined {
    return this.#owners.get(toHex(vault))?.names.values().next().value;
  }

  isKnown(vault: VaultHandle): boolean {
    return this.#owners.has(toHex(vault));
  }
}

function identifiersOf({ identifier }: WhoIs): readonly string[] {
  return objects(identifier).flatMap(({ system, value }) =>
    typeof value === "string" && value !== ""
      ? [`Patient?identifier=${typeof system === "string" ? system : ""}|${value}`]
      : [],
  );
}
