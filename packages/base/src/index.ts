export { isYoung } from "./age.ts";
export { fromBase32, toBase32 } from "./base32.ts";
export type { Brand, Bytes } from "./brand.ts";
export {
  beInteger,
  compareBytes,
  concat,
  equalBytes,
  fromHex,
  readBeInteger,
  toHex,
  utf8,
} from "./bytes.ts";
export { assert, fail, ok, type Result } from "./result.ts";
export { encodeTuple } from "./tuple.ts";
