import { population, type Resource } from "@salus/health";

/** Records of an invented population, as if they were all of one patient. */
export function recordsOf(count: number): readonly Resource[] {
  const found: Resource[] = [];
  const { patients } = population({ patients: Math.ceil(count / 60), hospitals: 1, seed: 11 });
  for (const { patient, records } of patients) {
    for (const { resource } of records) {
      if (resource.resourceType === "Patient" && found.length > 0) continue;
      const text = JSON.stringify(resource).replaceAll(`Patient/${patient.id}`, "Patient/one");
      found.push(JSON.parse(text));
      if (found.length === count) return found;
    }
  }
  throw new Error("bug: the population is too small");
}
