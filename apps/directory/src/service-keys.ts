import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { assert, type Bytes, concat, encodeTuple, utf8 } from "@salus/base";
import { makeFolder } from "@salus/base/node";
import { bytesField, parseAs } from "@salus/protocol";
import { LogSigner, StartFailure } from "@salus/service";
import { EvaluationShare } from "./evaluation-share.ts";
import { PasswordServer } from "./password-server.ts";

/** Where fresh bytes come from. */
export type Random = (size: number) => Bytes;

export const systemRandom: Random = (size) => Uint8Array.from(randomBytes(size));

/**
 * Every secret of the directory's own. They stand in one file beside the database and never in it: who
 * has the one has nothing without the other.
 */
export type SecretName =
  /** OPAQUE's server set-up. Lost, no password opens an account again; phrases and devices do. */
  | "opaque"
  /** Makes logins and codes unguessable from the database alone. */
  | "pepper"
  /** What answers about unknown logins and identifiers are made of. */
  | "decoy"
  /** Seals what the service itself must read again: authenticators' secrets, logins in progress. */
  | "sealing"
  /** This holder's share of the key of the oblivious function. */
  | "evaluation"
  /** The Ed25519 seed that signs checkpoints of the log. */
  | "log";

/**
 * How each is drawn. One that a later release needs is a name above and a line here: it is drawn when
 * that release starts first.
 */
const SECRETS: Readonly<Record<SecretName, (random: Random) => Bytes>> = {
  opaque: () => PasswordServer.draw(),
  pepper: (random) => random(32),
  decoy: (random) => random(32),
  sealing: (random) => random(32),
  evaluation: (random) => EvaluationShare.draw(random(32)),
  log: (random) => random(32),
};

type Secrets = Readonly<Record<SecretName, Bytes>>;

const NAMES = Object.keys(SECRETS) as readonly SecretName[];
/** HKDF's extraction without a salt (RFC 5869 §2.2). */
const NO_SALT = new Uint8Array(32);
/** The first block of its expansion, which is as long as a key (§2.3). */
const FIRST = Uint8Array.of(1);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed value belongs to: it opens as nothing else. */
export interface SealedPlace {
  readonly purpose: "totp" | "phone" | "passkey" | "sms" | "login-state" | "login-tag";
  readonly owner: Uint8Array;
}

/** The directory's own keys, as what can be done with them: none of their bytes come out. */
export class ServiceKeys {
  readonly #secrets: Secrets;
  /** What all sealing keys are expanded from: to extract it for each took longer than to seal. */
  readonly #sealing: Uint8Array;
  readonly passwords: PasswordServer;
  readonly evaluation: EvaluationShare;
  readonly log: LogSigner;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
    this.#sealing = createHmac("sha256", NO_SALT).update(secrets.sealing).digest();
    this.passwords = new PasswordServer(secrets.opaque);
    this.evaluation = new EvaluationShare(secrets.evaluation);
    this.log = new LogSigner(secrets.log);
  }

  /** Name something by a value that the database must not give away: a login, a code. */
  pepper(purpose: string, ...parts: readonly Uint8Array[]): Bytes {
    return this.#mac("pepper", purpose, parts);
  }

  /** What stands for something that does not exist, the same whenever it is asked for. */
  decoy(purpose: string, ...parts: readonly Uint8Array[]): Bytes {
    return this.#mac("decoy", purpose, parts);
  }

  /** Seal what only this service reads again. It is data of the service, never of a record. */
  seal(place: SealedPlace, plaintext: Uint8Array, random: Random): Bytes {
    const nonce = random(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#sealingKey(place), nonce);
    const text = concat(cipher.update(plaintext), cipher.final());
    return concat(nonce, text, cipher.getAuthTag());
  }

  /** Open what `seal` made. What does not open was damaged, or sealed under other keys: a fault. */
  open(place: SealedPlace, sealed: Uint8Array): Bytes {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const text = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", this.#sealingKey(place), nonce);
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return concat(decipher.update(text), decipher.final());
  }

  /** What tells, beside a database, whether it was made with these keys. */
  fingerprints(service: string): readonly { readonly name: SecretName; readonly hash: Bytes }[] {
    return NAMES.map((name) => ({ name, hash: this.#mac(name, "fingerprint", [utf8(service)]) }));
  }

  #mac(name: SecretName, purpose: string, parts: readonly Uint8Array[]): Bytes {
    const hmac = createHmac("sha256", this.#secrets[name]);
    return Uint8Array.from(hmac.update(encodeTuple(`salus/${purpose}`, ...parts)).digest());
  }

  /** One key for each place, by HKDF-SHA-256 of the secret, so that no key seals often. */
  #sealingKey({ purpose, owner }: SealedPlace): Uint8Array {
    const info = encodeTuple("salus/sealing", purpose, owner);
    return createHmac("sha256", this.#sealing).update(info).update(FIRST).digest();
  }
}

/** Whether two byte strings are equal, in a time that depends on their length alone. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Draw every secret anew. */
export function drawServiceKeys(random: Random = systemRandom): ServiceKeys {
  return new ServiceKeys(completed({}, random));
}

/**
 * Read the service's keys from their file, and draw those that are missing.
 *
 * Fails:   `bad-service-keys`, as a `StartFailure`: the file is none of ours, or others may read it.
 */
export function loadServiceKeys(file: string, random: Random = systemRandom): ServiceKeys {
  const known = existsSync(file) ? readSecrets(file) : {};
  const secrets = completed(known, random);
  if (NAMES.some((name) => known[name] === undefined)) writeSecrets(file, secrets);
  return new ServiceKeys(secrets);
}

function completed(known: Partial<Secrets>, random: Random): Secrets {
  const all = NAMES.map((name) => [name, known[name] ?? SECRETS[name](random)] as const);
  return Object.fromEntries(all) as Secrets;
}

function readSecrets(file: string): Partial<Secrets> {
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new StartFailure("bad-service-keys", `${file} can be read by others: chmod 600`);
  }
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, "utf8")) as object);
    return Object.fromEntries(
      entries.map(([name, text]) => {
        assert(
          NAMES.some((known) => known === name),
          "no secret has another name",
        );
        return [name, secretOf(String(text))];
      }),
    );
  } catch {
    throw new StartFailure("bad-service-keys", `${file} is no file of service keys`);
  }
}

function secretOf(text: string): Bytes {
  const bytes = parseAs(bytesField(32, 128), Uint8Array.from(Buffer.from(text, "base64url")), "");
  assert(bytes.ok, "a secret has at least 32 bytes");
  return bytes.value;
}

/** Write a file that is there wholly or not at all, and that nobody else reads. */
function writeSecrets(file: string, secrets: Secrets): void {
  makeFolder(dirname(file));
  const texts = NAMES.map((name) => [name, Buffer.from(secrets[name]).toString("base64url")]);
  const draft = `${file}.${process.pid}`;
  const descriptor = openSync(draft, "w", 0o600);
  writeSync(descriptor, `${JSON.stringify(Object.fromEntries(texts), null, 2)}\n`);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(draft, file);
}
