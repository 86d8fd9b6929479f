import { toHex } from "@salus/base";
import type { TrailRecord } from "@salus/health";
import type { Registry } from "../registry/registry.ts";
import type { TrailItem } from "../trail/read-trail.ts";
import type { Patient } from "./patient.ts";

/**
 * An entry of a patient's trail as a FHIR AuditEvent is made of it: whose key it was by the registry,
 * and by her own word only where that knows nobody.
 */
export function trailRecord(
  item: TrailItem,
  patient: Pick<Patient, "grants" | "vault">,
  registry: Pick<Registry, "byKey">,
): TrailRecord {
  const { number, time, grantee, grant, route, requests, candidates, said, findings } = item;
  const handle = grant && toHex(grant);
  const given = patient
    .grants()
    .find((one) => toHex(one.grant) === handle || toHex(one.request) === handle);
  const provider = grantee && registry.byKey(grantee);
  const told = said && {
    action: said.action,
    query: said.query,
    name: provider?.name ?? said.name,
    node: provider?.node ?? said.node,
  };
  return {
    ...{ number, time, candidates, requests, findings },
    vault: toHex(patient.vault),
    ...(handle !== undefined && { grant: handle }),
    ...(given !== undefined && { purpose: given.purpose }),
    ...(grantee !== undefined && { key: toHex(grantee) }),
    ...(route !== undefined && { route }),
    ...(told !== undefined && { told }),
  };
}
