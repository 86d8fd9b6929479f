import type { JSONWebKeySet } from "jose";

/** A program that authenticates with a key of its own. */
export interface Client {
  readonly id: string;
  readonly keys: JSONWebKeySet;
  /** Of SMART, version 1 or 2: `system/*.rs`, `system/Observation.read`. */
  readonly scopes: readonly string[];
}
