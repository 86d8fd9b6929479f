import type { Result } from "@salus/base";
import type { Resource } from "@salus/client";
import type { Outcome } from "../outcome.ts";
import type { Target } from "./address.ts";
import type { Conditions } from "./conditions.ts";
import type { Preferences } from "./preferences.ts";
import type { Query } from "./query.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What came with a request. A resource has been read, and not been judged. */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "resource"; readonly value: unknown }
  | { readonly kind: "json-patch"; readonly value: unknown }
  | { readonly kind: "form"; readonly text: string };

export const NO_BODY: Body = { kind: "none" };

/** One interaction that was asked for: by a request of its own, or by an entry of a bundle. */
export interface Asked {
  readonly method: Method;
  readonly target: Target;
  readonly query: Query;
  readonly conditions: Conditions;
  readonly preferences: Preferences;
  readonly body: Body;
}

/** The version of a resource that an answer is about. */
export interface AnsweredVersion {
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What is answered to an interaction that was done. */
export interface Answer {
  readonly status: 200 | 201 | 204 | 304;
  readonly body: Resource | undefined;
  /** Makes `ETag`, `Last-Modified` and, after a write, `Location`. */
  readonly version?: AnsweredVersion;
  /** Whether `Location` is sent: what was created stands there. */
  readonly located?: boolean;
  /** Headers beside those. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Answering = Promise<Result<Answer, Outcome>>;
