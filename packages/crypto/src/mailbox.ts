import { assert, type Bytes, beInteger, encodeTuple, fail, ok, type Result } from "@salus/base";
import { digest, mailboxId } from "@salus/evaluate";
import {
  DISCOVERY,
  type Mailbox,
  type MailboxId,
  PARCEL_BLOCK_BYTES,
  type Parcel,
  type ParcelKind,
} from "@salus/protocol";
import { KemPair, type Unreadable, type WrapPurpose, wrapTo } from "./kem-pair.ts";
import { derive, Key } from "./keys.ts";
import { Signer } from "./signing.ts";

/** Of the encapsulation, the CBOR around it, the HPKE tag: what a parcel has besides its text. */
const PARCEL_OVERHEAD_BYTES = 2048;
const LENGTH_BYTES = 4;
/** The longest statement that fits a parcel. */
export const PARCEL_TEXT_BYTES_MAX: number =
  Math.floor((DISCOVERY.parcelBytes - PARCEL_OVERHEAD_BYTES) / PARCEL_BLOCK_BYTES) *
    PARCEL_BLOCK_BYTES -
  LENGTH_BYTES;

/** Keys that are a mailbox's without being derived for it: an organisation's. */
export interface OwnKeys {
  readonly signer: Signer;
  readonly kem: KemPair;
}

/** The keys of a mailbox: whoever has them answers in its name, and opens its parcels. */
export class MailboxKeys {
  readonly mailbox: Mailbox;
  /** Signs answers, and collections. */
  readonly signer: Signer;
  readonly #kem: KemPair;

  /**
   * Takes:   what its keys are derived from; or, of an organisation, its own keys, of suite 1.
   * Cost:    1 ms in Node.
   * Source:  spec/discovery.md §4; spec/requests.md §4, §6.
   */
  constructor(of: Key<"account-root"> | Key<"invitation"> | OwnKeys) {
    if (of instanceof Key) {
      const from: Key<"account-root" | "invitation"> = of;
      this.signer = new Signer(derive(from, "mailbox-sign-seed"));
      this.#kem = new KemPair(derive(from, "mailbox-kem-seed"), 1);
    } else {
      assert(of.kem.suite === 1, "mailboxes have keys of suite 1");
      this.signer = of.signer;
      this.#kem = of.kem;
    }
    this.mailbox = {
      id: mailboxId(this.signer.key),
      sign: this.signer.key,
      ...this.#kem.public,
    };
  }

  /**
   * Open a parcel: the statement in it, of which nothing has been verified.
   *
   * Fails:   `unreadable`: whatever was wrong, the address and the padding too.
   * Source:  spec/discovery.md §4; vectors/discovery-v1.json.
   */
  async open({ to, kind, wrap }: Parcel): Promise<Result<Bytes, Unreadable>> {
    const padded = await this.#kem.unwrap(parcelPurpose(to, kind), wrap);
    return padded.ok ? unpad(padded.value) : padded;
  }

  toJSON(): string {
    return "[mailbox keys]";
  }
}

/** The key of an invitation's mailbox. Takes: 16 bytes. Source: spec/requests.md §4. */
export function invitationKey(secret: Bytes): Key<"invitation"> {
  assert(secret.length === 16, "an invitation's secret is 16 bytes");
  return new Key("invitation", digest(encodeTuple("salus/invitation", secret)));
}

/**
 * Seal a statement to a mailbox.
 *
 * Takes:   a statement of at most `PARCEL_TEXT_BYTES_MAX`; `drawn`, in tests with vectors only.
 * Leaks:   to the directory: to whom, of what kind, and how many blocks of 4 KiB.
 * Source:  spec/discovery.md §4; vectors/discovery-v1.json.
 */
export async function sealParcel(
  to: Mailbox,
  kind: ParcelKind,
  statement: Bytes,
  drawn?: Bytes,
): Promise<Parcel> {
  assert(statement.length <= PARCEL_TEXT_BYTES_MAX, "a statement fits a parcel");
  const wrap = await wrapTo(to, parcelPurpose(to.id, kind), pad(statement), drawn);
  return { to: to.id, kind, wrap };
}

function parcelPurpose(to: MailboxId, kind: ParcelKind): WrapPurpose {
  return { purpose: "parcel", context: { to, kind } };
}

function paddedSize(size: number): number {
  return Math.ceil((LENGTH_BYTES + size) / PARCEL_BLOCK_BYTES) * PARCEL_BLOCK_BYTES;
}

function pad(statement: Bytes): Bytes {
  const padded = new Uint8Array(paddedSize(statement.length));
  padded.set(beInteger(statement.length, LENGTH_BYTES));
  padded.set(statement, LENGTH_BYTES);
  return padded;
}

/** Undo `pad`, of which there is one result for one statement. */
function unpad(padded: Bytes): Result<Bytes, Unreadable> {
  if (padded.length < LENGTH_BYTES) return fail({ kind: "unreadable" });
  const size = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  const end = LENGTH_BYTES + size;
  const sound =
    padded.length === paddedSize(size) && padded.subarray(end).every((byte) => byte === 0);
  return sound ? ok(padded.slice(LENGTH_BYTES, end)) : fail({ kind: "unreadable" });
}
