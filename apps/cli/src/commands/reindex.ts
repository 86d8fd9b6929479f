import { fail, ok, type Result, toHex } from "@salus/base";
import { type AdmittedSource, adoptPolicy, ChainCache } from "@salus/client";
import type { Upload } from "@salus/client/writer";
import { type Assigned, POLICY_VERSION } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import type { Command } from "commander";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { openPatient, openReader, openRegistry, openSource } from "../homes/clients.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import { Tally } from "../importing/tally.ts";
import { type CloudOptions, type HomeOptions, withCloud, withHome, withHomes } from "../options.ts";
import { counted, Progress } from "../progress.ts";
import type { Session } from "../session.ts";
import { nameOf } from "../sharing/selection.ts";
import type { Shell } from "../shell.ts";
import type { Failure } from "../words.ts";

interface ReindexOptions extends HomeOptions, CloudOptions {
  readonly patient?: string;
}

const MORE = `
Needed after a grant was revoked (older records are then found by older keys only, and readers who stayed are
told that a source is stale), and after the index policy changes. The patient opens the records and
their sources index them again, so both must have their homes here. Nothing is sealed again.

Example:
  $ salus reindex --patient 17 --home ./home --cloud http://127.0.0.1:8080`;

/** `reindex`: index rows again, under the live keys and the newest policy. */
export function reindexCommand(program: Command, shell: Shell): void {
  const command = program
    .command("reindex")
    .summary("make index rows again, under the live keys")
    .description(
      "Make the index rows of stored records again, under the live keys and the newest policy.",
    )
    .option("--patient <id>", "whose record; every patient's when left out")
    .option("--json", "what was indexed, vault by vault, as one line of JSON")
    .addHelpText("after", MORE)
    .action(shell.action((options: ReindexOptions) => runReindex(shell.session, options)));
  withCloud(withHome(command));
}

function runReindex(session: Session, options: ReindexOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const cloud = await connect(options.cloud);
    const registry = cloud.ok ? await openRegistry(homes, cloud.value) : cloud;
    if (!cloud.ok) return session.fail(cloud.error);
    if (!registry.ok) return session.fail(registry.error);
    const people =
      options.patient === undefined
        ? ok(homes.people("patient"))
        : homes.find(options.patient, "a patient", "patient");
    if (!people.ok) return session.fail(people.error);
    const shared = { cloud: cloud.value, chains: new ChainCache(), registry: registry.value };
    const work = new Reindexing(session, homes, shared);
    for (const person of [people.value].flat()) {
      const done = await work.take(person);
      if (!done.ok) return session.fail(done.error);
    }
    return work.end();
  });
}

/** A vault whose sources were asked to index again. */
interface ReindexedVault {
  readonly patient: string;
  readonly vault: string;
  readonly sources: readonly ReindexedSource[];
  /** The index policy by which it is searched now. */
  readonly policy: number;
}

interface ReindexedSource {
  readonly source: string;
  readonly name: string;
  /** Records that it indexed again. */
  readonly records: number;
  /** Records that it could not. */
  readonly refused: number;
  /** Why it was not asked: all its records stay as they are. */
  readonly left: string | null;
}

/** Lets the sources of one vault after the other index again what the patient opens for them. */
class Reindexing {
  readonly #session: Session;
  readonly #homes: Homes;
  readonly #shared: Parameters<typeof openReader>[1];
  readonly #tally = new Tally();
  readonly #progress: Progress;
  readonly #vaults: ReindexedVault[] = [];

  constructor(session: Session, homes: Homes, shared: Parameters<typeof openReader>[1]) {
    this.#session = session;
    this.#homes = homes;
    this.#shared = shared;
    this.#progress = new Progress(session, "records indexed again");
  }

