import type { Bytes, Result } from "@salus/base";
import type { ClientError } from "./failure.ts";
import type { Card } from "./identity.ts";

/** A node of the provider tree, as its certificate says. */
export interface Provider {
  readonly role: "organisation" | "department" | "physician";
  /** Provider id: the same in certificates, in the path of a record, and below it in scopes. */
  readonly node: string;
  /** Node of the issuer, empty for an organisation. */
  readonly parent: string;
  readonly name: string;
  /** `system|value`. */
  readonly identifiers: readonly string[];
  readonly card: Card;
  readonly expires: number;
}

/** What an authority, or a provider above, states when it certifies a provider. */
export interface Certification {
  readonly role: Provider["role"];
  readonly node: string;
  readonly parent?: string;
  readonly name: string;
  readonly identifiers?: readonly string[];
  readonly card: Card;
  readonly notBefore?: number;
  readonly expires?: number;
}

/** Providers whose certificates lead to an authority that this program pins. */
export interface Registry {
  readonly authorities: readonly Bytes[];
  providers(): readonly Provider[];
  byNode(node: string): Provider | undefined;
  byKey(key: Uint8Array): Provider | undefined;
  /** Fetch what was published since, and verify it. */
  refresh(): Promise<Result<void, ClientError>>;
}
