import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  checkDevices,
  checkPractitioner,
  type Practitioner,
  type StatusBook,
  type TrustPolicy,
  verifySigned,
} from "@salus/evaluate";
import type { AccessRequest, Digest, MailboxId } from "@salus/protocol";
import type { Card } from "../identity.ts";
import type { OpenRequestError } from "./failure.ts";
import { shownText } from "./shown-text.ts";

/** A request that was verified, and may be shown. */
export interface OpenedRequest {
  readonly request: AccessRequest;
  readonly signed: Bytes;
  readonly digest: Digest;
  readonly practitioner: Practitioner;
  /** The devices that are to read, the one that asks first. */
  readonly devices: readonly Card[];
  /** Who asks, in texts that may be shown. */
  readonly who: Requester;
}

/** A practitioner as her certificates say. */
export interface Requester {
  readonly name: string;
  readonly node: string;
  readonly identifiers: readonly string[];
  readonly organisation: string;
  /** Names from the organisation down to her. */
  readonly path: readonly string[];
  readonly note: string;
  /** What she looked the patient up by. */
  readonly identifier: string;
}

/** Against what a request is held. */
export interface RequestContext {
  /** The patient's mailboxes: of every account root that there was. */
  readonly mailboxes: readonly MailboxId[];
  readonly policy: TrustPolicy;
  readonly statuses: StatusBook;
  readonly now: number;
}

/**
 * Verify a request: everything but whether it was answered before.
 *
 * Fails:   any `OpenRequestError`: statement, address, time, certificates, attestations, devices.
 * Cost:    a signature for the request, each certificate and attestation.
 * Source:  spec/requests.md §1; vectors/requests-v1.json.
 */
export function openRequest(
  signed: Bytes,
  { mailboxes, policy, statuses, now }: RequestContext,
): Result<OpenedRequest, OpenRequestError> {
  const statement = verifySigned("request", signed);
  if (!statement.ok) return statement;
  const { payload: request, signer, hash: digest } = statement.value;
  if (!mailboxes.some((id) => equalBytes(request.to, id))) return fail({ kind: "not-for-you" });
  if (now > request.answerBy || now > request.expires) return fail({ kind: "request-void" });
  const checked = checkPractitioner(request, signer, policy, statuses, now);
  if (!checked.ok) return checked;
  const practitioner = checked.value;
  const own = request.certificates.at(-1);
  const [first] = request.devices;
  if (own === undefined || first === undefined || !equalBytes(own, first)) {
    return fail({ kind: "certificate-path" });
  }
  const devices = checkDevices(practitioner, request.devices, policy, statuses, now);
  if (!devices.ok) return devices;
  const cards = devices.value.map(({ subject: sign, suite, kem }) => ({ sign, suite, kem }));
  return ok({
    request,
    signed,
    digest,
    practitioner,
    devices: cards,
    who: requesterOf(practitioner, request),
  });
}

/** So much of a name is shown. */
const NAME_MAX = 128;

function requesterOf(
  { path, physician }: Practitioner,
  { note, identifier }: AccessRequest,
): Requester {
  const { name, node, identifiers } = physician.payload;
  const nodes = path.filter(({ payload }) => payload.role !== "device");
  return {
    name: shownText(name, NAME_MAX),
    node: shownText(node, NAME_MAX),
    identifiers: identifiers.map((text) => shownText(text, NAME_MAX)),
    organisation: shownText(path[0].payload.name, NAME_MAX),
    path: nodes.map(({ payload }) => shownText(payload.name, NAME_MAX)),
    note: shownText(note),
    identifier: shownText(identifier, 2 * NAME_MAX),
  };
}
