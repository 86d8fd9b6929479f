import { utf8 } from "@salus/base";
import type { Hex, Time } from "./consent.ts";
import { extension, SALUS } from "./extension.ts";
import { filled, type Json, timeText } from "./json.ts";
import { KEY_SYSTEM } from "./party.ts";

/** What a grantee says that she did. */
export type TrailAction = "search" | "read" | "verify" | "export" | "write";

/** An entry of a patient's trail: what the cloud wrote down, and what only she can open. Spec: log §2. */
export interface TrailRecord {
  readonly number: number;
  readonly time: Time;
  readonly vault: Hex;
  /** Absent when the cloud does not say. */
  readonly grant?: Hex;
  /** v3-PurposeOfUse of the grant. */
  readonly purpose?: string;
  /** Key of who asked; absent when nobody's signature is there. */
  readonly key?: Hex;
  readonly route?: string;
  /** How many sealed records the cloud handed out, and in how many requests. */
  readonly candidates: number;
  readonly requests: number;
  /** What is wrong with the entry, by kind. */
  readonly findings: readonly string[];
  /** Absent when the entry did not open, which itself is a finding. */
  readonly told?: {
    readonly action: TrailAction;
    readonly query: string;
    readonly name: string;
    readonly node: string;
  };
}

const TERMINOLOGY = "http://terminology.hl7.org/CodeSystem";
const INTERACTION = "http://hl7.org/fhir/restful-interaction";

/** RESTful interaction and AuditEvent.action of what is done; operations are told apart by `trail-action`. */
const INTERACTIONS: Readonly<Record<TrailAction, readonly [code: string, action: string]>> = {
  search: ["search-type", "E"],
  read: ["read", "R"],
  write: ["create", "C"],
  verify: ["operation", "E"],
  export: ["operation", "R"],
};

/**
 * An entry of the trail as a FHIR R4 `AuditEvent`.
 *
 * Leaks:   who asked what, in the clear: for the patient, and for whom she gives it to.
 */
export function encodeAuditEvent(entry: TrailRecord, cloud: string): Json {
  const { number, time, vault, grant, purpose, key, route = "", told } = entry;
  const [code, action] = INTERACTIONS[told?.action ?? actionOf(route)];
  return filled({
    resourceType: "AuditEvent",
    id: `trail-${number}`,
    extension: [
      ...extension("trail-action", "Code", told?.action),
      ...extension("not-readable", "Boolean", told === undefined),
      ...entry.findings.flatMap((finding) => extension("finding", "Code", finding)),
      ...extension("candidates", "Integer", entry.candidates),
      ...extension("requests", "Integer", entry.requests),
    ],
    type: { system: `${TERMINOLOGY}/audit-event-type`, code: "rest" },
    subtype: [{ system: INTERACTION, code }],
    action,
    recorded: timeText(time),
    outcome: "0",
    purposeOfEvent:
      purpose === undefined
        ? []
        : [{ coding: [{ system: `${TERMINOLOGY}/v3-ActReason`, code: purpose }] }],
    agent: [
      filled({
        who: filled({
          identifier: key === undefined ? undefined : { system: KEY_SYSTEM, value: key },
          display: told?.name || (key === undefined ? "unknown" : ""),
        }),
        altId: told?.node,
        requestor: true,
        policy: grant === undefined ? [] : [`${SALUS}/grant/${grant}`],
      }),
    ],
    source: { observer: { display: cloud } },
    entity: [
      {
        what: { type: "Patient", identifier: { system: `${SALUS}/vault`, value: vault } },
        role: { system: `${TERMINOLOGY}/object-role`, code: "1" },
      },
      // Either a name or a query, says FHIR: the route is a detail.
      filled({
        role: { system: `${TERMINOLOGY}/object-role`, code: "24" },
        query: base64Text(told?.query ?? ""),
        detail: route === "" ? [] : [{ type: "route", valueString: route }],
      }),
    ],
  });
}

/** What a route is for, when nothing better is known. */
function actionOf(route: string): TrailAction {
  return /(?:^|\/)query$/.test(route) ? "search" : "read";
}

function base64Text(text: string): string {
  let binary = "";
  for (const byte of utf8(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
