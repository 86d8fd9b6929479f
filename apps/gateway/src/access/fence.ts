import { fail } from "@salus/base";
import type { Change, World, WorldError } from "../world.ts";
import type { Caller, Doing } from "./caller.ts";

/**
 * The world as one caller may see and change it.
 *
 * Everything that is composed (chains, includes, `$everything`, the entries of a transaction) goes through
 * this port, so that no way around a scope is left to be thought of.
 *
 * Fails:   `forbidden`, beside what the world itself says.
 */
export function fenced(world: World, { may }: Caller): World {
  const refused = (doing: Doing, type: string): WorldError | undefined =>
    may(doing, type) ? undefined : { kind: "forbidden", doing, type };
  return {
    abilities: world.abilities,
    find: async (query, options) => {
      const error = refused("search", query.split("?", 1)[0] ?? "");
      return error === undefined ? world.find(query, options) : fail(error);
    },
    everything: async (patient, options) => {
      const error = refused("search", "*");
      return error === undefined ? world.everything(patient, options) : fail(error);
    },
    read: async (type, id) => {
      const error = refused("read", type);
      return error === undefined ? world.read(type, id) : fail(error);
    },
    history: async (type, id) => {
      const error = refused("read", type);
      return error === undefined ? world.history(type, id) : fail(error);
    },
    commit: async (changes) => {
      for (const change of changes) {
        const error = refused(doingOf(change), typeOf(change));
        if (error !== undefined) return fail(error);
      }
      return world.commit(changes);
    },
  };
}

const typeOf = (change: Change): string =>
  change.kind === "put" ? change.resource.resourceType : change.type;

/** A put that may find nothing there is an update all the same: PUT says so, whatever comes of it. */
function doingOf(change: Change): Doing {
  if (change.kind === "delete") return "delete";
  return change.expects === "0" ? "create" : "update";
}
