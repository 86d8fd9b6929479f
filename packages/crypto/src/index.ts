// Keys and handles.

export {
  drawBatch,
  drawDevice,
  drawGrant,
  drawRequest,
  drawSource,
  drawUnlock,
} from "./handle-draw.ts";
export {
  cellHandle,
  type OrderedColumn,
  orderedColumnHandle,
  recordHandle,
  rootDeviceId,
  scopeHandle,
  sealedColumnHandle,
  vaultDeviceId,
  vaultSalt,
} from "./handles.ts";
export {
  type ChildNode,
  type ContextPart,
  type Derived,
  derive,
  drawKey,
  type Face,
  Key,
  type KeyTree,
  type Profile,
  type Purpose,
} from "./keys.ts";

// The ordered index: MOPSE.

export type { CompositeShape, OutOfDomain } from "./composite.ts";
export {
  type MapShape,
  type Ordered,
  OrderedMap,
  orderedColumn,
  type Probes,
} from "./ordered.ts";
export { Prior } from "./ordered-prior.ts";

// The sealed index, and tags.

export { type Sealed, SealedColumn, type SealedKeys, sealedColumn } from "./sealed.ts";
export { encryptTags, type Keyword, type TooManyKeywords, tagToken } from "./tags.ts";

// Records.

export {
  type Asked,
  type Envelope,
  type OpenedRecord,
  open,
  type SealedHeader,
  seal,
} from "./envelope.ts";
export { padme } from "./padme.ts";

// Statements, and who signs them.

export { type RequestToSign, signCapability } from "./capability.ts";
export { signCertificate } from "./certificate.ts";
export {
  type AnyLinkType,
  type LinkFields,
  nextSeq,
  type SignedLink,
  signLink,
} from "./chain-link.ts";
export { joiningProof } from "./invitation.ts";
export { Signer } from "./signing.ts";

// Accounts.

export {
  type OpenedRoots,
  openRoots,
  type RootPlace,
  rootKey,
  rootSigner,
  wrapRoots,
} from "./account-root.ts";
export { DeviceSecret } from "./device-secret.ts";
export { decodeHeld, encodeHeld, type HeldSecrets } from "./held-secrets.ts";
export { Phrase } from "./phrase.ts";
export { loginTag, passkeySecret, passwordSecret, prfSalt, unlockPair } from "./unlock.ts";

// Discovery.

export {
  BlindedIdentifiers,
  blindIdentifiers,
  type EvaluationError,
  type HolderAnswer,
  identifierInput,
} from "./discovery.ts";
export { invitationKey, MailboxKeys, PARCEL_TEXT_BYTES_MAX, sealParcel } from "./mailbox.ts";

// Sharing.

export { type BatchPlace, unwrapBatchKey, wrapBatchKey } from "./batch-key.ts";
export {
  type DeliveryPlace,
  openDelivery,
  type SourceCell,
  type SourceKeys,
  type SourceScope,
  wrapDelivery,
} from "./delivery.ts";
export {
  encodeTerms,
  type GrantPlace,
  openGrant,
  type ReaderCell,
  type ReaderKeys,
  type ReaderScope,
  wrapGrant,
} from "./grant.ts";
export { KemPair, type Unreadable } from "./kem-pair.ts";
// What a home keeps on a disk.
export { openStored, sealStored, unwrapHome, wrapHome } from "./stored-secret.ts";
export { openTrail, sealTrail, type TrailPlace, trailKeyPair } from "./trail.ts";
