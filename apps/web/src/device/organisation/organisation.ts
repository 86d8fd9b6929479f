import { audit } from "./audit.ts";
import { application, certifyAgain, found, foundBelow } from "./founding.ts";
import { associations, invitePatient, namePatient } from "./patients.ts";
import { collect, invite, invited, setStanding, withdraw } from "./staff.ts";
import { tree } from "./tree.ts";
import { again, list, refusals, start, stop } from "./uploads/uploads.ts";

/** What an administrator does in the name of organisations whose keys are in her home. */
export const organisation = {
  found,
  application,
  foundBelow,
  certifyAgain,
  tree,
  invite,
  invited,
  withdraw,
  collect,
  setStanding,
  invitePatient,
  associations,
  namePatient,
  uploads: { start, again, stop, list, refusals },
  audit,
};
