import type { Party, ReplyMailbox } from "./consent.ts";
import { base64, extendedText, extension, fromBase64, SALUS } from "./extension.ts";
import { at, filled, type Json, listAt, textAt } from "./json.ts";

const ORGANISATION_TYPE = "http://terminology.hl7.org/CodeSystem/organization-type";

/** A key, where a provider's own registration has none. */
export const KEY_SYSTEM: string = `${SALUS}/key`;
/** A provider id: the node in certificates and paths. */
export const NODE_SYSTEM: string = `${SALUS}/node`;

/** `system|value` as FHIR's `Identifier`; a text without a system keeps none. */
export function identifierOf(token: string): Json {
  const bar = token.indexOf("|");
  return bar === -1
    ? { value: token }
    : { system: token.slice(0, bar), value: token.slice(bar + 1) };
}

/** The reverse of `identifierOf`. */
export function tokenOf(identifier: Json): string {
  const value = textAt(identifier, "value");
  const system = at(identifier, "system");
  return typeof system === "string" ? `${system}|${value}` : value;
}

/**
 * A party as a resource to be contained: `Organization` for organisations and departments,
 * `Practitioner`, `Device`. Its first two identifiers are node and key, the rest her own.
 */
export function encodeParty(party: Party, id: string, above: string | undefined): Json {
  const { role, node, name, identifiers, key, certificate } = party;
  const isOrganisation = role === "organisation" || role === "department";
  const code = role === "organisation" ? "prov" : "dept";
  return filled({
    resourceType: isOrganisation ? "Organization" : role === "device" ? "Device" : "Practitioner",
    id,
    extension: extension("certificate", "Base64Binary", base64(certificate)),
    identifier: [
      { system: NODE_SYSTEM, value: node },
      { system: KEY_SYSTEM, value: key },
      ...identifiers.map(identifierOf),
    ],
    ...(isOrganisation && {
      type: [{ coding: [{ system: ORGANISATION_TYPE, code }] }],
      name,
      ...(above !== undefined && { partOf: { reference: `#${above}` } }),
    }),
    ...(role === "physician" && name !== "" && { name: [{ text: name }] }),
    ...(role === "device" && name !== "" && { deviceName: [{ name, type: "user-friendly-name" }] }),
  });
}

/** The reverse of `encodeParty`. */
export function decodeParty(resource: Json): Party {
  const role = roleOf(resource);
  const [node, key, ...identifiers] = listAt(resource, "identifier");
  const names = {
    organisation: () => textAt(resource, "name"),
    department: () => textAt(resource, "name"),
    physician: () => textAt(resource, "name", 0, "text"),
    device: () => textAt(resource, "deviceName", 0, "name"),
  };
  return {
    role,
    node: textAt(node, "value"),
    name: names[role](),
    identifiers: identifiers.map(tokenOf),
    key: textAt(key, "value"),
    certificate: fromBase64(extendedText(resource, "certificate", "Base64Binary")),
  };
}

function roleOf(resource: Json): Party["role"] {
  const type = textAt(resource, "resourceType");
  if (type === "Practitioner") return "physician";
  if (type === "Device") return "device";
  const code = textAt(resource, "type", 0, "coding", 0, "code");
  return code === "prov" ? "organisation" : "department";
}

/** Where an answer goes, as an extension of both formats. */
export function encodeReply({ id, sign, kem }: ReplyMailbox): Json {
  return {
    url: `${SALUS}/reply-to`,
    extension: [
      ...extension("mailbox", "String", id),
      ...extension("key", "String", sign),
      ...extension("kem", "Base64Binary", base64(kem)),
    ],
  };
}

/** The reverse of `encodeReply`, of the request that has it. */
export function decodeReply(request: Json): ReplyMailbox {
  const found = listAt(request, "extension").find(
    (one) => textAt(one, "url") === `${SALUS}/reply-to`,
  );
  return {
    id: extendedText(found, "mailbox", "String"),
    sign: extendedText(found, "key", "String"),
    kem: fromBase64(extendedText(found, "kem", "Base64Binary")),
  };
}
