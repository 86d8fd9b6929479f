import { fail, ok, type Result, toHex } from "@salus/base";
import { ChainCache, type Exchange, httpCloud, type Match, type Reader } from "@salus/client";
import { parseEntry, type VaultHandle } from "@salus/protocol";
import { openPatient, openReader, openRegistry, type Shared } from "../homes/clients.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import { number } from "../progress.ts";
import { columnsFor } from "../record-columns.ts";
import type { Session } from "../session.ts";
import { tableOf } from "../table.ts";
import type { Failure } from "../words.ts";
import { cut, seenOf } from "./eye.ts";
import { SALUS } from "./program-name.ts";

const WIDTH = 108;
const SHOWN_BYTES = 40;
const MONTH_MS = 30 * 86_400_000;

/** One question of the tour. */
interface Stop {
  readonly title: string;
  readonly query: string;
  readonly scope?: readonly string[];
  readonly learns: string;
}

const PRESSURE: Stop = {
  title: "asks all her hospitals at once for high blood pressure",
  query: "Observation?combo-code-value-quantity=8480-6$gt140&_sort=-date&_count=4",
  learns:
    "two points, drawn at random for this question, in a column of random-looking numbers, and which sealed records lie between. Not what the column is, nor the bounds, nor a value.",
};

const LABORATORY: Stop = {
  title: "whom she lets read laboratory values for 30 days, asks for the latest",
  query: "Observation?category=laboratory&_sort=-date&_count=4",
  learns:
    "who asked, under which grant, and which sealed records one keyword picks out. Not the keyword, nor that it stands for laboratory values.",
};

const DEPARTMENT: Omit<Stop, "title" | "scope"> = {
  query: "Observation?date=ge2020&_sort=-date&_count=3",
  learns:
    "that something below one source was searched, by another handle and other points. Which department it is stands only in sealed records.",
};

/** A short tour of questions: what the person sees, and what the cloud saw of it. */
export class Tour {
  readonly #session: Session;
  readonly #homes: Homes;
  readonly #shared: Shared;
  readonly #url: string;
  readonly #signal: AbortSignal;
  #patient: string | undefined;
  #seen: Exchange[] = [];

  constructor(session: Session, homes: Homes, url: string, signal: AbortSignal) {
    this.#signal = signal;
    this.#session = session;
    this.#homes = homes;
    const onExchange = (exchange: Exchange): void => {
      if (exchange.path.endsWith("/query")) this.#seen.push(exchange);
    };
    this.#shared = { cloud: httpCloud(url, { onExchange }), chains: new ChainCache() };
    this.#url = url;
  }

  /** Lead through it. Fails: any `ClientError`. */
  async lead(): Promise<Result<void, Failure>> {
    const registry = await openRegistry(this.#homes, this.#shared.cloud);
    if (!registry.ok) return registry;
    const shared = { ...this.#shared, registry: registry.value };
    const found = await this.#choosePatient((resident) => openReader(resident, shared));
    if (!found.ok) return found;
    const { resident, matches } = found.value;
    const { person } = resident;
    this.#show(`1. ${person.name}, patient, ${PRESSURE.title}`, PRESSURE, matches);
    const granted = await this.#grant(person);
    if (!granted.ok) return granted;
    const { practitioner, vault } = granted.value;
    const doctor = openReader(practitioner, shared);
    const asked = await this.#ask(doctor, LABORATORY, vault);
    if (!asked.ok) return asked;
    this.#show(`2. ${practitioner.person.name}, ${LABORATORY.title}`, LABORATORY, asked.value);
    const refused = await this.#ask(doctor, { ...LABORATORY, query: "Condition" }, vault);
    if (!refused.ok) return refused;
    this.#say(
      `   Asked for diagnoses, the same key finds ${refused.value.length}: it has no key for them.`,
    );
    const reader = openReader(resident, shared);
    const department = await this.#department(reader, vault);
    if (!department.ok) return department;
    const stored = await this.#stored(reader, vault);
    if (stored.ok) this.#patient = person.id;
    return stored;
  }

  /** The first patient who has something to see, and what she sees. */
  async #choosePatient(
    open: (resident: Resident) => Reader,
  ): Promise<Result<{ resident: Resident; matches: readonly Match[] }, Failure>> {
    let first: { resident: Resident; matches: readonly Match[] } | undefined;
    for (const person of this.#homes.people("patient")) {
      const resident = await this.#homes.open(person);
      if (!resident.ok) return resident;
      const matches = await this.#ask(open(resident.value), PRESSURE);
      if (!matches.ok) return matches;
      first ??= { resident: resident.value, matches: matches.value };
      const several = new Set(matches.value.map(({ origin }) => origin.path[0])).size > 1;
      if (several) return ok({ resident: resident.value, matches: matches.value });
      if (matches.value.length > first.matches.length) {
        first = { resident: resident.value, matches: matches.value };
      }
    }
    return first === undefined ? fail({ kind: "no-identity" }) : ok(first);
  }

