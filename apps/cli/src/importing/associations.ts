import { ok, type Result } from "@salus/base";
import type { Survey } from "@salus/client/writer";
import type { VaultHandle } from "@salus/protocol";
import type { Homes, Resident } from "../homes/homes.ts";
import { deskOf } from "../inviting/collect.ts";
import type { Failure } from "../words.ts";

/** An organisation here that a patient has let in, and the vault that she keeps herself. */
export interface Associated {
  readonly organisation: Resident;
  readonly vault: VaultHandle;
}

type Found = Result<readonly Associated[], Failure>;

/** Which patients of an import keep their vaults themselves, by the organisations whose keys are here. */
export class Associations {
  readonly #homes: Homes;
  readonly #survey: Survey;
  readonly #known = new Map<string, Promise<Found>>();

  constructor(homes: Homes, survey: Survey) {
    this.#homes = homes;
    this.#survey = survey;
  }

  /**
   * Who has been let in by a patient.
   *
   * Takes:   `Patient/17`; her identifiers count as well, as far as the input says them.
   * Fails:   any `HomeError`, `store-damaged`.
   */
  of(patient: string): Promise<Found> {
    const known = this.#known.get(patient) ?? this.#find(patient);
    this.#known.set(patient, known);
    return known;
  }

  async #find(patient: string): Promise<Found> {
    const names = [patient.replace(/^Patient\//, ""), ...this.#survey.factsOf(patient).identifiers];
    const found: Associated[] = [];
    for (const person of this.#homes.people("organisation")) {
      if (person.associates !== true) continue;
      const organisation = await this.#homes.open(person);
      if (!organisation.ok) return organisation;
      const desk = deskOf(organisation.value);
      for (const name of names) {
        const hers = await desk.byLocalId(name);
        if (!hers.ok) return hers;
        if (hers.value === undefined) continue;
        found.push({ organisation: organisation.value, vault: hers.value.vault });
        break;
      }
    }
    return ok(found);
  }
}
