import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bytes, fail, fromHex, ok, type Result, toHex, utf8 } from "@salus/base";
import { makeFolder } from "@salus/base/node";
import { derive, Key } from "@salus/crypto";
import type { KeyStore } from "../key-store.ts";
import { Passphrase } from "../passphrase.ts";
import { COST_CEILING, COST_FLOOR, type PassphraseCost, SALT_BYTES } from "../passphrase-cost.ts";
import { sweepDrafts, writeAtomically } from "./atomic.ts";
import { decode, encode, fileStore } from "./file-store.ts";
import { type HomeLocked, lockDirectory } from "./lock.ts";
import { ifPresent } from "./present.ts";

/** How the secrets of a home are kept from whoever can read its files. */
export type Unlock =
  | { readonly kind: "passphrase"; readonly passphrase: string | Passphrase }
  | { readonly kind: "clear" };

/** Why a home does not open. */
export type HomeError =
  | HomeLocked
  | { readonly kind: "home-missing" }
  | { readonly kind: "passphrase-needed" }
  | { readonly kind: "passphrase-wrong" }
  | { readonly kind: "home-damaged"; readonly file: string };

/**
 * A folder with the secrets of one identity, and below it homes of its own for others.
 *
 * A child home opens with the passphrase of its parent, by itself and from another process; one
 * derivation of the passphrase serves every home that was made below the same root.
 */
export interface Home {
  readonly path: string;
  /** Whether secrets are sealed under a passphrase. */
  readonly sealed: boolean;
  readonly store: KeyStore;
  /** Open or make the home at `path/name`, such as `sources/general-hospital`. */
  child(name: string): Promise<Result<Home, HomeError>>;
  /** Names of the homes directly below a folder: `children("sources")`. */
  children(folder: string): Promise<readonly string[]>;
  /** Let another process have it. Children stay open. */
  close(): Promise<void>;
}

/** What home.json says: enough to derive the key from the passphrase, and to know a wrong one. */
interface Description {
  readonly id: Bytes;
  readonly passphrase: { readonly salt: Bytes; readonly cost: PassphraseCost } | undefined;
  readonly check: Bytes;
}

const FORMAT = "salus-home-v1";
const CHECK = "home";

/** Whether a directory holds a home, and whether it asks for a passphrase. */
export async function homeState(path: string): Promise<"absent" | "clear" | "sealed" | "damaged"> {
  const description = readDescription(path);
  if (!description.ok) return description.error.kind === "home-missing" ? "absent" : "damaged";
  return description.value.passphrase === undefined ? "clear" : "sealed";
}

/**
 * Open a home that exists.
 *
 * A home in the clear opens with any `unlock`: there is nothing to unlock.
 *
 * Fails:   any `HomeError`.
 * Cost:    one Argon2id, unless `unlock` carries a `Passphrase` that has met the salt before.
 */
export async function openHome(path: string, unlock: Unlock): Promise<Result<Home, HomeError>> {
  const description = readDescription(path);
  if (!description.ok) return description;
  return whileLocked(path, (release) => openLocked(path, asPassphrase(unlock), release));
}

/** Take the lock of a directory for a home that is opened there: it is let go of if that fails. */
async function whileLocked(
  path: string,
  open: (release: () => void) => Promise<Result<Home, HomeError>>,
): Promise<Result<Home, HomeError>> {
  const released = lockDirectory(path);
  if (!released.ok) return released;
  let opened: Result<Home, HomeError> | undefined;
  try {
    opened = await open(released.value);
    return opened;
  } finally {
    if (opened?.ok !== true) released.value();
  }
}

/** Open a home whose lock is held: what describes it cannot change any more. */
async function openLocked(
  path: string,
  passphrase: Passphrase | undefined,
  release: () => void,
): Promise<Result<Home, HomeError>> {
  const description = readDescription(path);
  if (!description.ok) return description;
  return unlockHome(path, description.value, passphrase, release);
}

/**
 * Whether something opens a home, which may be open already: what a person is asked for again before
 * she decides something.
 *
 * Fails:   any `HomeError` but `home-locked`.
 * Cost:    one Argon2id, unless `unlock` carries a `Passphrase` that has met the salt before.
 */
export async function checkUnlock(path: string, unlock: Unlock): Promise<Result<void, HomeError>> {
  const description = await readDescription(path);
  if (!description.ok) return description;
  const { id, check, passphrase: needs } = description.value;
  const passphrase = asPassphrase(unlock);
  if (needs === undefined) return ok(undefined);
  if (passphrase === undefined) return fail({ kind: "passphrase-needed" });
  const key = homeKey(await passphrase.key(needs.salt, needs.cost), id);
  return decode(CHECK, check, key).ok ? ok(undefined) : fail({ kind: "passphrase-wrong" });
}

/**
 * Open the home at a path, or make one there, with a new salt.
 *
 * It is made under the lock: a second program that made one too would take away what opens the first's.
 *
 * Fails:   any `HomeError`.
 */
