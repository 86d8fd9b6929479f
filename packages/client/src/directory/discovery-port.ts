import type {
  Collection,
  Done,
  Evaluated,
  Evaluations,
  IdentifierTag,
  LookUp,
  LookUpAnswer,
  Parcel,
  ParcelPage,
  PhoneProof,
  PhoneProofSent,
  RegisteredIdentifiers,
  Registration,
  Statuses,
} from "@salus/protocol";
import type { DirectoryCaller, DirectoryResult } from "./call.ts";

/** The routes of discovery. Spec: discovery. */
export interface DiscoveryPort {
  evaluate(caller: DirectoryCaller, evaluations: Evaluations): DirectoryResult<Evaluated>;
  registerIdentifier(caller: DirectoryCaller, registration: Registration): DirectoryResult<Done>;
  /** Have a code sent to a number that is to be registered. */
  provePhone(caller: DirectoryCaller, phone: PhoneProof): DirectoryResult<PhoneProofSent>;
  identifiers(caller: DirectoryCaller): DirectoryResult<RegisteredIdentifiers>;
  removeIdentifier(caller: DirectoryCaller, tag: IdentifierTag): DirectoryResult<Done>;
  lookUp(caller: DirectoryCaller, question: LookUp): DirectoryResult<LookUpAnswer>;
  /** Tell what is said of a certificate. Takes: a caller with any key, and no session. */
  tellStatuses(caller: DirectoryCaller, statuses: Statuses): DirectoryResult<Done>;
  sendParcel(caller: DirectoryCaller, parcel: Parcel): DirectoryResult<Done>;
  parcels(caller: DirectoryCaller, after: number): DirectoryResult<ParcelPage>;
  removeParcel(caller: DirectoryCaller, number: number): DirectoryResult<Done>;
  /** Takes: a caller with the key of an invitation's mailbox, and no session. */
  collect(caller: DirectoryCaller, collection: Collection): DirectoryResult<ParcelPage>;
}
