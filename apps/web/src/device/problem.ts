import { fail, type Result } from "@salus/base";
import type {
  AcceptAssociationError,
  AccountError,
  AnswerError,
  AskError,
  AssociationError,
  ClientError,
  DecisionError,
  DiscoveryError,
  IdentifierError,
  InvitationError,
  JoiningError,
  KeepError,
  OpenRequestError,
  QueryError,
  Refused,
  WritingError,
} from "@salus/client";
import type { BrowserHomeError } from "@salus/client/browser";
import type { ProblemKind as RefusedKind } from "@salus/protocol";

/** What stops the application itself, beside what stops the client. */
export type WebError =
  /** The site does not say where its services are, or says it in words that this program has not. */
  | { readonly kind: "site-unreadable" }
  /** Nobody is signed in, or the device was locked in the meantime. */
  | { readonly kind: "nobody-in" }
  /** A step was taken that nothing was begun for: the worker was started anew in between. */
  | { readonly kind: "not-begun" }
  /** The words that were asked for are not those of the phrase. */
  | { readonly kind: "words-differ" }
  /** The passkey gave no `prf`: it can sign in, and opens nothing. */
  | { readonly kind: "passkey-without-prf" }
  /** No passkey was chosen, or its owner was not verified. */
  | { readonly kind: "passkey-cancelled" }
  /** Something in a form cannot be what it should be; `what` names the field. */
  | { readonly kind: "bad-input"; readonly what: string }
  /** What was asked for is not there (any more). */
  | { readonly kind: "not-found" }
  /** What a patient had let be read is ended, by her or by its time. */
  | { readonly kind: "access-over" }
  /** Something of the kind goes on already. */
  | { readonly kind: "busy" }
  /** The browser has no room left. */
  | { readonly kind: "no-room" }
  /** A fault of this program. */
  | { readonly kind: "bug" };

/** Everything that a function of the device can fail with, before it crosses to the page. */
export type Failure =
  | AccountError
  | ClientError
  | DecisionError
  | OpenRequestError
  | AnswerError
  | AskError
  | QueryError
  | DiscoveryError
  | IdentifierError
  | InvitationError
  | JoiningError
  | KeepError
  | AssociationError
  | AcceptAssociationError
  | BrowserHomeError
  | WritingError
  | WebError;

/** `refused/quota`: what a service refused stands in the kind, so that words are found by it alone. */
export type ProblemKind = Exclude<Failure, Refused>["kind"] | `refused/${RefusedKind}`;

/**
 * A failure as the page gets it: what words need, and nothing else. No key, no handle, no value, no
 * signed bytes; `parameter` is a name in a question that the page has asked itself.
 */
export interface Problem {
  readonly kind: ProblemKind;
  /** The rule that was broken, where a kind has several. */
  readonly reason?: string;
  /** Of a question: the parameter that is wrong. */
  readonly parameter?: string;
  /** Which service's log it is about. */
  readonly service?: "cloud" | "directory";
}

/** What crosses to the page of a failure. */
export function toProblem(failure: Failure): Problem {
  switch (failure.kind) {
    case "refused":
      // Asked again who she is: the same thing whichever side asks for it.
      if (failure.problem === "step-up") return { kind: "step-up" };
      return { kind: `refused/${failure.problem}` };
    case "bad-query": {
      const { error } = failure;
      const parameter = "parameter" in error ? error.parameter : undefined;
      return { kind: "bad-query", reason: error.kind, ...(parameter && { parameter }) };
    }
    case "chain-invalid":
    case "account-invalid":
      return { kind: failure.kind, reason: failure.problem };
    case "log-rollback":
    case "log-fork":
    case "log-inconsistent":
    case "log-key-changed":
    case "not-logged":
      return { kind: failure.kind, service: failure.log };
    case "rollback":
    case "not-live":
    case "malformed-answer":
    case "bad-input":
      return { kind: failure.kind, reason: failure.what };
    default:
      return { kind: failure.kind };
  }
}

/** A result as it crosses to the page. */
export function crossing<View>(result: Result<View, Failure>): Result<View, Problem> {
  return result.ok ? result : fail(toProblem(result.error));
}
