import type { Bytes } from "@salus/base";
import type { VerifyKey } from "@salus/protocol";

/** The tables of `migrations`, as this program reads and writes them. */
export interface Schema {
  directory: { name: string; id: Bytes };
  nonce: { signer: VerifyKey; nonce: Bytes; expires: number };
}
