import { fail, ok, type Result } from "@salus/base";
import type { Category } from "../policy/category.ts";
import { LOINC } from "../systems.ts";
import {
  type AskedAccess,
  type ConsentDecision,
  type ConsentFault,
  type ConsentRecord,
  type GrantedAccess,
  isConsent,
  type Period,
} from "./consent.ts";
import { base64, extended, extendedText, extension, fromBase64, SALUS } from "./extension.ts";
import { at, differenceOf, filled, type Json, listAt, textAt, timeAt, timeText } from "./json.ts";
import {
  decodeParty,
  decodeReply,
  encodeParty,
  encodeReply,
  KEY_SYSTEM,
  NODE_SYSTEM,
} from "./party.ts";

const TERMINOLOGY = "http://terminology.hl7.org/CodeSystem";
const REASONS = `${TERMINOLOGY}/v3-ActReason`;
const CATEGORY_SYSTEM = `${SALUS}/category`;

/** What every consent of ours says alike: nothing is permitted but what a provision below permits. */
const FRAME = {
  scope: { coding: [{ system: `${TERMINOLOGY}/consentscope`, code: "patient-privacy" }] },
  category: [{ coding: [{ system: LOINC, code: "59284-0" }] }],
  policy: [{ uri: `${SALUS}/policy/grants-v1` }],
  policyRule: { coding: [{ system: `${TERMINOLOGY}/v3-ActCode`, code: "OPTOUT" }] },
};

const ACTION = [{ coding: [{ system: `${TERMINOLOGY}/consentaction`, code: "access" }] }];

/** Who an actor of a provision is: the one who reads, or the one whose records are read. */
const [RECIPIENT, CUSTODIAN] = ["IRCP", "CST"].map((code) => ({
  coding: [{ system: `${TERMINOLOGY}/v3-ParticipationType`, code }],
}));

/**
 * A request, with its answer if there is one, as a FHIR R4 `Consent`. The table of the mapping
 * stands in `index.ts`.
 *
 * Leaks:   all of it, in the clear: it is for whoever may know of the consent.
 */
export function encodeFhirConsent(record: ConsentRecord): Json {
  const { asked, decision } = record;
  const parties = encodeParties(asked);
  const request = encodeAsked(asked);
  if (decision === undefined) return filled({ ...request, contained: parties });
  const { to, path, request: handle } = asked;
  return filled({
    resourceType: "Consent",
    contained: [...parties, { ...request, id: "asked" }],
    extension: [
      ...extension("note", "String", decision.note),
      ...(decision.decision === "denied"
        ? []
        : [
            ...extension("vault", "String", decision.vault),
            ...extension("approval", "Base64Binary", base64(decision.link)),
          ]),
    ],
    identifier: [{ system: `${SALUS}/request`, value: handle }],
    status: statusOf(decision),
    ...FRAME,
    patient: mailbox(to),
    dateTime: timeText(decision.time),
    performer: [mailbox(to)],
    organization: path.slice(0, 1).map(() => ({ reference: "#path-1" })),
    sourceReference: { reference: "#asked" },
    ...(decision.decision === "approved" && {
      provision: { provision: decision.grants.map(encodeGrant) },
    }),
  });
}

/**
 * Read a `Consent` that `encodeFhirConsent` has written. What a server adds (`id`, `meta`, `text`)
 * is passed over; anything else that a consent of ours cannot hold is refused.
 *
 * Fails:   `not-a-consent`, `not-mapped`.
 */
export function decodeFhirConsent(resource: Json): Result<ConsentRecord, ConsentFault> {
  if (textAt(resource, "resourceType") !== "Consent") return fail({ kind: "not-a-consent" });
  const contained = listAt(resource, "contained");
  const request = contained.find((one) => textAt(one, "resourceType") === "Consent");
  const asked = decodeAsked(request ?? resource, contained);
  const record = request === undefined ? { asked } : { asked, decision: decodeDecision(resource) };
  if (!isConsent(record)) return fail({ kind: "not-a-consent" });
  const { id: _id, meta: _meta, text: _text, ...stated } = resource as Record<string, Json>;
  const path = differenceOf(stated, encodeFhirConsent(record));
  return path === undefined ? ok(record) : fail({ kind: "not-mapped", path });
}

function encodeAsked(asked: AskedAccess): Readonly<Record<string, Json>> {
  const { path, sources, attestations } = asked;
  const device = { reference: `#path-${path.length}` };
  return filled({
    resourceType: "Consent",
    extension: [
      ...extension("digest", "Base64Binary", base64(asked.digest)),
      ...extension("answer-by", "Instant", timeText(asked.answerBy)),
      ...extension("found-by", "String", asked.identifier),
      ...extension("note", "String", asked.note),
      encodeReply(asked.reply),
      ...attestations.flatMap((one) => extension("attestation", "Base64Binary", base64(one))),
    ],
    identifier: [{ system: `${SALUS}/request`, value: asked.request }],
    status: "proposed",
    ...FRAME,
    patient: mailbox(asked.to),
    dateTime: timeText(asked.time),
    performer: [device],
    organization: [{ reference: "#path-1" }],
    provision: {
      provision: [
        filled({
          type: "permit",
          period: { end: timeText(asked.expires) },
          actor: [
            { role: RECIPIENT, reference: device },
            ...sources.map((node) => ({
              role: CUSTODIAN,
              reference: { type: "Organization", identifier: { system: NODE_SYSTEM, value: node } },
            })),
          ],
          action: ACTION,
          ...encodeScope(asked),
        }),
      ],
    },
  });
}

