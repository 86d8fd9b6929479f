import type { Result } from "@salus/base";
import { type Malformed, VaultHandle } from "@salus/protocol";
import type { FastifyRequest } from "fastify";

/** The vault that a path names. Fails: `malformed`. */
export function vaultOf(request: FastifyRequest): Result<VaultHandle, Malformed> {
  const { vault } = request.params as { readonly vault?: string };
  return VaultHandle.fromHex(vault ?? "");
}
