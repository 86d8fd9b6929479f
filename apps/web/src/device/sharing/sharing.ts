import { fail, ok, type Result, toHex } from "@salus/base";
import type { GivenAccess } from "@salus/client";
import { type Decider, deciderOf, newestDecider } from "../deciding/decider.ts";
import { withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { proxyNames } from "../proxies/proxy-names.ts";
import { type Chosen, readChosen } from "../requests/choice.ts";
import { type AccessView, accessId, accessView } from "./access-view.ts";

/** When accesses were last used, by their ids; those that are left out never were. */
export type LastUses = Readonly<Record<string, number>>;

/** Whom she lets read. */
export const sharing = {
  /** Everything that was ever given, what lasts first, and of that the soonest to end. */
  list: (): Promise<Result<readonly AccessView[], Problem>> =>
    withOpen(async (open) => {
      const decider = await newestDecider(open);
      if (!decider.ok) return decider;
      const { patient, registry, requests } = decider.value;
      const called = await proxyNames(open.store);
      if (!called.ok) return called;
      const all = requests
        .given()
        .map((access) => accessView(access, patient, registry, called.value));
      return ok(all.toSorted((a, b) => rank(a) - rank(b) || a.until - b.until));
    }),

  /** When each was last used, from the verified trail. Fails: as `Patient.trail`. */
  lastUses: (): Promise<Result<LastUses, Problem>> =>
    withOpen(async (open) => {
      const decider = await deciderOf(open);
      if (!decider.ok) return decider;
      const trail = await decider.value.patient.trail();
      if (!trail.ok) return trail;
      const uses = new Map<string, number>();
      for (const { grant, time } of trail.value.items) {
        if (grant === undefined) continue;
        const name = toHex(grant);
        uses.set(name, Math.max(uses.get(name) ?? 0, time));
      }
      const given = decider.value.requests.given(uses);
      return ok(
        Object.fromEntries(
          given.flatMap((access) =>
            access.lastUse === undefined ? [] : [[accessId(access), access.lastUse]],
          ),
        ),
      );
    }),

  /** Let it last longer. Fails: `step-up`; as `PatientRequests.extend`. */
  extend: (id: string, until: number): Promise<Result<void, Problem>> =>
    withAccess(id, ({ open, requests }, { request }) =>
      request === undefined
        ? fail({ kind: "unknown-request" })
        : requests.extend(request, until, open.stepUp),
    ),

  /** Leave less of it. Fails: as `PatientRequests.narrow`. */
  narrow: (id: string, chosen: Chosen): Promise<Result<void, Problem>> =>
    withAccess(id, ({ requests }, { request }) => {
      const choice = readChosen(chosen);
      if (!choice.ok) return choice;
      return request === undefined
        ? fail({ kind: "unknown-request" })
        : requests.narrow(request, choice.value);
    }),

  /** End it: one step, as granting is. Fails: as `PatientRequests.revoke`. */
  stop: (id: string): Promise<Result<void, Problem>> =>
    withAccess(id, async ({ patient, requests }, { request, grants }) => {
      if (request !== undefined) return requests.revoke(request);
      for (const grant of grants) {
        const revoked = await patient.revoke(grant);
        if (!revoked.ok) return revoked;
      }
      return ok(undefined);
    }),
};

function rank({ state }: AccessView): number {
  return state === "live" ? 0 : 1;
}

/** Change an access on the newest chain. Fails: `unknown-grant`; what `change` fails with. */
function withAccess(
  id: string,
  change: (
    decider: Decider,
    access: GivenAccess,
  ) => Promise<Result<void, Failure>> | Result<void, Failure>,
): Promise<Result<void, Problem>> {
  return withOpen(async (open) => {
    const decider = await newestDecider(open);
    if (!decider.ok) return decider;
    const access = decider.value.requests.given().find((one) => accessId(one) === id);
    return access === undefined ? fail({ kind: "unknown-grant" }) : change(decider.value, access);
  });
}
