import { type Bytes, fail, ok, type Result } from "@salus/base";
import { COST_CEILING, COST_FLOOR, type PassphraseCost, SALT_BYTES } from "../passphrase-cost.ts";

/**
 * One way to open a home. Each wraps the home's key by a key of its own.
 *
 * Source:  spec/keys.md §5.
 */
export type StoredWay =
  | {
      readonly kind: "password";
      readonly id: Bytes;
      readonly salt: Bytes;
      readonly cost: PassphraseCost;
      readonly wrap: Bytes;
    }
  | {
      readonly kind: "passkey";
      readonly id: Bytes;
      /** The credential's id, base64url: the browser asks its owner for that one. */
      readonly credential: string;
      /** Whose passkey it is, as the browser knows: the site's domain. */
      readonly rpId: string;
      /** What `prf` is evaluated for: 32 random bytes. */
      readonly salt: Bytes;
      readonly wrap: Bytes;
    };

/** What a browser keeps of a home in the clear: nothing of whose it is but what she calls it. */
export interface StoredHome {
  readonly format: "salus-browser-home-v1";
  /** 16 random bytes in hexadecimal. */
  readonly id: string;
  readonly label: string;
  /** Of a computer that others use too: it is destroyed when it has not been used for a while. */
  readonly shared: boolean;
  /** Whether somebody has signed in with it; one that was only begun is destroyed. */
  readonly ready: boolean;
  /** When it was last opened, in milliseconds since 1970. */
  readonly used: number;
  readonly ways: readonly StoredWay[];
}

/** What stands in the database is no home that this program has written. */
export interface HomeDamaged {
  readonly kind: "home-damaged";
  readonly home: string;
}

const WAY_ID_BYTES = 16;
const PRF_SALT_BYTES = 32;

/**
 * Judge what the database has: whoever can write there must not make a guess at a password cheaper, or
 * have the program take so much memory that it dies.
 *
 * Fails:   `home-damaged`.
 */
export function checkStored(stored: StoredHome): Result<StoredHome, HomeDamaged> {
  const { format, id, ways } = stored;
  const good =
    format === "salus-browser-home-v1" && Array.isArray(ways) && ways.every((way) => isWay(way));
  return good ? ok(stored) : fail({ kind: "home-damaged", home: String(id) });
}

function isWay(way: StoredWay): boolean {
  if (!isBytes(way.id, WAY_ID_BYTES) || !(way.wrap instanceof Uint8Array)) return false;
  if (way.kind === "passkey") {
    const texts = [way.credential, way.rpId].every((text) => typeof text === "string");
    return texts && isBytes(way.salt, PRF_SALT_BYTES);
  }
  return way.kind === "password" && isBytes(way.salt, SALT_BYTES) && isAllowed(way.cost);
}

function isBytes(value: unknown, length: number): boolean {
  return value instanceof Uint8Array && value.length === length;
}

function isAllowed({ memoryKiB, passes }: PassphraseCost): boolean {
  const within = (value: number, least: number, most: number): boolean =>
    Number.isSafeInteger(value) && value >= least && value <= most;
  return (
    within(memoryKiB, COST_FLOOR.memoryKiB, COST_CEILING.memoryKiB) &&
    within(passes, COST_FLOOR.passes, COST_CEILING.passes)
  );
}
