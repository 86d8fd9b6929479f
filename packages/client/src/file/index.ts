import type { Result } from "@salus/base";
import type { KeyStore } from "../key-store.ts";

/** How the secrets of a home are kept from whoever can read its files. */
export type Unlock =
  | { readonly kind: "passphrase"; readonly passphrase: string }
  | { readonly kind: "clear" };

/** Why a home does not open. */
export type HomeError =
  | { readonly kind: "home-missing" }
  | { readonly kind: "home-locked"; readonly process: number }
  | { readonly kind: "passphrase-needed" }
  | { readonly kind: "passphrase-wrong" }
  | { readonly kind: "home-damaged"; readonly file: string };

/**
 * A directory with the secrets of one identity, and below it homes of its own for others.
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
  close(): Promise<void>;
}
