import type { PractitionerError, StatementError } from "@salus/evaluate";
import type { ClientError } from "../failure.ts";

/** Why a request is not shown. Spec: requests §1. */
export type OpenRequestError =
  | PractitionerError
  /** It was written to another mailbox. */
  | { readonly kind: "not-for-you" }
  /** Its time to be answered is over, or it asks for a time that is over. */
  | { readonly kind: "request-void" }
  /** It was approved or denied before. */
  | { readonly kind: "request-answered" };

/** Why a decision about access is not carried out. Spec: requests §2. */
export type DecisionError =
  | ClientError
  /** The person was not asked again who she is within the last five minutes. */
  | { readonly kind: "step-up" }
  | { readonly kind: "request-answered" }
  | { readonly kind: "request-void" }
  | { readonly kind: "wider-than-asked" }
  /** Nothing is left of it: she has no such source, or chose none. */
  | { readonly kind: "nothing-granted" }
  /** What it names has changed in the meantime: it must be shown again. */
  | { readonly kind: "proposal-stale" }
  /** It is a device of the patient herself. */
  | { readonly kind: "proxy-self" }
  | { readonly kind: "proxy-too-long" }
  /** More than 1,024 bytes. */
  | { readonly kind: "note-too-long" };

/** Why an answer is not believed, or not used. */
export type AnswerError =
  | ClientError
  | StatementError
  | { readonly kind: "unknown-request" }
  /** The chain approved another request under this name. */
  | { readonly kind: "request-mismatch" }
  | { readonly kind: "wider-than-asked" };