  /** A physician who may read nothing else gets a month of laboratory values, unless she has it already. */
  async #grant(
    person: Person,
  ): Promise<Result<{ practitioner: Resident; vault: VaultHandle }, Failure>> {
    const patient = await openPatient(this.#homes, person, this.#shared);
    if (!patient.ok) return patient;
    const { vault } = patient.value;
    const live = patient.value
      .grants()
      .filter(({ status, expires }) => status === "live" && expires > Date.now());
    const categories = ["laboratory"] as const;
    // Others of the demo were granted more than that, by requests.
    const may = ({ key }: Person): readonly string[] =>
      live.filter(({ grantee }) => toHex(grantee) === key).flatMap((grant) => grant.categories);
    const chosen = this.#homes
      .people("practitioner")
      .find((one) => may(one).every((category) => category === categories[0]));
    if (chosen === undefined) return fail({ kind: "no-identity" });
    const practitioner = await this.#homes.open(chosen);
    if (!practitioner.ok) return practitioner;
    const { card } = practitioner.value.identity;
    if (may(chosen).length > 0) return ok({ practitioner: practitioner.value, vault });
    const expires = Date.now() + MONTH_MS;
    const granted = await patient.value.grant({
      grantee: card,
      sources: "all",
      categories,
      expires,
    });
    return granted.ok ? ok({ practitioner: practitioner.value, vault }) : granted;
  }

  async #department(reader: Reader, vault: VaultHandle): Promise<Result<void, Failure>> {
    for (const department of this.#homes.people("department")) {
      const scope = [department.parent, department.id];
      const title = `3. The same patient asks only ${department.name}`;
      const stop = { ...DEPARTMENT, title, scope };
      const asked = await this.#ask(reader, stop, vault);
      if (!asked.ok) return asked;
      if (asked.value.length === 0) continue;
      this.#show(title, stop, asked.value);
      break;
    }
    return ok(undefined);
  }

  async #stored(reader: Reader, vault: VaultHandle): Promise<Result<void, Failure>> {
    for await (const stored of reader.inspect(vault)) {
      if (!stored.ok) return stored;
      const { envelope, entries } = stored.value;
      if (entries.length < 3) continue;
      this.#say("\n4. And at rest? This is all that the cloud has of one record:");
      this.#say(`   sealed record  ${cut(envelope, SHOWN_BYTES)} ${number(envelope.length)} bytes`);
      for (const entry of entries.slice(0, 4)) {
        const parsed = parseEntry(entry);
        const kind = parsed.ok ? parsed.value.kind : "unknown";
        this.#say(`   ${kind.padEnd(8)} row   ${cut(entry, SHOWN_BYTES)} ${entry.length} bytes`);
      }
      break;
    }
    return ok(undefined);
  }

  async #ask(
    reader: Reader,
    { query, scope }: Pick<Stop, "query" | "scope">,
    vault?: VaultHandle,
  ): Promise<Result<readonly Match[], Failure>> {
    this.#seen = [];
    if (this.#signal.aborted) return ok([]);
    const options = { ...(vault && { vaults: [vault] }), ...(scope && { scope }) };
    const answer = await reader.search(query, options);
    if (!answer.ok) return answer;
    const matches: Match[] = [];
    for await (const match of answer.value) matches.push(match);
    const [failed] = answer.value.report().failures;
    return failed === undefined ? ok(matches) : fail(failed.error);
  }

  #show(title: string, stop: Pick<Stop, "query" | "learns">, matches: readonly Match[]): void {
    this.#say(`\n${title}:\n   ${stop.query}`);
    const rows = matches.map((match) => ({ ...match, patient: "" }));
    const columns = columnsFor("Observation", false).filter(({ title: name }) => name !== "Id");
    for (const line of tableOf(columns, rows, WIDTH)) this.#say(`   │ ${line}`);
    for (const line of seenOf(this.#seen)) this.#say(`   ${line}`);
    this.#say(`   It learns ${stop.learns}`);
  }

  /** How to go on, once nobody holds the homes. */
  goOn(): void {
    if (this.#patient === undefined) return;
    const patient = `--patient ${this.#patient}`;
    this.#say("\nLook for yourself, in another terminal:");
    this.#say(`   export SALUS_HOME=${this.#homes.root.path} SALUS_CLOUD=${this.#url}`);
    for (const command of [
      `search 'Condition?clinical-status=active'`,
      "show",
      "inspect",
      "verify",
    ]) {
      this.#say(`   ${SALUS} ${command} ${patient}`);
    }
    this.#say("Ctrl-C ends it.\n");
  }

  #say(line: string): void {
    this.#session.note(line);
  }
}
