import { fail, ok, type Result } from "@salus/base";
import {
  type DeviceSecret,
  decodeHeld,
  drawDevice,
  drawKey,
  encodeHeld,
  type HeldSecrets,
} from "@salus/crypto";
import {
  decodeAs,
  encodeMessage,
  LoginTag,
  type OpenedSession,
  openedSessionSchema,
} from "@salus/protocol";
import { HELD } from "../identity.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";

const SESSION = "session";
const LOGIN = "login";

/** What a store holds of an account, if it is of one. Fails: `store-damaged`. */
export async function readHeld(
  store: KeyStore,
): Promise<Result<HeldSecrets | undefined, StoreDamaged>> {
  const stored = await store.read(HELD);
  if (!stored.ok) return stored;
  if (stored.value === undefined) return ok(undefined);
  const held = decodeHeld(stored.value);
  return held.ok ? held : fail({ kind: "store-damaged", name: HELD });
}

export function writeHeld(store: KeyStore, held: HeldSecrets): Promise<void> {
  return store.write(HELD, encodeHeld(held));
}

/** The secrets of a device that belongs to no account yet. */
export function newHeld(secret?: DeviceSecret): HeldSecrets {
  return {
    device: drawKey("device-root"),
    id: drawDevice(),
    account: undefined,
    secret,
    roots: [],
    vault: undefined,
  };
}

/** Who is signed in on this device, and by which login. */
export interface StoredSession {
  readonly opened: OpenedSession;
  readonly login: LoginTag;
}

/** The session that a store remembers. Whether it still lasts, only the directory knows. */
export async function readSession(
  store: KeyStore,
): Promise<Result<StoredSession | undefined, StoreDamaged>> {
  const [session, login] = [await store.read(SESSION), await store.read(LOGIN)];
  if (!session.ok) return session;
  if (!login.ok) return login;
  if (session.value === undefined || login.value === undefined) return ok(undefined);
  const opened = decodeAs(openedSessionSchema, session.value, "session");
  const tag = LoginTag.parse(login.value);
  if (!opened.ok || !tag.ok) return fail({ kind: "store-damaged", name: SESSION });
  return ok({ opened: opened.value, login: tag.value });
}

export async function writeSession(
  store: KeyStore,
  { opened, login }: StoredSession,
): Promise<void> {
  await store.write(LOGIN, login);
  await store.write(SESSION, encodeMessage(opened));
}

export function removeSession(store: KeyStore): Promise<void> {
  return store.remove(SESSION);
}
