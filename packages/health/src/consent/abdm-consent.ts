import { assert, fail, ok, type Result } from "@salus/base";
import type { Category } from "../policy/category.ts";
import { abdmPurpose, hiTypesOf, reasonOf } from "./abdm-terms.ts";
import {
  type AskedAccess,
  type ConsentDecision,
  type ConsentFault,
  type ConsentRecord,
  type GrantedAccess,
  isConsent,
  type Party,
  type Period,
} from "./consent.ts";
import { base64, extended, extendedText, extension, fromBase64, SALUS } from "./extension.ts";
import { at, differenceOf, filled, type Json, listAt, textAt, timeAt, timeText } from "./json.ts";
import { decodeReply, encodeReply, identifierOf, tokenOf } from "./party.ts";

/** A consent as ABDM's consent manager has it: what was asked, and an artefact for each source. */
export interface AbdmConsent {
  readonly consentRequest: Json;
  readonly consentArtefacts: readonly Json[];
}

/** Where a request without a period begins: ABDM knows no "at any time". */
const BEGINNING = "0001-01-01T00:00:00.000Z";
/** As often as she likes, until it ends: the cloud counts nothing. */
const FREQUENCY = { unit: "HOUR", value: 1, repeats: 0 };
const MANAGER = { id: "salus" };

/**
 * A request as ABDM's consent request and, when it was approved, one consent artefact for each
 * source, and one more for what is granted at the root. The table stands in `index.ts`.
 *
 * Leaks:   all of it, in the clear.
 */
export function encodeAbdmConsent({ asked, decision }: ConsentRecord): AbdmConsent {
  const groups = decision?.decision === "approved" ? groupsOf(decision.grants) : [];
  return {
    consentRequest: encodeRequest(asked, decision),
    consentArtefacts: groups.map((group) => encodeArtefact(asked, decision, group)),
  };
}

/**
 * Read what `encodeAbdmConsent` has written.
 *
 * Fails:   `not-a-consent`, `not-mapped`.
 */
export function decodeAbdmConsent(consent: Json): Result<ConsentRecord, ConsentFault> {
  const request = at(consent, "consentRequest");
  const artefacts = listAt(consent, "consentArtefacts");
  const asked = decodeRequest(request);
  const decision = decodeDecision(request, artefacts);
  const record = decision === undefined ? { asked } : { asked, decision };
  if (!isConsent(record)) return fail({ kind: "not-a-consent" });
  const path = differenceOf(consent, encodeAbdmConsent(record));
  return path === undefined ? ok(record) : fail({ kind: "not-mapped", path });
}

function encodeRequest(asked: AskedAccess, decision: ConsentDecision | undefined): Json {
  const { path, devices, attestations, sources } = asked;
  return {
    requestId: uuidOf(asked.request),
    timestamp: timeText(asked.time),
    status: statusOf(decision),
    consent: {
      ...encodeParties(asked),
      ...(sources.length === 1 && { hip: { id: sources[0] } }),
      hiTypes: hiTypesOf(asked.categories),
      permission: permissionOf(asked),
    },
    extension: [
      ...extension("digest", "Base64Binary", base64(asked.digest)),
      ...path.map((party) => encodeParty("path", party)),
      ...devices.map((party) => encodeParty("device", party)),
      ...attestations.flatMap((one) => extension("attestation", "Base64Binary", base64(one))),
      ...sources.flatMap((node) => [{ url: `${SALUS}/source`, valueString: node }]),
      ...scopeExtensions(asked),
      ...extension("answer-by", "Instant", timeText(asked.answerBy)),
      ...extension("found-by", "String", asked.identifier),
      ...extension("note", "String", asked.note),
      encodeReply(asked.reply),
      ...(decision === undefined ? [] : decisionExtensions(decision)),
    ],
  };
}