export async function openOrCreateHome(
  path: string,
  unlock: Unlock,
): Promise<Result<Home, HomeError>> {
  if ((await homeState(path)) !== "absent") return openHome(path, unlock);
  const passphrase = asPassphrase(unlock);
  const salt = Uint8Array.from(randomBytes(SALT_BYTES));
  return make(path, passphrase && { passphrase, salt, cost: COST_FLOOR });
}

/** Make a home where there was none a moment ago, and open whatever is there now. */
function make(path: string, root: Root | undefined): Promise<Result<Home, HomeError>> {
  makeFolder(path);
  return whileLocked(path, async (release) => {
    if ((await homeState(path)) === "absent") await describeNewHome(path, root);
    return openLocked(path, root?.passphrase, release);
  });
}

/** What the homes below one root share. */
interface Root {
  readonly passphrase: Passphrase;
  readonly salt: Bytes;
  readonly cost: PassphraseCost;
}

async function describeNewHome(path: string, root: Root | undefined): Promise<void> {
  const id = Uint8Array.from(randomBytes(16));
  const key = root && homeKey(await root.passphrase.key(root.salt, root.cost), id);
  const description = {
    format: FORMAT,
    id: toHex(id),
    passphrase: root && { kdf: "argon2id", salt: toHex(root.salt), ...root.cost },
    check: toHex(encode(CHECK, id, key)),
  };
  await writeAtomically(join(path, "home.json"), utf8(`${JSON.stringify(description, null, 1)}\n`));
}

async function unlockHome(
  path: string,
  description: Description,
  passphrase: Passphrase | undefined,
  release: () => void,
): Promise<Result<Home, HomeError>> {
  const needs = description.passphrase;
  if (needs !== undefined && passphrase === undefined) return fail({ kind: "passphrase-needed" });
  const root = needs && passphrase && { passphrase, ...needs };
  const key = root && homeKey(await root.passphrase.key(root.salt, root.cost), description.id);
  if (!decode(CHECK, description.check, key).ok) return fail({ kind: "passphrase-wrong" });
  makeFolder(join(path, "store"));
  // Below the home itself stand homes of others, which somebody may be writing.
  sweepDrafts(path, { recursive: false });
  sweepDrafts(join(path, "store"), { recursive: true });
  return ok({
    path,
    sealed: root !== undefined,
    store: fileStore(join(path, "store"), key),
    child: (name) => openChild(join(path, name), root),
    children: (folder) => homesIn(join(path, folder)),
    close: async () => release(),
  });
}

async function openChild(path: string, root: Root | undefined): Promise<Result<Home, HomeError>> {
  if ((await homeState(path)) === "absent") return make(path, root);
  const unlock: Unlock = root
    ? { kind: "passphrase", passphrase: root.passphrase }
    : { kind: "clear" };
  return openHome(path, unlock);
}

async function homesIn(folder: string): Promise<readonly string[]> {
  const names = ifPresent(() => readdirSync(folder)) ?? [];
  const states = await Promise.all(names.map((name) => homeState(join(folder, name))));
  return names.filter((_, at) => states[at] !== "absent").sort();
}

/** Each home has a key of its own, so that the file of one does not open in another. */
function homeKey(derived: Uint8Array, id: Uint8Array): Key<"home"> {
  return derive(new Key("passphrase", derived), "home", id);
}

function asPassphrase(unlock: Unlock): Passphrase | undefined {
  if (unlock.kind === "clear") return undefined;
  const given = unlock.passphrase;
  return typeof given === "string" ? new Passphrase(given) : given;
}

function readDescription(path: string): Result<Description, HomeError> {
  const file = join(path, "home.json");
  const text = ifPresent(() => readFileSync(file, "utf8"));
  if (text === undefined) return fail({ kind: "home-missing" });
  const parsed = parseDescription(text);
  return parsed === undefined ? fail({ kind: "home-damaged", file }) : ok(parsed);
}

function parseDescription(text: string): Description | undefined {
  try {
    const json = JSON.parse(text);
    const id = fromHex(String(json.id));
    const check = fromHex(String(json.check));
    if (json.format !== FORMAT || !id.ok || id.value.length !== 16 || !check.ok) return undefined;
    if (json.passphrase === undefined)
      return { id: id.value, check: check.value, passphrase: undefined };
    const salt = fromHex(String(json.passphrase.salt));
    const cost = { memoryKiB: json.passphrase.memoryKiB, passes: json.passphrase.passes };
    if (!salt.ok || salt.value.length !== SALT_BYTES || !isAllowed(cost)) return undefined;
    return { id: id.value, check: check.value, passphrase: { salt: salt.value, cost } };
  } catch {
    return undefined;
  }
}

function isAllowed(cost: { readonly memoryKiB: unknown; readonly passes: unknown }): boolean {
  const within = (value: unknown, least: number, most: number): boolean =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
  return (
    within(cost.memoryKiB, COST_FLOOR.memoryKiB, COST_CEILING.memoryKiB) &&
    within(cost.passes, COST_FLOOR.passes, COST_CEILING.passes)
  );
}
