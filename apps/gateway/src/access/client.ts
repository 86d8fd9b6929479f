import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "@salus/base";
import { type CryptoKey, importJWK, type JWK } from "jose";
import { readScope } from "./scopes.ts";

/** The algorithms of SMART's asymmetric authentication; no other is ever verified. */
export const ALGORITHMS = ["RS384", "ES384"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** One public key of a client. */
export interface ClientKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly key: CryptoKey;
}

/** A program that authenticates with a key of its own. */
export interface Client {
  readonly id: string;
  readonly keys: readonly ClientKey[];
  /** Of SMART, version 1 or 2: `system/*.rs`, `system/Observation.read`. */
  readonly scopes: readonly string[];
}

/** Why a file of clients is not taken; in words, which name the client and what is wrong with it. */
export interface ClientsFault {
  readonly kind: "bad-clients";
  readonly problem: string;
}

const RSA_BITS = 2048;

/**
 * Read the programs that may authenticate.
 *
 *     { "clients": [{ "client_id": "lab", "scope": "system/Observation.rs", "jwks": { "keys": [ … ] } }] }
 *
 * In the place of `jwks`, `jwks_file` names a file with the keys, seen from the folder of this one.
 *
 * Fails:   `bad-clients`: nothing in it is left out silently, for whoever wrote it believes it to be in force.
 */
export async function readClients(path: string): Promise<Result<readonly Client[], ClientsFault>> {
  const file = await readObject(path);
  if (!Array.isArray(file?.clients)) {
    return bad(`${path} is not a JSON object with a list "clients"`);
  }
  const clients: Client[] = [];
  for (const entry of file.clients as readonly unknown[]) {
    const client = await readClient(entry, dirname(path));
    if (!client.ok) return client;
    if (clients.some(({ id }) => id === client.value.id)) {
      return bad(`two clients are called ${client.value.id}`);
    }
    clients.push(client.value);
  }
  return ok(clients);
}

/**
 * Read one client.
 *
 * Takes:   `entry`, as it stands in the file; `folder`, which `jwks_file` is seen from.
 */
export async function readClient(
  entry: unknown,
  folder: string,
): Promise<Result<Client, ClientsFault>> {
  const { client_id: id, scope, jwks, jwks_file: file } = (entry ?? {}) as Members;
  if (typeof id !== "string" || id === "") return bad("a client has no client_id");
  if (typeof scope !== "string") return bad(`the client ${id} has no scope`);
  const scopes = scope.split(" ").filter((part) => part !== "");
  const unknown = scopes.find((part) => readScope(part) === undefined);
  if (unknown !== undefined)
    return bad(`the client ${id} has a scope that is not kept: ${unknown}`);
  if (scopes.length === 0) return bad(`the client ${id} has no scope`);
  const set = typeof file === "string" ? await readObject(join(folder, file)) : jwks;
  const listed = (set as Members | undefined)?.keys;
  if (!Array.isArray(listed) || listed.length === 0) return bad(`the client ${id} has no keys`);
  const keys: ClientKey[] = [];
  for (const jwk of listed as readonly JWK[]) {
    const key = await readKey(jwk);
    if (typeof key === "string") return bad(`a key of the client ${id} ${key}`);
    if (keys.some(({ kid }) => kid === key.kid)) return bad(`two keys of ${id} have one kid`);
    keys.push(key);
  }
  return ok({ id, keys, scopes });
}

type Members = Readonly<Record<string, unknown>>;

/** Gives: what is wrong with it, in words, where it is no key that can be taken. */
async function readKey(jwk: JWK | null): Promise<ClientKey | string> {
  if (typeof jwk !== "object" || jwk === null) return "is no JSON Web Key";
  if (typeof jwk.kid !== "string" || jwk.kid === "") return "has no kid";
  // Here it would be one more place from which it can be taken.
  if (jwk.d !== undefined) return "is private: register its public half";
  if (jwk.use !== undefined && jwk.use !== "sig") return "is not for signing";
  const algorithm = algorithmOf(jwk);
  if (algorithm === undefined) return "is neither of RSA for RS384 nor of P-384 for ES384";
  const key = await importJWK(jwk, algorithm).catch(() => undefined);
  if (key === undefined || key instanceof Uint8Array) return "cannot be read";
  const { modulusLength } = key.algorithm as { modulusLength?: number };
  if (modulusLength !== undefined && modulusLength < RSA_BITS) {
    return `has fewer than ${RSA_BITS} bits`;
  }
  return { kid: jwk.kid, algorithm, key };
}

/** What a key is for is told by the key, and never by whoever shows a signature. */
function algorithmOf({ kty, crv, alg }: JWK): Algorithm | undefined {
  const fits = kty === "RSA" ? "RS384" : kty === "EC" && crv === "P-384" ? "ES384" : undefined;
  return alg === undefined || alg === fits ? fits : undefined;
}

async function readObject(path: string): Promise<Members | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

const bad = (problem: string): Result<never, ClientsFault> =>
  fail({ kind: "bad-clients", problem });