function decodeRequest(request: Json): AskedAccess {
  const parties = (name: string): AskedAccess["path"] =>
    listAt(request, "extension")
      .filter((one) => textAt(one, "url") === `${SALUS}/${name}`)
      .map(decodeParty);
  const bytes = (name: string): readonly string[] =>
    extended(request, name, "Base64Binary").map(fromBase64);
  const consent = at(request, "consent");
  return {
    request: textAt(request, "requestId").replaceAll("-", ""),
    digest: bytes("digest")[0] ?? "",
    to: textAt(consent, "patient", "id"),
    path: parties("path"),
    devices: parties("device"),
    attestations: bytes("attestation"),
    purpose: purposeIn(consent),
    sources: extended(request, "source", "String").map((node) =>
      typeof node === "string" ? node : "",
    ),
    categories: categoriesIn(request),
    period: periodIn(request, consent),
    expires: timeAt(consent, "permission", "dataEraseAt"),
    answerBy: Date.parse(extendedText(request, "answer-by", "Instant")),
    identifier: extendedText(request, "found-by", "String"),
    note: extendedText(request, "note", "String"),
    reply: decodeReply(request),
    time: timeAt(request, "timestamp"),
  };
}

function decisionExtensions(decision: ConsentDecision): readonly Json[] {
  return [
    ...extension("decided", "Instant", timeText(decision.time)),
    ...extension("decision-note", "String", decision.note),
    ...(decision.decision === "denied"
      ? []
      : [
          ...extension("vault", "String", decision.vault),
          ...extension("approval", "Base64Binary", base64(decision.link)),
        ]),
  ];
}

function decodeDecision(request: Json, artefacts: readonly Json[]): ConsentDecision | undefined {
  const status = textAt(request, "status");
  if (status === "REQUESTED") return undefined;
  const note = extendedText(request, "decision-note", "String");
  const time = Date.parse(extendedText(request, "decided", "Instant"));
  if (status === "DENIED") return { decision: "denied", note, time };
  const placed = artefacts.flatMap(decodeArtefact);
  return {
    decision: "approved",
    note,
    time,
    vault: extendedText(request, "vault", "String"),
    link: fromBase64(extendedText(request, "approval", "Base64Binary")),
    grants: placed.sort((a, b) => a.place - b.place).map(({ granted }) => granted),
  };
}

/** A grant, and which one of all it is: artefacts sort them by source. */
interface Placed {
  readonly place: number;
  readonly granted: GrantedAccess;
}

function groupsOf(grants: readonly GrantedAccess[]): readonly (readonly Placed[])[] {
  const groups = new Map<string, Placed[]>();
  for (const [place, granted] of grants.entries()) {
    // What one artefact says of all its grants must be true of each.
    const { source, categories, purpose, period, expires, state } = granted;
    const key = JSON.stringify([source, categories, purpose, period, expires, state]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ place, granted }]);
    else group.push({ place, granted });
  }
  return [...groups.values()];
}

function encodeArtefact(
  asked: AskedAccess,
  decision: ConsentDecision | undefined,
  group: readonly Placed[],
): Json {
  const [first] = group;
  assert(first !== undefined && decision?.decision === "approved", "an artefact grants something");
  const { granted } = first;
  const { source, state, grant, expires } = granted;
  return {
    status: state === "live" ? "GRANTED" : "REVOKED",
    consentDetail: {
      schemaVersion: "v0.5",
      consentId: uuidOf(grant),
      createdAt: timeText(decision.time),
      ...encodeParties({ ...asked, purpose: granted.purpose }),
      ...(source && { hip: filled({ id: source.handle, name: source.name }) }),
      consentManager: MANAGER,
      hiTypes: hiTypesOf(granted.categories),
      permission: permissionOf(granted),
    },
    signature: `${SALUS}/approval#${decision.link}`,
    extension: [
      ...extension("node", "String", source?.node),
      ...scopeExtensions({ ...granted, expires }),
      ...group.map(encodeGrant),
    ],
  };
}

function decodeArtefact(artefact: Json): readonly Placed[] {
  const detail = at(artefact, "consentDetail");
  const hip = at(detail, "hip");
  const shared = {
    ...(hip !== undefined && {
      source: {
        handle: textAt(hip, "id"),
        node: extendedText(artefact, "node", "String"),
        name: textAt(hip, "name"),
      },
    }),
    categories: categoriesIn(artefact),
    purpose: purposeIn(detail),
    expires: timeAt(detail, "permission", "dataEraseAt"),
    period: periodIn(artefact, detail),
    state: textAt(artefact, "status") === "GRANTED" ? ("live" as const) : ("revoked" as const),
  };
  return listAt(artefact, "extension")
    .filter((one) => textAt(one, "url") === `${SALUS}/grant`)
    .map((one) => ({
      place: Number(at(extended(one, "place", "Integer"), 0)),
      granted: {
        ...shared,
        grant: extendedText(one, "handle", "String"),
        grantee: extendedText(one, "key", "String"),
        notBefore: Date.parse(extendedText(one, "from", "Instant")),
      },
    }));
}

