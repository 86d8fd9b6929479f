import type { Resource } from "@salus/client";
import { compartmentParameters, type Referenced, referencesOf } from "@salus/health";

type Pointed = (resource: unknown) => readonly Referenced[];

const POINTED = new Map<string, readonly Pointed[]>();

/** Judges whether a resource is in the compartment of a patient: she herself, or what names her. */
export function compartmentTest(patient: string): (resource: Resource) => boolean {
  return (resource) => {
    const { resourceType: type, id } = resource;
    if (type === "Patient" && id === patient) return true;
    return pointedOf(type).some((pointed) =>
      pointed(resource).some(
        (to) => to.id === patient && (to.type === "" || to.type === "Patient"),
      ),
    );
  };
}

function pointedOf(type: string): readonly Pointed[] {
  const known = POINTED.get(type);
  if (known !== undefined) return known;
  const made = compartmentParameters(type).map((name) => referencesOf(type, name));
  POINTED.set(type, made);
  return made;
}
