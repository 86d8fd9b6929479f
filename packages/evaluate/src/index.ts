// Primitives of this platform, chosen by the "#engine" entry of package.json.
export { BlockCipher, sha256 } from "#engine";

// Hashes and signatures.
export { digest } from "./digest.ts";
export { merkleRoot } from "./merkle.ts";
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
  verifyRead,
  verifySigned,
} from "./statement.ts";
