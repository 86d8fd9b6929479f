import { fail, ok, type Result } from "@salus/base";
import { opened } from "../open.ts";
import { crossing, type Problem } from "../problem.ts";
import { leave } from "./sign-in.ts";

/** What would be lost if what this browser keeps were destroyed now. */
export interface Loss {
  /** Whether others use this computer: then it is destroyed unless she says otherwise. */
  readonly shared: boolean;
  /** Batches that were sealed here, and that no cloud has taken yet. */
  readonly undelivered: number;
  /** Other devices that open the account; nothing when the directory does not answer. */
  readonly otherDevices: number | undefined;
}

export const leaving = {
  /** What is lost with what this browser keeps. Fails: `nobody-in`. */
  loss: async (): Promise<Result<Loss, Problem>> => {
    const open = opened();
    if (open === undefined) return fail({ kind: "nobody-in" });
    const undelivered = (await open.store.list("outbox/")).length;
    const devices = await open.account.devices.list();
    const others = devices.ok ? devices.value.filter(({ current }) => !current) : undefined;
    const { shared } = open.home;
    return ok({ shared, undelivered, otherDevices: others?.length });
  },

  /**
   * End the session, here in any case; and destroy what this browser keeps, if that is wanted.
   *
   * Takes:   `destroy`; left out, as it was said on signing in: on a shared computer, yes.
   * Fails:   `nobody-in`. That the directory does not answer is no failure: the session runs out there.
   */
  signOut: async (destroy?: boolean): Promise<Result<void, Problem>> => {
    const open = opened();
    if (open === undefined) return fail({ kind: "nobody-in" });
    await open.account.sessions.signOut();
    if (destroy ?? open.home.shared) await open.home.destroy();
    leave();
    return ok(undefined);
  },

  /** End every session of the account, this one too. Fails: `step-up`; any `CloudError`. */
  signOutEverywhere: async (): Promise<Result<void, Problem>> => {
    const open = opened();
    if (open === undefined) return fail({ kind: "nobody-in" });
    const ended = await open.account.sessions.signOutEverywhere();
    if (!ended.ok) return crossing(ended);
    if (open.home.shared) await open.home.destroy();
    leave();
    return ok(undefined);
  },
};
