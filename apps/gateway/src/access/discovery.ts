import { ALGORITHMS } from "./client.ts";

const EXTENSIONS = "http://fhir-registry.smarthealthit.org/StructureDefinition";
const SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service";

/** The address of the token endpoint, which an assertion is made for. */
export const tokenUrl = (base: string): string => `${base}/token`;

/**
 * What `/.well-known/smart-configuration` says: authentication of programs, and nothing for people, who log in
 * nowhere here.
 *
 * Source:  SMART App Launch 2.2, "Backend Services: discovery".
 */
export function smartConfiguration(base: string): Readonly<Record<string, unknown>> {
  return {
    token_endpoint: tokenUrl(base),
    grant_types_supported: ["client_credentials"],
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: [...ALGORITHMS],
    scopes_supported: ["system/*.cruds", "system/*.rs", "system/*.read", "system/*.write"],
    capabilities: ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
  };
}

/** What `CapabilityStatement.rest.security` says. */
export function securityOf(
  base: string,
  { smart, crossOrigin }: { readonly smart: boolean; readonly crossOrigin: boolean },
): Readonly<Record<string, unknown>> {
  if (!smart) {
    const description =
      "A token that whoever started the gateway knows, or none on its own machine.";
    return { cors: crossOrigin, description };
  }
  return {
    extension: [
      {
        url: `${EXTENSIONS}/oauth-uris`,
        extension: [{ url: "token", valueUri: tokenUrl(base) }],
      },
    ],
    cors: crossOrigin,
    service: [
      {
        coding: [{ system: SERVICES, code: "SMART-on-FHIR", display: "SMART-on-FHIR" }],
        text: "SMART Backend Services: client_credentials with private_key_jwt",
      },
    ],
  };
}
