// What a person writes down, and types again.

export { DeviceSecret, Phrase } from "@salus/crypto";
// What shows anybody that a log has lied.
export { type Contradiction, verifyEvidence } from "@salus/evaluate";
export { Account, type AccountOptions, type UnlockWith } from "./account/account.ts";
export { checkAccountLog } from "./account/account-log.ts";
export type { ListedDevice } from "./account/devices.ts";
export type { AuthenticatorSecret } from "./account/factors.ts";
export type { AccountError, AccountFailure } from "./account/failure.ts";
export { compareMailbox, type MailboxReport } from "./account/mailbox-log.ts";
export { NewPhrase } from "./account/new-phrase.ts";
export { type Recovery, recover } from "./account/recovery.ts";
export type { StepUpProof } from "./account/sessions.ts";
export {
  type SecondFactor,
  type SecondFactorQuestion,
  type SignIn,
  signIn,
} from "./account/sign-in.ts";
export { type NewAccount, SignUp } from "./account/sign-up.ts";
export type { ListedUnlock } from "./account/unlocks.ts";
export { openVault, type VaultOptions } from "./account/vault.ts";
export { httpCloud } from "./cloud/http.ts";
export type { Caller, Cloud, CloudResult } from "./cloud/port.ts";
export type { DirectoryCaller, DirectoryResult } from "./directory/call.ts";
export { httpDirectory } from "./directory/http.ts";
export type { Directory } from "./directory/port.ts";
export { type Asker, findPatient } from "./discovery/find.ts";
export {
  emailIdentifier,
  type IdentifierError,
  identifierText,
  phoneIdentifier,
  readIdentifier,
} from "./discovery/identifier.ts";
export { readNotice, type SeenLookUp } from "./discovery/notice.ts";
export {
  claimMailbox,
  collectParcels,
  type Opened,
  type OpenedNotice,
  type OpenedPage,
  type OpenedParcel,
  readParcels,
  removeParcel,
  sendParcel,
  type UnreadableParcel,
} from "./discovery/parcels.ts";
export {
  listIdentifiers,
  type OwnIdentifier,
  type PhoneCode,
  provePhone,
  registerIdentifier,
  removeIdentifier,
} from "./discovery/registered.ts";
export type { DirectorySession, DiscoveryError } from "./discovery/session.ts";
export { tagsOf } from "./discovery/tag.ts";
export type { ChainFailure, ClientError, CloudError, LogFailure, Refused } from "./failure.ts";
export type { Exchange, HttpOptions } from "./http/link.ts";
export {
  type Card,
  decodeCard,
  encodeCard,
  Identity,
  openIdentity,
  openOrCreateIdentity,
} from "./identity.ts";
export {
  type AcceptAssociationError,
  type AssociatedPatient,
  type AssociateOptions,
  AssociationDesk,
  type AssociationError,
  type AssociationOrder,
  associate,
  type OpenAssociation,
  type ReadAssociation,
  readAssociation,
} from "./invitations/association.ts";
export {
  type AssociatedNow,
  collectAssociations,
  collectJoinings,
  type Joined,
} from "./invitations/collecting.ts";
export {
  decodeInvitation,
  encodeInvitation,
  type Invitation,
  type InvitationError,
  invitationMailbox,
} from "./invitations/invitation.ts";
export {
  answerJoin,
  type GivenInvitation,
  JoinDesk,
  type JoiningError,
  type JoinOrder,
} from "./invitations/joining.ts";
export { type KeyStore, memoryKeyStore, type StoreDamaged } from "./key-store.ts";
export { keptEvidence } from "./log/log-pins.ts";
export { LogWatch, type SeenCheckpoint } from "./log/log-watch.ts";
export type { LeafOwner } from "./log/own-leaves.ts";
export type { OwnChain, OwnLogReport } from "./log/own-log.ts";
export type { LoggingService, LogPort } from "./log/port.ts";
export { type PublishedAt, PublishedLeaves } from "./log/published-leaves.ts";
export {
  type Deed as OrganisationDeed,
  type DeedKind,
  deedsOf,
  noteDeed,
  signatureOf,
} from "./organisation/deeds.ts";
export {
  type KeepError,
  type KeptOrganisation,
  keepOrganisation,
  keptOrganisations,
  type OrganisationAbout,
} from "./organisation/kept-organisation.ts";
export { adoptPolicy } from "./patient/newer-policy.ts";
export type {
  Admission,
  AdmittedSource,
  GivenGrant,
  GrantOrder,
  Selection,
} from "./patient/orders.ts";
export {
  isOwners,
  type OwnSourceOptions,
  openOwnSource,
  ownSources,
} from "./patient/own-source.ts";
export { type NewVaultOptions, Patient, type PatientOptions } from "./patient/patient.ts";
export { trailRecord } from "./patient/trail-record.ts";
export { type Written, writtenBy } from "./patient/written.ts";
export type { Period } from "./period.ts";
export type {
  Answer,
  Cost,
  Match,
  Origin,
  Report,
  SourceAnswer,
} from "./reader/answer.ts";
export type { Finding, FindingKind } from "./reader/findings.ts";
export type { History, Revision } from "./reader/history.ts";
export {
  type QueryError,
  Reader,
  type ReaderOptions,
  type SearchOptions,
} from "./reader/reader.ts";
export type { Stored } from "./reader/stored.ts";
export type { Verification } from "./reader/verify/verify.ts";
export { type Certification, certify, publishCertificates } from "./registry/certify.ts";
export {
  type Credentials,
  type Provider,
  Registry,
  type RegistryOptions,
} from "./registry/registry.ts";
export { attest, certifyDevice, signStatus, tellStanding } from "./registry/standing.ts";
export type { Letter } from "./requests/answers.ts";
export type { Narrowing } from "./requests/changes.ts";
export type { AnswerError, DecisionError, OpenRequestError } from "./requests/failure.ts";
export { type GivenAccess, givenAccesses } from "./requests/given.ts";
export {
  type Inbox,
  type InboxOwner,
  type NotShown,
  type Pending,
  readInbox,
  readMailboxes,
} from "./requests/inbox.ts";
export type { RequestOrder } from "./requests/make-request.ts";
export type { OpenedRequest, Requester } from "./requests/open-request.ts";
export {
  type AskError,
  type OwnRequest,
  OwnRequests,
  type OwnRequestsOptions,
  type RequestState,
} from "./requests/own-requests.ts";
export {
  type Approved,
  PatientRequests,
  type PatientRequestsOptions,
} from "./requests/patient-requests.ts";
export type { Choice, Proposal, ProposalView, ProposedGrant } from "./requests/proposal.ts";
export {
  checkProxy,
  grantProxy,
  type ProxyOrder,
  type ProxyProblem,
} from "./requests/proxy.ts";
export type { CoveredSource } from "./requests/read-terms.ts";
export type { ReceivedAccess } from "./requests/received.ts";
export { shownText } from "./requests/shown-text.ts";
export type { StepUp } from "./requests/step-up.ts";
export type { Resource } from "./resource.ts";
export { storeBelow } from "./store-below.ts";
export type { Trail, TrailFinding, TrailItem } from "./trail/read-trail.ts";
export type { Deed, TrailName } from "./trail/trail-voice.ts";
export { ChainCache } from "./vault/chain.ts";
export {
  type HandedOver,
  type ReadWriting,
  readWriting,
  signWriting,
  type WritingError,
} from "./writings/writing.ts";
export {
  type TakenWritings,
  WritingDesk,
  type WritingDeskOptions,
} from "./writings/writing-desk.ts";
