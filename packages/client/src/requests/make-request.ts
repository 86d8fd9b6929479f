import { type Bytes, compareBytes, fail, ok, type Result, utf8 } from "@salus/base";
import { drawRequest } from "@salus/crypto";
import type { Category } from "@salus/health";
import {
  type AccessRequest,
  type Mailbox,
  parseAs,
  type RequestHandle,
  statementSchemas,
} from "@salus/protocol";
import type { Identity } from "../identity.ts";
import type { Credentials } from "../registry/registry.ts";

/** What a practitioner asks for. */
export interface RequestOrder {
  /** The mailbox that a look-up or a code gave. */
  readonly to: Mailbox;
  /** `kind|value` that the patient was looked up by; empty when her code was read. */
  readonly identifier?: string;
  /** v3-PurposeOfUse; `TREAT` when left out. */
  readonly purpose?: string;
  /** Organisation nodes. */
  readonly sources: readonly string[] | "all";
  readonly categories: readonly Category[] | "all";
  readonly period?: readonly [start: number, end: number];
  readonly expires: number;
  /** Left out: in two weeks. */
  readonly answerBy?: number;
  readonly note?: string;
}

/** What is asked does not fit a request: a note of more than 1,024 bytes, say, or a device too many. */
export interface RequestFields {
  readonly kind: "request-fields";
}

/** A signed request, and its name. */
export interface MadeRequest {
  readonly request: RequestHandle;
  readonly signed: Bytes;
}

const ANSWER_MS = 14 * 86_400_000;

/**
 * Sign a request.
 *
 * Takes:   `practitioner`, whose key ends the path of `credentials`; `reply`, where answers go.
 * Leaks:   nothing until it is sealed to the patient's mailbox.
 * Fails:   `request-fields`.
 * Source:  spec/requests.md §1; vectors/requests-v1.json.
 */
export function makeRequest(
  practitioner: Identity,
  { certificates, attestations, devices }: Credentials,
  reply: Mailbox,
  order: RequestOrder,
  now: number = Date.now(),
): Result<MadeRequest, RequestFields> {
  const request = drawRequest();
  const { to, identifier = "", purpose = "TREAT", sources, categories, period = [] } = order;
  const { expires, answerBy = now + ANSWER_MS, note = "" } = order;
  const sorted = categories === "all" ? [] : categories.toSorted(byBytes);
  const asked: AccessRequest = {
    ...{ request, to: to.id, certificates, attestations, devices, purpose, period },
    sources: sources === "all" ? [] : sources,
    categories: sorted,
    ...{ expires, answerBy, identifier, note, reply, time: now },
  };
  const sound = parseAs(statementSchemas.request, asked, "request").ok;
  if (!sound) return fail({ kind: "request-fields" });
  return ok({ request, signed: practitioner.signer.sign("request", asked) });
}

function byBytes(a: string, b: string): number {
  return compareBytes(utf8(a), utf8(b));
}
