// Primitives of this platform, chosen by the "#engine" entry of package.json.
export { BlockCipher, ed25519Verify, sha256 } from "#engine";
