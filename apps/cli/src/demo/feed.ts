import { ok, type Result, toHex } from "@salus/base";
import { type Admission, type ChainCache, type Cloud, Patient } from "@salus/client";
import {
  BALANCED,
  type Category,
  deriveIndex,
  humanName,
  type PatientHistory,
  type Population,
  type SourcedRecord,
} from "@salus/health";
import { openSource } from "../homes/clients.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import type { Failure } from "../words.ts";
import type { Hospital } from "./hospitals.ts";

/** What a demo works with. */
export interface FeedContext {
  readonly homes: Homes;
  readonly cloud: Cloud;
  readonly chains: ChainCache;
  readonly hospitals: readonly Hospital[];
  /** Ends it between two patients. */
  readonly signal: AbortSignal;
}

/**
 * Give each patient of a population a vault, let her hospitals in, and tell each hospital's process
 * what that hospital has recorded of her, and nothing of the others.
 *
 * Gives:   how many records were told or kept.
 */
export async function feed(
  context: FeedContext,
  patients: Population["patients"],
  onProgress: (told: number) => void,
): Promise<Result<number, Failure>> {
  let told = 0;
  for (const history of patients) {
    if (context.signal.aborted) break;
    const records = [...history.records];
    const fed = await feedOne(context, history, records);
    if (!fed.ok) return fed;
    told += records.length + 1;
    onProgress(told);
  }
  await context.homes.save();
  return ok(told);
}

async function feedOne(
  context: FeedContext,
  { patient: resource }: PatientHistory,
  records: readonly SourcedRecord[],
): Promise<Result<void, Failure>> {
  const { homes, hospitals } = context;
  const { id } = resource;
  const name = humanName(resource.name);
  const references = [`Patient/${id}`];
  const resident = await homes.settle({ role: "patient", id, name, references });
  if (!resident.ok) return resident;
  const patient = await openVault(context, resident.value);
  if (!patient.ok) return patient;
  const treating = hospitals.filter(({ organisation }) =>
    records.some((record) => record.organisation === organisation.id),
  );
  const admitted = await patient.value.admitAll([
    { card: resident.value.identity.card, categories: ["administrative"] },
    ...treating.map((hospital): Admission => {
      const { card, organisation } = hospital;
      return { card, categories: categoriesOf(records, organisation.id) };
    }),
  ]);
  if (!admitted.ok) return admitted;
  for (const { process, organisation } of treating) {
    await process.tell({ vault: toHex(patient.value.vault) });
    for (const record of records) {
      if (record.organisation !== organisation.id) continue;
      const { department, physician } = record;
      await process.tell({ resource: record.resource, path: [department, physician] });
    }
  }
  return keepOwn(context, resident.value, patient.value, resource);
}

async function openVault(
  { homes, cloud, chains }: FeedContext,
  { person, home }: Resident,
): Promise<Result<Patient, Failure>> {
  const options = { cloud, store: home.store, chains };
  if (person.vault !== undefined) return Patient.open(options);
  const patient = await Patient.create(options);
  if (patient.ok) homes.put({ ...person, vault: toHex(patient.value.vault) });
  return patient;
}

function categoriesOf(
  records: readonly SourcedRecord[],
  organisation: string,
): readonly Category[] {
  const categories = new Set<Category>();
  for (const record of records) {
    if (record.organisation !== organisation) continue;
    const index = deriveIndex(record.resource, { path: [organisation], policy: BALANCED });
    if (index.ok) categories.add(index.value.category);
  }
  return [...categories];
}

/** What she says of herself is hers: no hospital's process is told. */
async function keepOwn(
  { cloud, chains }: FeedContext,
  resident: Resident,
  patient: Patient,
  resource: PatientHistory["patient"],
): Promise<Result<void, Failure>> {
  const source = await openSource(resident, { cloud, chains });
  const vault = source.ok ? await source.value.open(patient.vault) : source;
  if (!vault.ok) return vault;
  const report = await vault.value.upload([{ resource, assigned: "patient" }]);
  return report.ok ? ok(undefined) : report;
}
