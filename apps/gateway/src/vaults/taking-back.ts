import { equalBytes } from "@salus/base";
import type { Match } from "@salus/client";
import type { CommittedChange, RecordChange, SourceVault } from "@salus/client/writer";
import type { Aim } from "./aims.ts";
import { stamped } from "./exposed.ts";

/** Changes that one vault has taken. */
export interface Done {
  readonly vault: SourceVault;
  readonly group: readonly Aim[];
  readonly committed: readonly CommittedChange[];
}

/**
 * Take back what was stored, the newest first: what stood before is put in its place, what is new is deleted.
 * Both are revisions as any other; whoever asks for the history of a record sees them.
 *
 * Takes:   `before`, the records that stood there.
 * Gives:   the names of what could not be taken back.
 */
export async function takeBack(
  done: readonly Done[],
  before: readonly Match[],
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { vault, group, committed } of done.toReversed()) {
    const changes: RecordChange[] = [];
    const names: string[] = [];
    for (const [at, { type, id }] of group.entries()) {
      const { record, revision: expects, stood, made } = committed[at] as CommittedChange;
      if (made === undefined) continue;
      const name = `${type}/${id}`;
      const old = before.find((match) => equalBytes(match.record, record));
      if (stood && old === undefined) left.push(name);
      else {
        names.push(name);
        changes.push(
          old === undefined
            ? { kind: "delete", resourceType: type, id, expects }
            : {
                kind: "put",
                resource: old.resource,
                stamp: (resource, next) => stamped(resource, next.revision, next.at),
                expects,
              },
        );
      }
    }
    const taken = changes.length === 0 ? undefined : await vault.commit(changes);
    if (taken?.ok === false) left.push(...names);
  }
  return left;
}
