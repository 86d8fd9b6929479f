import { toHex } from "@salus/base";
import type { Match, Resource } from "@salus/client";

// What a patient says beside a record: docs/decisions/0087.

/** The system of what Salus itself says in FHIR resources. */
export const ANNOTATION = "urn:salus:record";
const CODE = "remark";

/** All remarks, the newest first. */
export const ANNOTATIONS: string = `Communication?category=${ANNOTATION}|${CODE}&_sort=-sent`;

/** A remark on a record. Takes: `id`, a fresh one; `self`, the reference that stands for her. */
export function annotationOn(
  match: Match,
  text: string,
  { id, self, now }: { readonly id: string; readonly self: string; readonly now: string },
): Resource {
  const { resource } = match;
  const { code, meta, type, vaccineCode, medicationCodeableConcept } = resource;
  const about = code ?? vaccineCode ?? medicationCodeableConcept ?? type;
  const security = (meta as { readonly security?: unknown } | undefined)?.security;
  return {
    resourceType: "Communication",
    id,
    // A remark on something sensitive is sensitive too: by its labels, and by what it is about.
    ...(security !== undefined && { meta: { security } }),
    status: "completed",
    category: [{ coding: [{ system: ANNOTATION, code: CODE, display: "Remark" }] }],
    subject: { reference: self },
    sender: { reference: self },
    sent: now,
    about: [
      {
        ...(resource.id !== undefined && { reference: `${resource.resourceType}/${resource.id}` }),
        identifier: { system: ANNOTATION, value: toHex(match.record) },
      },
    ],
    ...(about !== undefined && { reasonCode: Array.isArray(about) ? about : [about] }),
    payload: [{ contentString: text }],
  };
}