  async take(person: Person): Promise<Result<void, Failure>> {
    const resident = await this.#homes.open(person);
    if (!resident.ok) return resident;
    const patient = await openPatient(this.#homes, person, this.#shared);
    if (!patient.ok) return patient;
    const uploads = await this.#uploadsOf(resident.value, patient.value.vault);
    if (!uploads.ok) return uploads;
    const { vault } = patient.value;
    let whole = true;
    const sources: ReindexedSource[] = [];
    for (const source of patient.value.sources()) {
      const own = uploads.value.get(toHex(source.source)) ?? [];
      const done = await this.#reindex(source, vault, own);
      if (!done.ok) return done;
      const { refused, left } = done.value;
      whole &&= (refused === 0 && left === null) || own.length === 0;
      sources.push(done.value);
    }
    const adopted = whole ? await adoptPolicy(patient.value) : ok(false);
    if (!adopted.ok) return adopted;
    const { policyVersion } = patient.value.chain;
    const patientVault = { patient: person.id, vault: toHex(vault) };
    this.#vaults.push({ ...patientVault, sources, policy: policyVersion });
    if (adopted.value) {
      this.#session.note(`${person.name} is searched by index policy ${POLICY_VERSION} now.`);
    } else if (policyVersion < POLICY_VERSION) {
      const why = "not all of the sources have indexed again";
      this.#session.note(
        `${person.name} is still searched by index policy ${policyVersion}: ${why}.`,
      );
    }
    await this.#homes.release(resident.value);
    return ok(undefined);
  }

  /** Say what it comes to. Gives: the exit code. */
  end(): number {
    const { stored, entries, refused } = this.#tally;
    if (this.#session.forMachines) {
      this.#session.json({ records: stored, rows: entries, vaults: this.#vaults, refused });
    }
    this.#session.note(`${counted(stored, "record")} indexed again, ${counted(entries, "row")}.`);
    refused.say(this.#session, "NOT INDEXED");
    return refused.count > 0 ? EXIT.found : EXIT.done;
  }

  /** Let a source index again what it wrote. Gives: what came of it. */
  async #reindex(
    source: AdmittedSource,
    vault: VaultHandle,
    uploads: readonly Upload[],
  ): Promise<Result<ReindexedSource, Failure>> {
    const name = nameOf(this.#homes, source);
    const said = { source: toHex(source.source), name };
    const writer = this.#homes.byKey(toHex(source.key));
    if (source.status !== "live") return this.#left(said, "the patient has ended it");
    const resident = writer && (await this.#homes.open(writer));
    const isAway = resident?.ok === false && resident.error.kind === "home-missing";
    if (resident === undefined || isAway) return this.#left(said, "its home is not here");
    const opened = resident.ok ? await openSource(resident.value, this.#shared) : resident;
    const target = opened.ok ? await opened.value.open(vault) : opened;
    if (!target.ok) return target;
    const count = this.#tally.counter();
    const report = await target.value.reindex(uploads, (soFar) => {
      count(soFar);
      this.#progress.at(this.#tally.stored);
    });
    this.#progress.end();
    if (!report.ok) return report;
    count(report.value);
    for (const { type, id = "", problem } of report.value.refused) {
      this.#tally.refused.add({ place: { file: name, line: 0 }, kind: problem, type, id });
    }
    const { records, refused } = report.value;
    return ok({ ...said, records, refused: refused.length, left: null });
  }

  /** Say why the records of a source stay as they are. */
  #left(
    said: Pick<ReindexedSource, "source" | "name">,
    left: string,
  ): Result<ReindexedSource, never> {
    this.#session.note(`${said.name} cannot index again: ${left}`);
    return ok({ ...said, records: 0, refused: 0, left });
  }

  /** What each source wrote, by its handle, as it was uploaded. */
  async #uploadsOf(
    resident: Resident,
    vault: VaultHandle,
  ): Promise<Result<ReadonlyMap<string, readonly Upload[]>, Failure>> {
    const answer = await openReader(resident, this.#shared).export({ vaults: [vault] });
    if (!answer.ok) return answer;
    const uploads = new Map<string, Upload[]>();
    for await (const { origin, resource } of answer.value) {
      const source = toHex(origin.source);
      const assigned = origin.assigned as Assigned;
      const upload = { resource, path: origin.path.slice(1), assigned };
      const known = uploads.get(source);
      if (known === undefined) uploads.set(source, [upload]);
      else known.push(upload);
    }
    const [failure] = answer.value.report().failures;
    return failure === undefined ? ok(uploads) : fail(failure.error);
  }
}