function decodeAsked(request: Json, contained: readonly Json[]): AskedAccess {
  const permit = at(request, "provision", "provision", 0);
  const [, ...custodians] = listAt(permit, "actor");
  const parties = (prefix: string): AskedAccess["path"] =>
    contained.filter((one) => textAt(one, "id").startsWith(prefix)).map(decodeParty);
  return {
    request: textAt(request, "identifier", 0, "value"),
    digest: fromBase64(extendedText(request, "digest", "Base64Binary")),
    to: textAt(request, "patient", "identifier", "value"),
    path: parties("path-"),
    devices: parties("device-"),
    attestations: extended(request, "attestation", "Base64Binary").map(fromBase64),
    ...decodeScope(permit),
    sources: custodians.map((actor) => textAt(actor, "reference", "identifier", "value")),
    expires: timeAt(permit, "period", "end"),
    answerBy: Date.parse(extendedText(request, "answer-by", "Instant")),
    identifier: extendedText(request, "found-by", "String"),
    note: extendedText(request, "note", "String"),
    reply: decodeReply(request),
    time: timeAt(request, "dateTime"),
  };
}

function encodeParties({ path, devices }: AskedAccess): readonly Json[] {
  return [
    ...path.map((party, place) =>
      encodeParty(party, `path-${place + 1}`, place === 0 ? undefined : `path-${place}`),
    ),
    ...devices.map((party, place) => encodeParty(party, `device-${place + 1}`, undefined)),
  ];
}

function encodeGrant(granted: GrantedAccess): Json {
  const { grant, grantee, source, notBefore, expires, state } = granted;
  const device = { type: "Device", identifier: { system: KEY_SYSTEM, value: grantee } };
  const organisation = source && {
    ...filled({
      extension: extension("node", "String", source.node),
      type: "Organization",
      identifier: { system: `${SALUS}/source`, value: source.handle },
      display: source.name,
    }),
  };
  return filled({
    extension: extension("grant", "String", grant),
    // Whoever reads this without knowing us must not find a permission in what was taken back.
    type: state === "live" ? "permit" : "deny",
    period: { start: timeText(notBefore), end: timeText(expires) },
    actor: [
      { role: RECIPIENT, reference: device },
      ...(organisation === undefined ? [] : [{ role: CUSTODIAN, reference: organisation }]),
    ],
    action: ACTION,
    ...encodeScope(granted),
  });
}

function decodeGrant(provision: Json): GrantedAccess {
  const source = at(provision, "actor", 1, "reference");
  return {
    grant: extendedText(provision, "grant", "String"),
    grantee: textAt(provision, "actor", 0, "reference", "identifier", "value"),
    ...(source !== undefined && {
      source: {
        handle: textAt(source, "identifier", "value"),
        node: extendedText(source, "node", "String"),
        name: textAt(source, "display"),
      },
    }),
    ...decodeScope(provision),
    notBefore: timeAt(provision, "period", "start"),
    expires: timeAt(provision, "period", "end"),
    state: textAt(provision, "type") === "permit" ? "live" : "revoked",
  };
}

interface Scope {
  readonly purpose: string;
  readonly categories: readonly Category[];
  readonly period: Period;
}

/** What a request and a grant say alike. */
function encodeScope({ purpose, categories, period }: Scope): Readonly<Record<string, Json>> {
  const [start, end] = period;
  return {
    purpose: purpose === "" ? [] : [{ system: REASONS, code: purpose }],
    class: categories.map((code) => ({ system: CATEGORY_SYSTEM, code })),
    ...(start !== undefined &&
      end !== undefined && { dataPeriod: { start: timeText(start), end: timeText(end) } }),
  };
}

function decodeScope(provision: Json): Scope {
  return {
    purpose: textAt(provision, "purpose", 0, "code"),
    categories: listAt(provision, "class").map((one) => textAt(one, "code") as Category),
    period:
      at(provision, "dataPeriod") === undefined
        ? []
        : [timeAt(provision, "dataPeriod", "start"), timeAt(provision, "dataPeriod", "end")],
  };
}

function decodeDecision(resource: Json): ConsentDecision {
  const note = extendedText(resource, "note", "String");
  const time = timeAt(resource, "dateTime");
  if (textAt(resource, "status") === "rejected") return { decision: "denied", note, time };
  return {
    decision: "approved",
    note,
    time,
    vault: extendedText(resource, "vault", "String"),
    link: fromBase64(extendedText(resource, "approval", "Base64Binary")),
    grants: listAt(resource, "provision", "provision").map(decodeGrant),
  };
}

function statusOf(decision: ConsentDecision): string {
  if (decision.decision === "denied") return "rejected";
  return decision.grants.some(({ state }) => state === "live") ? "active" : "inactive";
}

/** The patient, as those know her who ask: by her mailbox, and by nothing else. */
function mailbox(id: string): Json {
  return { type: "Patient", identifier: { system: `${SALUS}/mailbox`, value: id } };
}
