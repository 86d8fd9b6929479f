import { fail, type Result } from "@salus/base";
import { withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import type { Role } from "../who.ts";
import { type Entered, enter } from "./entered.ts";
import { signInAgain } from "./sign-in.ts";

/** What she uses Salus as. What a practitioner or an administrator may do, a certificate says. */
export const changingRoles = {
  /**
   * Hold these roles from now on.
   *
   * Takes:   `roles`, with the one that she is signed in as.
   * Fails:   `bad-input`; `step-up`; any `CloudError`.
   */
  holdRoles: (roles: readonly Role[]): Promise<Result<Entered, Problem>> =>
    withOpen(async (open): Promise<Result<Entered, Failure>> => {
      if (!roles.includes(open.person.role)) return fail({ kind: "bad-input", what: "roles" });
      const session = open.session();
      if (!session.ok) return session;
      const { directory, caller } = session.value;
      const info = await directory.account(caller);
      if (!info.ok) return info;
      const { discoverable } = info.value;
      const changed = await directory.changeAccount(caller, { discoverable, roles });
      return changed.ok ? enter(open) : changed;
    }),

  /**
   * Go on in another role that she holds: each has a session and keys of its own.
   *
   * Fails:   `bad-input`; as signing in.
   */
  goOnAs: (role: Role, password: string): Promise<Result<Entered, Problem>> =>
    withOpen(async (open): Promise<Result<Entered, Failure>> => {
      if (!open.person.roles.includes(role)) return fail({ kind: "bad-input", what: "role" });
      return signInAgain(open.home, { ...open.person, role }, open, password);
    }),
};
