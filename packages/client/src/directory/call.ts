import type { Result } from "@salus/base";
import type { Signer } from "@salus/crypto";
import type { SessionId } from "@salus/protocol";
import type { CloudError } from "../failure.ts";

/** Who makes a request: the key that signs it, and the session that it is made in, if there is one. */
export interface DirectoryCaller {
  readonly signer: Signer;
  readonly session?: SessionId;
}

export type DirectoryResult<T> = Promise<Result<T, CloudError>>;
