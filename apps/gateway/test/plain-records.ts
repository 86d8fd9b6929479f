import { must, pressure } from "@salus/testkit";
import type { Change, Stored, World } from "../src/world.ts";

export type Resource = Stored["resource"];

export function patient(id: string, family: string): Resource {
  return {
    resourceType: "Patient",
    id,
    name: [{ family }],
    identifier: [{ system: "http://hospital.example/mrn", value: `mrn-${id}` }],
  };
}

/** A systolic blood pressure. */
export function observation(id: string, value: number): Resource {
  return pressure(id, value, "2024-01-02");
}

export function ofPatient(id: string, resource: Resource): Resource {
  return { ...resource, subject: { reference: `Patient/${id}` } };
}

export function put(resource: Resource, expects?: string): Change {
  return { kind: "put", resource, ...(expects !== undefined && { expects }) };
}

export function remove(type: string, id: string): Change {
  return { kind: "delete", type, id };
}

/** The names of what a search finds, sorted. */
export async function find(world: World, query: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const match of must(await world.find(query, { candidatesMax: 10_000 }))) {
    const { resourceType, id } = must(match).resource;
    names.push(`${resourceType}/${id}`);
  }
  return names.sort();
}
