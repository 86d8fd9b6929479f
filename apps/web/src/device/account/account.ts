import { demo } from "./demo.ts";
import { homes } from "./homes.ts";
import { leaving } from "./leaving.ts";
import { newKit } from "./new-kit.ts";
import { passkeys } from "./passkeys.ts";
import { changingRoles } from "./roles.ts";
import { security } from "./security.ts";
import { signingIn } from "./sign-in.ts";
import { beginning } from "./sign-up.ts";
import { steppingUp } from "./step-up.ts";
import { unlocking } from "./unlocking.ts";

/** Her account: signing up and in, what this browser keeps, and what protects it. */
export const account = {
  ...homes,
  ...signingIn,
  ...beginning,
  ...unlocking,
  ...leaving,
  ...steppingUp,
  ...security,
  ...newKit,
  ...passkeys,
  ...demo,
  ...changingRoles,
};