function encodeGrant({ place, granted }: Placed): Json {
  return {
    url: `${SALUS}/grant`,
    extension: [
      ...extension("place", "Integer", place),
      ...extension("handle", "String", granted.grant),
      ...extension("key", "String", granted.grantee),
      ...extension("from", "Instant", timeText(granted.notBefore)),
    ],
  };
}

/** Who asks, of whom, and what for: the same members in requests and artefacts. */
function encodeParties({ to, path, purpose }: AskedAccess): Readonly<Record<string, Json>> {
  const [organisation] = path;
  const person = path.findLast(({ role }) => role === "physician") ?? path.at(-1);
  assert(organisation !== undefined && person !== undefined, "a request has a path");
  const [registration] = person.identifiers;
  return {
    purpose: abdmPurpose(purpose),
    patient: { id: to },
    hiu: filled({ id: organisation.node, name: organisation.name }),
    requester: filled({
      name: person.name,
      ...(registration !== undefined && {
        identifier: { type: "REGNO", ...(identifierOf(registration) as object) },
      }),
    }),
  };
}

function encodeParty(name: "path" | "device", party: Party): Json {
  const { role, node, identifiers, key, certificate } = party;
  return {
    url: `${SALUS}/${name}`,
    extension: [
      ...extension("role", "Code", role),
      ...extension("node", "String", node),
      ...extension("name", "String", party.name),
      ...identifiers.flatMap((token) => extension("identifier", "Identifier", identifierOf(token))),
      ...extension("key", "String", key),
      ...extension("certificate", "Base64Binary", base64(certificate)),
    ],
  };
}

function decodeParty(value: Json): Party {
  return {
    role: extendedText(value, "role", "Code") as Party["role"],
    node: extendedText(value, "node", "String"),
    name: extendedText(value, "name", "String"),
    identifiers: extended(value, "identifier", "Identifier").map(tokenOf),
    key: extendedText(value, "key", "String"),
    certificate: fromBase64(extendedText(value, "certificate", "Base64Binary")),
  };
}

interface Permitted {
  readonly categories: readonly Category[];
  readonly period: Period;
  readonly expires: number;
}

function permissionOf({ period, expires }: Permitted): Json {
  const [start, end] = period;
  return {
    accessMode: "VIEW",
    dateRange: {
      from: start === undefined ? BEGINNING : timeText(start),
      to: timeText(end ?? expires),
    },
    dataEraseAt: timeText(expires),
    frequency: FREQUENCY,
  };
}

/** What a date range and types of documents do not say exactly. */
function scopeExtensions({ categories, period }: Permitted): readonly Json[] {
  return [
    ...categories.flatMap((category) => extension("category", "Code", category)),
    ...extension("any-time", "Boolean", period.length === 0),
  ];
}

function categoriesIn(value: Json): readonly Category[] {
  return extended(value, "category", "Code") as readonly Category[];
}

function periodIn(value: Json, consent: Json): Period {
  if (extended(value, "any-time", "Boolean")[0] === true) return [];
  const range = at(consent, "permission", "dateRange");
  return [timeAt(range, "from"), timeAt(range, "to")];
}

function purposeIn(consent: Json): string {
  return reasonOf(textAt(consent, "purpose", "code"), textAt(consent, "purpose", "refUri"));
}

function statusOf(decision: ConsentDecision | undefined): string {
  if (decision === undefined) return "REQUESTED";
  if (decision.decision === "denied") return "DENIED";
  return decision.grants.some(({ state }) => state === "live") ? "GRANTED" : "REVOKED";
}

/** Our 16 random bytes in the way in which UUIDs are written; their version bits are not set. */
function uuidOf(handle: string): string {
  return handle.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
