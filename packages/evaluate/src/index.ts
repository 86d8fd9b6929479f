// Primitives of this platform, chosen by the "#engine" entry of package.json.

export { BlockCipher, hmacSha256, sha256 } from "#engine";

// Hashes, signatures, statements.

export { digest } from "./digest.ts";
export { leafHash, merkleRoot, nodeHash } from "./merkle.ts";
export {
  type BadKey,
  type BadSignature,
  checkKey,
  signedMessage,
  verifySignature,
} from "./signature.ts";
export {
  readSigned,
  type Statement,
  type StatementError,
  type UnverifiedStatement,
  verifySigned,
} from "./statement.ts";

// The patient's chain.

export {
  applyLinks,
  applyOwnLinks,
  type ChainError,
  readChain,
} from "./chain.ts";
export { checkSeen, type PlaceError, type Rollback, standing } from "./chain-place.ts";
export type { ChainRuleError } from "./chain-rules.ts";
export {
  type ApprovalState,
  type CellState,
  type ChainState,
  type DeliveryState,
  type DeviceState,
  type GrantState,
  isFounder,
  liveDevice,
  liveSource,
  named,
  type ScopeState,
  type SourceState,
} from "./chain-state.ts";

// The account's chain.

export {
  type AccountChainError,
  applyAccountLinks,
  liveAccountDevice,
  readAccount,
} from "./account.ts";
export type { AccountRuleError } from "./account-rules.ts";
export {
  type AccountState,
  currentRoot,
  liveOpeners,
  rootWrapFor,
  type SealedRoots,
  type UnlockState,
} from "./account-state.ts";

// Who may act: certificates and capabilities.

export {
  type Allowed,
  allowedBy,
  type CapabilityError,
  checkCapability,
  type Presented,
  type RequestFacts,
  type RoleError,
  roleIn,
  type VaultRole,
} from "./capability.ts";
export {
  type CertificateBook,
  certificateBook,
  certificatePath,
  certifiesOrganisation,
  checkPath,
  type PathError,
  type PathRoot,
  pathThrough,
  type SignedCertificate,
  type Standing,
  verifyCertificate,
} from "./certificate.ts";
export { type StatusBook, standingAt, statusBook } from "./certificate-status.ts";
export {
  type Credentials,
  checkDevices,
  checkPractitioner,
  type Practitioner,
  type PractitionerError,
  type TrustPolicy,
  verifyStatus,
} from "./practitioner.ts";
export {
  type RegistryEntry,
  registryPlace,
  registryPosition,
  verifyRegistryEntry,
} from "./registry-entry.ts";

// Mailboxes.

export { checkMailbox, type MailboxMismatch, mailboxId } from "./mailbox.ts";

// The log: an append-only tree, and what proves that it is one.

export {
  type Contradiction,
  type EvidenceError,
  encodeEvidence,
  verifyEvidence,
} from "./log-evidence.ts";
export {
  headObject,
  type LeafContent,
  leafMark,
  logLeaf,
  PUBLIC_SALT,
  readHeadObject,
  trailNonce,
} from "./log-leaf.ts";
export {
  type BadProof,
  type ProofPlan,
  planConsistency,
  planInclusion,
  type TreeHead,
  verifyConsistency,
  verifyInclusion,
} from "./log-proof.ts";
export {
  type Growth,
  growTree,
  type HashedNode,
  joinNodes,
  nodesOf,
  type TreeNode,
} from "./log-tree.ts";

// Envelopes and batches, as far as anybody without a key can judge them.

export {
  type BatchError,
  checkRoots,
  type VerifiedBatch,
  type VerifiedIndex,
  type VerifiedItem,
  type VerifiedRecord,
  verifyBatch,
  wrapsDigest,
} from "./batch.ts";
export { encodeLeaf, entriesRoot, type ItemLeaf, NO_ENVELOPE, parseLeaf } from "./batch-leaf.ts";
export {
  authorMessage,
  bodySize,
  CHUNK_BYTES,
  CHUNK_TAG_BYTES,
  type EnvelopeHeader,
  type EnvelopeParts,
  encodeHeader,
  HEADER_BYTES,
  splitEnvelope,
  verifyAuthor,
} from "./envelope-header.ts";

// The sealed index and the tags, over columns.

export { evaluateSealed, evaluateSealedBound, type SealedBounds } from "./sealed.ts";
export { permuteBlocks } from "./sealed-pad.ts";
export {
  LEFT_BLOCK_BYTES,
  NONCE_BYTES,
  type SealedShape,
  sealedShape,
  slotsAt,
} from "./sealed-shape.ts";
export { evaluateTags, type TagColumn } from "./tags.ts";
