import { fail, ok, type Result, toHex } from "@salus/base";
import type { ClientError } from "@salus/client";
import type { CommitError, CommittedChange, RecordChange, SourceVault } from "@salus/client/writer";
import type { Change, Committed, WorldError } from "../world.ts";
import { type Aim, Aiming, type AimingOptions } from "./aims.ts";
import { exposed, stamped, unversioned } from "./exposed.ts";
import type { PatientBook } from "./patient-book.ts";
import { lookUp, storedOf } from "./reading.ts";
import { type Done, takeBack } from "./taking-back.ts";
import type { Writer } from "./writer.ts";

export interface CommitsOptions extends AimingOptions {
  readonly patients: PatientBook;
}

/** Stores changes, vault by vault. */
export class Commits {
  readonly #options: CommitsOptions;
  readonly #aiming: Aiming;

  constructor(options: CommitsOptions) {
    this.#options = options;
    this.#aiming = new Aiming(options);
  }

  /** Fails: as `World.commit`. */
  async commit(changes: readonly Change[]): Promise<Result<readonly Committed[], WorldError>> {
    const aims = await this.#aiming.aimsOf(changes);
    if (!aims.ok) return aims;
    const results: Committed[] = [];
    for (const { index, type, id } of aims.value.none) {
      results[index] = { type, id, versionId: "0", at: 0, created: false, resource: undefined };
    }
    const groups = [...groupsOf(aims.value.made).values()];
    const before = groups.length > 1 ? await this.#standing(aims.value.made) : ok([]);
    if (!before.ok) return before;
    const done: Done[] = [];
    for (const group of groups) {
      const stored = await this.#store(group);
      if (!stored.ok) {
        const left = await takeBack(done, before.value);
        if (left.length === 0) return fail(stored.error.world);
        const error: ClientError = stored.error.client ?? { kind: "no-vault" };
        return fail({ kind: "half-undone", left, error });
      }
      done.push(stored.value);
      for (const [at, aim] of group.entries()) {
        const made = stored.value.committed[at] as CommittedChange;
        results[aim.index] = await this.#note(stored.value.vault, aim, made);
      }
    }
    return ok(results);
  }

