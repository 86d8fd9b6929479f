import type { Match } from "@salus/client";
import type { Command } from "commander";
import { Asking } from "../asking/ask.ts";
import { askersAt, type Whom } from "../asking/askers.ts";
import {
  asksNobody,
  isComplete,
  outcomeJson,
  outcomeOf,
  patientName,
  sayOutcome,
} from "../asking/outcome.ts";
import { type Question, questionOf } from "../asking/question.ts";
import { scopeOf } from "../asking/scope.ts";
import { EXIT } from "../exit.ts";
import type { Homes } from "../homes/homes.ts";
import { type CloudOptions, type HomeOptions, withCloud, withHome, withHomes } from "../options.ts";
import { columnsFor, type Row } from "../record-columns.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { tableOf } from "../table.ts";

interface SearchOptions extends HomeOptions, CloudOptions, Whom {
  readonly scope?: string;
}

const MORE = `
The query is a FHIR R4 search. The index is coarse and the answer is exact: what the cloud hands out is
opened here and filtered again. Pages are followed to the end unless _count stops it.

Examples:
  $ salus search 'Observation?combo-code-value-quantity=8480-6$gt140&_sort=-date&_count=20' ...
  $ salus search 'Condition?code:text=diabetes' --patient 17 ...
  $ salus search 'MedicationRequest?date=ge2015-01-01' --as dr-brown --json ...
  $ salus search 'Observation?category=laboratory' --scope 'General Hospital' ...

With --json each match is a line {"source":…,"resource":{…},"patient":…,"path":[…],"assigned":…}, and the
last line says what the answer covers and what it cost: {"complete":…,"sources":[…],"cost":{…}}.`;

/** `search`: one question to the vaults of one or many patients. */
export function searchCommand(program: Command, shell: Shell): void {
  const command = program
    .command("search <query>")
    .summary("ask one question of all sources")
    .description("Ask one question of every source of a patient, or of all patients.")
    .option("--as <who>", "who asks: an id or name from `salus keys`; else the patients themselves")
    .option("--patient <id>", "whose records: an id, a name, or a vault's handle")
    .option("--scope <source>", "only what this organisation, department or physician wrote")
    .option("--json", "one line of JSON for each match, and one for the whole")
    .addHelpText("after", MORE)
    .action(
      shell.action((query: string, options: SearchOptions) =>
        runSearch(shell.session, query, options),
      ),
    );
  withCloud(withHome(command));
}

async function runSearch(session: Session, query: string, options: SearchOptions): Promise<number> {
  const question = questionOf(query);
  if (!question.ok) return session.fail(question.error);
  return withHomes(session, options, (homes) => ask(session, homes, question.value, options));
}

async function ask(
  session: Session,
  homes: Homes,
  question: Question,
  options: SearchOptions,
): Promise<number> {
  const asked = await askersAt(homes, options.cloud, options);
  if (!asked.ok) return session.fail(asked.error);
  const { askers, registry } = asked.value;
  const scope = options.scope === undefined ? undefined : scopeOf(registry, options.scope);
  if (scope?.ok === false) return session.fail(scope.error);
  const began = performance.now();
  const asking = new Asking(askers, question, scope?.value);
  const printer = new Printer(session, homes, question.type, askers.length > 1);
  let total = 0;
  for await (const match of asking.matches()) {
    if (total < (question.most ?? Number.POSITIVE_INFINITY)) printer.take(match);
    total += 1;
    if (!question.counts && total === question.most) break;
  }
  printer.end();
  if (asking.failure !== undefined) return session.fail(asking.failure);
  const whole = question.counts || question.most === undefined || total < question.most;
  const outcome = outcomeOf(homes, asking, {
    matches: printer.count,
    total: whole ? total : undefined,
    milliseconds: performance.now() - began,
  });
  if (session.forMachines) session.json(outcomeJson(homes, outcome));
  sayOutcome(session, homes, outcome);
  if (asksNobody(outcome)) return session.fail({ kind: "nothing-to-read" });
  return isComplete(outcome) ? EXIT.done : EXIT.found;
}

/** A table is aligned so many rows at a time: nobody has to wait for the last one. */
const ROWS_AT_ONCE = 500;

/** Prints matches as they come: a line of JSON each, or rows of tables. */
class Printer {
  count = 0;
  readonly #session: Session;
  readonly #homes: Homes;
  readonly #type: string;
  readonly #several: boolean;
  #rows: Row[] = [];

  constructor(session: Session, homes: Homes, type: string, several: boolean) {
    this.#session = session;
    this.#homes = homes;
    this.#type = type;
    this.#several = several;
  }

  take(match: Match): void {
    this.count += 1;
    const patient = patientName(this.#homes, match.vault);
    const name = this.#homes.byId("patient", patient)?.name || patient;
    if (this.#session.forMachines) this.#session.json(matchJson(match, patient));
    else this.#rows.push({ ...match, patient: name });
    if (this.#rows.length === ROWS_AT_ONCE) this.end();
  }

  end(): void {
    if (this.#rows.length === 0) return;
    const columns = columnsFor(this.#type, this.#several);
    for (const line of tableOf(columns, this.#rows, this.#session.columns)) this.#session.out(line);
    this.#rows = [];
  }
}

/** A match for machines. `source` is the provider id of the organisation. */
export function matchJson(match: Match, patient: string): object {
  const { origin, resource, revision } = match;
  const { path, assigned, name } = origin;
  const source = assigned === "patient" ? "patient" : (path[0] ?? "unknown");
  return { source, resource, patient, name: name ?? null, path, assigned, revision };
}
