import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { ClientError, Resource } from "@salus/client";
import { CareMap, objects } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import type { WorldError } from "../world.ts";
import type { NameBook } from "./name-book.ts";
import type { PatientBook } from "./patient-book.ts";
import { lookUp, type Reading } from "./reading.ts";
import type { VaultList } from "./vault-list.ts";
import type { Writer } from "./writer.ts";

/** Makes a vault for a patient who has none, where a gateway may. */
export type Founder = (patient: Resource) => Promise<Result<VaultHandle, ClientError>>;

export interface PlacingOptions {
  readonly writer: Writer;
  /** The vaults that the writer may write into, but for its shelf. */
  readonly vaults: VaultList;
  readonly patients: PatientBook;
  readonly names: NameBook;
  readonly reading: Reading | undefined;
  readonly founder: Founder | undefined;
}

/** Where to write, or why nowhere. */
type Placed = Result<VaultHandle, WorldError>;

/** Says which vault a resource belongs to: that of its patient, or the writer's shelf. */
export class Placing {
  readonly #options: PlacingOptions;
  readonly #care = new CareMap();
  /** One Patient at a time: the same one, brought twice at once, must not get two vaults. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PlacingOptions) {
    this.#options = options;
  }

  /**
   * The vault of a resource.
   *
   * Takes:   a Patient of the same commit before what is of that patient.
   * Fails:   `no-vault`: its patient has let nobody in who writes here, or it is not to be told whose it is.
   */
  async vaultOf(resource: Resource): Promise<Placed> {
    if (resource.resourceType === "Patient") {
      const turn = this.#turn.then(() => this.#vaultOfPatient(resource));
      this.#turn = turn.catch(() => undefined);
      return turn;
    }
    const whose = await this.#whoseIs(resource);
    if (!whose.ok) return fail({ kind: "cloud", error: whose.error });
    if (whose.value === undefined) return this.#shelf();
    const known = await this.#known(whose.value);
    if (!known.ok) return fail({ kind: "cloud", error: known.error });
    const [vault] = known.value;
    return vault !== undefined && known.value.length === 1 ? ok(vault) : noVault(resource);
  }

  /** Whether this writer writes into a vault: its shelf, or a patient's who has let it in. */
  async isWritable(vault: VaultHandle): Promise<Result<boolean, ClientError>> {
    const shelf = await this.#options.writer.shelf(false);
    if (!shelf.ok) return shelf;
    if (shelf.value !== undefined && equalBytes(shelf.value, vault)) return ok(true);
    const found = await this.#writable([vault]);
    return found.ok ? ok(found.value.length > 0) : found;
  }

  async #shelf(): Promise<Placed> {
    const shelf = await this.#options.writer.shelf(true);
    if (!shelf.ok) return fail({ kind: "cloud", error: shelf.error });
    if (shelf.value === undefined) return fail(NOWHERE);
    // One that was founded just now is in no list yet.
    const { reading } = this.#options;
    if (reading?.vaults.has(shelf.value) === false) reading.vaults.forget();
    return ok(shelf.value);
  }

  /** The patient of a resource, by reference; what vouches for another record is where that one is. */
  async #whoseIs(resource: Resource): Promise<Result<string | undefined, ClientError>> {
    const { names, patients, reading } = this.#options;
    const about = (reference: string): string | undefined => {
      const place = names.at(reference);
      return place && patients.patientOf(place.vault);
    };
    const named = { ...resource, id: resource.id ?? "" };
    const whose = this.#care.patientOf(named, about);
    const targets = resource.resourceType === "Provenance" ? objects(resource.target) : [];
    if (whose !== undefined || reading === undefined) return ok(whose);
    for (const { reference } of targets) {
      const [type, id] = String(reference).split("/").slice(-2);
      if (type === undefined || id === undefined) continue;
      const vaults = await reading.vaults.all();
      const found = vaults.ok ? await lookUp(reading, type, [id], vaults.value) : vaults;
      if (!found.ok) return found;
    }
    return ok(targets.length > 0 ? this.#care.patientOf(named, about) : undefined);
  }

  async #vaultOfPatient(patient: Resource): Promise<Placed> {
    const { patients, founder } = this.#options;
    const known = await this.#known(`Patient/${patient.id}`);
    if (!known.ok) return fail({ kind: "cloud", error: known.error });
    if (known.value.length > 1) return noVault(patient);
    const [vault] = known.value;
    if (vault !== undefined) return ok(vault);
    const writable = await this.#writable(patients.vaultsLike(patient));
    if (!writable.ok) return fail({ kind: "cloud", error: writable.error });
    const [like] = writable.value;
    if (like !== undefined && writable.value.length === 1) return ok(like);
    return founder === undefined ? this.#emptyVault(patient) : this.#found(patient, founder);
  }

  /** The one vault that nobody has written a Patient into. */
  async #emptyVault(patient: Resource): Promise<Placed> {
    const all = await this.#options.vaults.look();
    if (!all.ok) return fail({ kind: "cloud", error: all.error });
    const empty = all.value.filter((vault) => !this.#options.patients.isKnown(vault));
    const [vault] = empty;
    if (vault === undefined || empty.length > 1) return noVault(patient);
    this.#options.patients.learn(patient, vault);
    return ok(vault);
  }

  async #found(patient: Resource, founder: Founder): Promise<Placed> {
    const founded = await founder(patient);
    if (!founded.ok) return fail({ kind: "cloud", error: founded.error });
    this.#options.vaults.forget();
    this.#options.reading?.vaults.forget();
    this.#options.patients.learn(patient, founded.value);
    return founded;
  }

  /** The writable vaults of a patient; they are looked for anew when nothing is known of her. */
  async #known(reference: string): Promise<Result<readonly VaultHandle[], ClientError>> {
    const { patients, reading } = this.#options;
    const known = await this.#writable(patients.vaultsOf(reference));
    if (!known.ok || known.value.length > 0 || reading === undefined) return known;
    const [type = "", id = ""] = reference.split("/");
    if (type !== "Patient" || id === "") return known;
    const vaults = await reading.vaults.look();
    const found = vaults.ok ? await lookUp(reading, type, [id], vaults.value) : vaults;
    return found.ok ? this.#writable(patients.vaultsOf(reference)) : found;
  }

  async #writable(
    vaults: readonly VaultHandle[],
  ): Promise<Result<readonly VaultHandle[], ClientError>> {
    if (vaults.length === 0) return ok([]);
    const all = this.#options.vaults;
    const listed = vaults.every((vault) => all.has(vault)) ? await all.all() : await all.look();
    if (!listed.ok) return listed;
    const names = new Set(listed.value.map(toHex));
    return ok(vaults.filter((vault) => names.has(toHex(vault))));
  }
}

const NOWHERE: WorldError = { kind: "cloud", error: { kind: "no-vault" } };

function noVault({ resourceType: type, id = "" }: Resource): Result<never, WorldError> {
  return fail({ kind: "no-vault", type, id });
}
