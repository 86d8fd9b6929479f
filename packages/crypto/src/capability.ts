import type { Bytes } from "@salus/base";
import { digest } from "@salus/evaluate";
import type { Absent, GrantHandle, RequestHandle } from "@salus/protocol";
import { randomBytes } from "./random.ts";
import type { Signer } from "./signing.ts";

/** The request that a capability is for. Spec: sharing §6. */
export interface RequestToSign {
  readonly audience: string;
  readonly method: string;
  /** With its query string, as sent. */
  readonly path: string;
  readonly body: Uint8Array;
  /** At most five minutes ahead. */
  readonly expires: number;
  /** Of a grant, or of a request that all grants answer. */
  readonly grant: GrantHandle | RequestHandle | Absent;
  /** Of the trail entry that comes with the request; drawn where there is none. */
  readonly nonce?: Bytes;
}

const NONCE_BYTES = 16;

/**
 * Sign a capability for one request. It is good once: a retry needs another.
 *
 * Leaks:   to the cloud, who asks and under which grant.
 * Source:  spec/sharing.md §6; vectors/sharing-v1.json.
 */
export function signCapability(signer: Signer, request: RequestToSign): Bytes {
  const { nonce = randomBytes(NONCE_BYTES) } = request;
  return signer.sign("capability", { ...request, body: digest(request.body), nonce });
}