  /** What stands where changes of several vaults are to be made, to put it back if need be. */
  async #standing(
    aims: readonly Aim[],
  ): Promise<Result<Parameters<typeof takeBack>[1], WorldError>> {
    const { reading } = this.#options;
    if (reading === undefined) return ok([]);
    const all = [];
    for (const { type, id, vault } of aims) {
      const found = await lookUp(reading, type, [id], [vault]);
      if (!found.ok) return fail({ kind: "cloud", error: found.error });
      all.push(...found.value);
    }
    return ok(all);
  }

  async #store(group: readonly Aim[]): Promise<Result<Done, Failed>> {
    const [first] = group;
    const vault = (first as Aim).vault;
    const categories = new Set(group.flatMap(({ category }) => category ?? []));
    const opened = await this.#options.writer.open(vault, [...categories]);
    if (!opened.ok) return fail(failedBy(opened.error));
    const changes = group.map(({ change }) => recordChangeOf(change, this.#options.writer));
    const committed = await this.#commit(opened.value, changes);
    if (!committed.ok) return fail(failureOf(committed.error, group));
    return ok({ vault: opened.value, group, committed: committed.value });
  }

  /**
   * Store what belongs into one vault. Who expects that nothing stands there means nothing that lives: what was
   * deleted has a revision of its own.
   */
  async #commit(
    vault: SourceVault,
    changes: readonly RecordChange[],
  ): Promise<Result<readonly CommittedChange[], CommitError>> {
    const expected = [...changes];
    for (let attempt = 0; ; attempt += 1) {
      const committed = await vault.commit(expected);
      if (committed.ok || committed.error.kind !== "revision-conflict") return committed;
      const { change, revision } = committed.error;
      const conflicting = changes[change] as RecordChange;
      if (conflicting.expects !== 0 || attempt > changes.length) return committed;
      const stands = await this.#stands(vault, conflicting);
      if (stands) return committed;
      expected[change] = { ...conflicting, expects: revision };
    }
  }

  async #stands({ vault }: SourceVault, change: RecordChange): Promise<boolean> {
    const { reading } = this.#options;
    const { resourceType, id = "" } = change.kind === "put" ? change.resource : change;
    if (reading === undefined) return true;
    const found = await lookUp(reading, resourceType, [id], [vault]);
    return !found.ok || found.value.length > 0;
  }

  /** Note what stands where now, and say it. */
  async #note(
    { vault, source }: SourceVault,
    { change, type, id }: Aim,
    { record, revision, stood, made }: CommittedChange,
  ): Promise<Committed> {
    const { names, patients, reading, writer } = this.#options;
    const versionId = String(revision);
    const common = { type, id, versionId, created: !stood };
    const path = [writer.node, ...writer.path];
    const place = { vault, source, record, path };
    if (change.kind === "delete") {
      const at = made?.at ?? names.at(`${type}/${id}`)?.at ?? 0;
      names.learn(`${type}/${id}`, { ...place, at, isGone: true });
      return { ...common, created: false, at, resource: undefined };
    }
    if (type === "Patient") patients.learn(change.resource, vault);
    if (made !== undefined) {
      const { at, resource = change.resource } = made;
      names.learn(`${type}/${id}`, { ...place, at });
      const origin = { path };
      return { ...common, at, resource: exposed({ resource, revision, sealedAt: at, origin }) };
    }
    const found = reading && (await lookUp(reading, type, [id], [vault]));
    const match = found?.ok === true ? found.value[0] : undefined;
    if (match !== undefined) {
      return { ...common, at: match.sealedAt, resource: storedOf(match).resource };
    }
    const at = names.at(`${type}/${id}`)?.at ?? Date.now();
    return { ...common, at, resource: stamped(change.resource, revision, at) };
  }
}

/** Why changes of one vault were not stored: in words for the world, and what stopped the client, if that did. */
interface Failed {
  readonly world: WorldError;
  readonly client: ClientError | undefined;
}

function failedBy(error: ClientError): Failed {
  return { world: { kind: "cloud", error }, client: error };
}

function failureOf(error: CommitError, group: readonly Aim[]): Failed {
  const nameOf = (change: number): Pick<Aim, "type" | "id"> => {
    const { type, id } = group[change] as Aim;
    return { type, id };
  };
  const only = (world: WorldError): Failed => ({ world, client: undefined });
  switch (error.kind) {
    case "revision-conflict": {
      const versionId = String(error.revision);
      return only({ kind: "version-conflict", ...nameOf(error.change), versionId });
    }
    case "refused-record": {
      const { problem, where: path } = error.refused;
      return only({ kind: "refused-record", ...nameOf(error.change), problem, path });
    }
    case "repeated-record": {
      const problem = "another change of the same commit is of the same record";
      return only({ kind: "refused-record", ...nameOf(error.change), problem, path: undefined });
    }
    case "too-many-changes":
      return only({ kind: "too-many-changes", most: error.most });
    default:
      return failedBy(error);
  }
}

function groupsOf(aims: readonly Aim[]): ReadonlyMap<string, readonly Aim[]> {
  const groups = new Map<string, Aim[]>();
  for (const aim of aims) {
    const name = toHex(aim.vault);
    groups.set(name, [...(groups.get(name) ?? []), aim]);
  }
  return groups;
}

function recordChangeOf(change: Change, { node, path }: Writer): RecordChange {
  const expects = change.expects === undefined ? {} : { expects: Number(change.expects) };
  if (change.kind === "delete") {
    return { kind: "delete", resourceType: change.type, id: change.id, ...expects };
  }
  return {
    kind: "put",
    resource: unversioned(change.resource, [node, ...path]),
    path,
    stamp: (resource, { revision, at }) => stamped(resource, revision, at),
    ...expects,
  };
}
