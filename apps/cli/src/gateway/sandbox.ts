import { fail, ok, type Result } from "@salus/base";
import { ChainCache, type Cloud } from "@salus/client";
import { openSandbox } from "@salus/gateway";
import { openRegistry } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import { publishProviders } from "../importing/registry.ts";
import type { Failure } from "../words.ts";
import type { Party } from "./party.ts";

const PROVIDER = { id: "sandbox-hospital", name: "Sandbox Hospital" };
const PRACTITIONER = { id: "sandbox-practitioner", name: "Dr Sam Sandbox" };

/**
 * A world for trying out: a hospital that writes, a practitioner who reads, and a home for each patient whom
 * somebody creates. Who was there before is there again.
 *
 * Fails:   any `HomeError`, any `ClientError`.
 */
export async function openSandboxParty(
  homes: Homes,
  cloud: Cloud,
): Promise<Result<Party, Failure>> {
  const hospital = await homes.settle({ role: "organisation", ...PROVIDER });
  if (!hospital.ok) return hospital;
  const parent = PROVIDER.id;
  const reader = await homes.settle({ role: "practitioner", ...PRACTITIONER, parent });
  if (!reader.ok) return reader;
  await homes.save();
  const published = await publishProviders(homes, cloud);
  if (!published.ok) return published;
  const registry = await openRegistry(homes, cloud);
  if (!registry.ok) return registry;
  const world = await openSandbox({
    cloud,
    chains: new ChainCache(),
    registry: registry.value,
    provider: { store: hospital.value.home.store, node: PROVIDER.id },
    practitioner: { identity: reader.value.identity, store: reader.value.home.store },
    withHome: async (patient, run) => {
      const owner = await homes.settle({ role: "patient", id: patient, name: "" });
      if (!owner.ok) return fail({ kind: "store-damaged", name: `patients/${patient}` });
      const result = await run(owner.value.home.store);
      await homes.saveAtTimes();
      await homes.release(owner.value);
      return result;
    },
  });
  if (!world.ok) return world;
  const about = `reads as ${PRACTITIONER.name}; writes as ${PROVIDER.name}; a new Patient gets a vault`;
  return ok({ world: world.value, about });
}
