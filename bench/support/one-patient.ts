import { population, type Resource } from "@salus/health";

/** Records of an invented population, as if they were all of one patient, `Patient/one`, who is the first. */
export function recordsOf(count: number): readonly Resource[] {
  const { patients } = population({ patients: Math.ceil(count / 60), hospitals: 1, seed: 11 });
  const found: Resource[] = [];
  for (const { patient, records } of patients) {
    if (found.length === 0) found.push({ ...patient, id: "one" });
    for (const { resource } of records) {
      if (found.length === count) return found;
      const text = JSON.stringify(resource).replaceAll(`Patient/${patient.id}`, "Patient/one");
      found.push(JSON.parse(text));
    }
  }
  throw new Error("bug: the population is too small");
}
