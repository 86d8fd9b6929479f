import { fail, ok, type Result, toHex } from "@salus/base";
import type { ClientError, Match, Reader, Report } from "@salus/client";
import type { VaultHandle } from "@salus/protocol";
import type { Stored } from "../world.ts";
import { exposed } from "./exposed.ts";
import { type NameBook, placeText } from "./name-book.ts";
import type { PatientBook } from "./patient-book.ts";
import type { VaultList } from "./vault-list.ts";

/** What somebody reads with, and what is learnt while she does. */
export interface Reading {
  readonly reader: Reader;
  readonly vaults: VaultList;
  readonly patients: PatientBook;
  readonly names: NameBook;
}

/** Note where a record stands, and whose vault that is. Gives: whether it is the newest of its name. */
export function learn({ patients, names }: Reading, match: Match): boolean {
  const { resource, vault, record, sealedAt } = match;
  if (resource.resourceType === "Patient") patients.learn(resource, vault);
  const { source, path } = match.origin;
  const place = { vault, source, at: sealedAt, record, path };
  return names.learn(nameOf(resource), place);
}

export function nameOf({ resourceType, id }: Match["resource"]): string {
  return `${resourceType}/${id ?? ""}`;
}

export function storedOf(match: Match): Stored {
  const place = placeText({ vault: match.vault, source: match.origin.source });
  return { resource: exposed(match), place };
}

/** All that stands under a name in some vaults, the newest first. Fails: where a vault did not answer. */
export async function lookUp(
  reading: Reading,
  type: string,
  ids: readonly string[],
  vaults: readonly VaultHandle[],
): Promise<Result<readonly Match[], ClientError>> {
  if (vaults.length === 0 || ids.length === 0) return ok([]);
  const asked = await reading.reader.search(`${type}?_id=${ids.join(",")}`, { vaults });
  if (!asked.ok) return asked.error.kind === "bad-query" ? ok([]) : fail(asked.error);
  const found: Match[] = [];
  for await (const match of asked.value) {
    learn(reading, match);
    found.push(match);
  }
  const failure = failureOf(asked.value.report());
  if (failure !== undefined) return fail(failure);
  return ok(found.sort((a, b) => b.sealedAt - a.sealedAt));
}

/** What keeps an answer from being whole; what may not be read any more is no part of it. */
function failureOf({ failures }: Report): ClientError | undefined {
  return failures.find(({ error }) => !isOver(error))?.error;
}

/** Whether a right has ended since the vaults were listed. */
export function isOver(error: ClientError): boolean {
  if (error.kind === "refused") return error.status === 403 || error.status === 404;
  return error.kind === "unknown-grant" || error.kind === "no-vault" || error.kind === "not-live";
}

/** What is missing of an answer, in words for whoever asked. */
export function missingOf(report: Report, patients: PatientBook): readonly string[] {
  const whose = (vault: VaultHandle): string =>
    patients.patientOf(vault) ?? `vault ${toHex(vault).slice(0, 8)}`;
  const vaults = report.failures
    .filter(({ error }) => !isOver(error))
    .map(({ vault, error }) => `${whose(vault)}: no answer (${error.kind}).`);
  const sources = report.sources
    .filter(({ status }) => status !== "answered")
    .map(({ vault, source, name, status }) => {
      const who = name ?? `source ${toHex(source).slice(0, 8)}`;
      return `${whose(vault)}: ${who} is not answered for in full (${status}).`;
    });
  const findings = report.findings.map(
    ({ vault, kind }) => `${whose(vault)}: a record was left out, or is not as it says (${kind}).`,
  );
  return [...vaults, ...sources, ...findings];
}
