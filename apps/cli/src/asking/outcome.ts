import { toHex } from "@salus/base";
import { type Cost, type Finding, type SourceAnswer, shownText } from "@salus/client";
import type { Homes } from "../homes/homes.ts";
import { counted, number } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import type { Asking } from "./ask.ts";

/** What the answers of all askers cover, together. */
export interface Outcome {
  readonly matches: number;
  /** Matches in all, where they were counted. */
  readonly total: number | undefined;
  readonly sources: readonly SourceAnswer[];
  readonly failures: readonly { readonly patient: string; readonly error: Failure }[];
  readonly findings: readonly Finding[];
  readonly cost: Cost;
}

/** Add the answers up, once they have been read. */
export function outcomeOf(
  homes: Homes,
  { answers, failures }: Pick<Asking, "answers" | "failures">,
  { matches, total, milliseconds }: Pick<Outcome, "matches" | "total"> & { milliseconds: number },
): Outcome {
  const reports = answers.map((answer) => answer.report());
  const sum = (of: (cost: Cost) => number): number =>
    reports.reduce((all, report) => all + of(report.cost), 0);
  return {
    matches,
    total,
    sources: reports.flatMap((report) => report.sources),
    failures: [
      ...failures.map((error) => ({ patient: "somebody", error })),
      ...reports
        .flatMap((report) => report.failures)
        .map(({ vault, error }) => ({
          patient: patientName(homes, vault),
          error: asReader(error),
        })),
    ],
    findings: reports.flatMap((report) => report.findings),
    cost: {
      requests: sum((cost) => cost.requests),
      candidates: sum((cost) => cost.candidates),
      matches: sum((cost) => cost.matches),
      bytesSent: sum((cost) => cost.bytesSent),
      bytesReceived: sum((cost) => cost.bytesReceived),
      // Askers are answered side by side: their times do not add up.
      milliseconds: Math.round(milliseconds),
    },
  };
}

/** Who asks about a vault of somebody else's has no grant there, rather than no vault of her own. */
export function asReader(error: Failure): Failure {
  return error.kind === "no-vault" ? { kind: "nothing-to-read" } : error;
}

/** Whether every source gave what it has. */
export function isComplete({ sources, failures, findings }: Outcome): boolean {
  const answered = sources.every(({ status }) => status === "answered");
  const sound = failures.length === 0 && findings.length === 0;
  return answered && sound && sources.length > 0;
}

/** Whether there was no vault at all that these keys may read. */
export function asksNobody({ sources, failures, findings }: Outcome): boolean {
  return sources.length + failures.length + findings.length === 0;
}

/** The last line for machines. */
export function outcomeJson(homes: Homes, outcome: Outcome): object {
  const { matches, total, sources, failures, findings, cost } = outcome;
  return {
    complete: isComplete(outcome),
    matches,
    total: total ?? null,
    sources: sources.map(({ vault, source, name, status }) => ({
      patient: patientName(homes, vault),
      source: toHex(source),
      name: name ?? null,
      status,
    })),
    failures: failures.map(({ patient, error }) => ({ patient, kind: error.kind })),
    findings: findings.map((finding) => findingJson(homes, finding)),
    cost,
  };
}

/** The last lines for people. */
export function sayOutcome(session: Session, homes: Homes, outcome: Outcome): void {
  const { matches, total, sources, failures, findings, cost } = outcome;
  const answered = sources.filter(({ status }) => status === "answered").length;
  const of = total === undefined || total === matches ? "" : ` of ${number(total)}`;
  session.note(
    `${of === "" ? counted(matches, "record") : `${number(matches)}${of} records`}; ` +
      `${number(answered)} of ${counted(sources.length, "source")} answered, ` +
      `${counted(cost.requests, "request")}, ${counted(cost.candidates, "candidate")} opened, ` +
      `${number(cost.milliseconds)} ms.`,
  );
  for (const { vault, source, name, status } of sources) {
    if (status === "answered") continue;
    const who = `${name === undefined ? toHex(source) : shownText(name, 128)} for ${patientName(homes, vault)}`;
    session.note(`INCOMPLETE: ${who}: ${STATUS_WORDS[status]}`);
  }
  for (const { patient, error } of failures) {
    session.note(`INCOMPLETE: the vault of ${patient}:`);
    session.fail(error);
  }
  for (const finding of findings) session.note(`WARNING: ${findingText(homes, finding)}`);
}

const STATUS_WORDS: Readonly<Record<SourceAnswer["status"], string>> = {
  answered: "answered",
  stale: "stale: it has newer records that these keys do not find; ask for a new grant",
  failed: "failed: the cloud could not search it within its limits",
  hidden: "hidden: the patient has ended it",
};

/** What a finding says, for people. */
export function findingText(homes: Homes, finding: Finding): string {
  const { kind, vault, source, batch, record, attribute } = finding;
  const parts = [
    `${kind} in the vault of ${patientName(homes, vault)}`,
    source === undefined ? "" : `source ${toHex(source)}`,
    batch === undefined ? "" : `batch ${toHex(batch)}`,
    record === undefined ? "" : `record ${toHex(record)}`,
    attribute === undefined ? "" : `index of ${attribute}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

export function findingJson(homes: Homes, finding: Finding): object {
  const { kind, vault, source, batch, record, attribute } = finding;
  return {
    kind,
    patient: patientName(homes, vault),
    ...(source && { source: toHex(source) }),
    ...(batch && { batch: toHex(batch) }),
    ...(record && { record: toHex(record) }),
    ...(attribute !== undefined && { attribute }),
  };
}

/** The id of the patient whose vault it is, where this folder knows it; else the vault's handle. */
export function patientName(homes: Homes, vault: Uint8Array): string {
  const handle = toHex(vault);
  return homes.byVault(handle)?.id ?? handle;
}
