import { type Bytes, fail, ok, type Result } from "@salus/base";
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { deriveBytes, KEY_BYTES, Key } from "./keys.ts";
import { randomBytes } from "./random.ts";

/** The 24 words with which an account comes back when everything else is lost. */
export class Phrase {
  /** What the phrase unlocks with. */
  readonly secret: Key<"unlock-secret">;

  constructor(entropy: Uint8Array) {
    this.secret = new Key("unlock-secret", entropy);
  }

  static draw(): Phrase {
    return new Phrase(randomBytes(KEY_BYTES));
  }

  /**
   * Read a phrase as somebody typed it: spacing and case are forgiven.
   *
   * Fails:   `bad-phrase`: not 24 words of the list, or another checksum.
   * Source:  BIP-39; spec/accounts.md §2.
   */
  static parse(text: string): Result<Phrase, { readonly kind: "bad-phrase" }> {
    const words = text.normalize("NFKD").toLowerCase().trim().split(/\s+/u);
    if (words.length !== 24) return fail({ kind: "bad-phrase" });
    try {
      return ok(new Phrase(mnemonicToEntropy(words.join(" "), wordlist)));
    } catch {
      return fail({ kind: "bad-phrase" });
    }
  }

  /** The words, to be shown once and written down. Source: BIP-39; spec/accounts.md §2. */
  get words(): readonly string[] {
    return entropyToMnemonic(Key.reveal(this.secret), wordlist).split(" ");
  }

  /**
   * What is shown to the directory for the account's wraps, before anything is signed.
   *
   * Leaks:   nothing of the phrase: the directory has had its digest since sign-up.
   * Source:  spec/accounts.md §7; vectors/account-v1.json.
   */
  get recoveryTag(): Bytes {
    return deriveBytes(this.secret, "recovery-tag");
  }

  toJSON(): string {
    return "[recovery phrase]";
  }

  toString(): string {
    return this.toJSON();
  }
}
