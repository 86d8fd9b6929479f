import { type Bytes, toHex } from "@salus/base";
import type { Stored } from "@salus/client";
import { parseEntry } from "@salus/protocol";
import type { Command } from "commander";
import { askersAt, type Whom } from "../asking/askers.ts";
import { patientName } from "../asking/outcome.ts";
import { EXIT } from "../exit.ts";
import {
  type CloudOptions,
  countOf,
  type HomeOptions,
  withCloud,
  withHome,
  withHomes,
} from "../options.ts";
import { counted, number } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";

interface InspectOptions extends HomeOptions, CloudOptions, Whom {
  readonly limit: number;
}

const MORE = `
Nothing here is decrypted: it is what whoever runs the cloud, or steals its database, has.

Examples:
  $ salus inspect --patient 17 --limit 3 --home ./home --cloud http://127.0.0.1:8080`;

/** `inspect`: what the cloud stores, as it stores it. */
export function inspectCommand(program: Command, shell: Shell): void {
  const command = program
    .command("inspect")
    .summary("what the cloud stores of a vault: bytes and sizes")
    .description(
      "Print what the cloud stores of a vault: handles, sealed records and index rows, in hexadecimal.",
    )
    .requiredOption("--patient <id>", "whose vault")
    .option("--as <who>", "who asks; else the patient herself")
    .option("--limit <n>", "print so many records; sizes are of all", countOf(0, 1_000_000), 5)
    .option("--json", "one line of JSON for each record, in whole")
    .addHelpText("after", MORE)
    .action(shell.action((options: InspectOptions) => runInspect(shell.session, options)));
  withCloud(withHome(command));
}

function runInspect(session: Session, options: InspectOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const asked = await askersAt(homes, options.cloud, options);
    if (!asked.ok) return session.fail(asked.error);
    const [asker] = asked.value.askers;
    const [vault] = asker?.vaults ?? [];
    if (asker === undefined || vault === undefined) return session.fail({ kind: "no-vault" });
    const reader = await asker.open();
    if (!reader.ok) return session.fail(reader.error);
    const sizes = new Sizes();
    for await (const stored of reader.value.inspect(vault)) {
      if (!stored.ok) return session.fail(stored.error);
      if (sizes.records < options.limit) print(session, stored.value);
      sizes.add(stored.value);
    }
    for (const line of sizes.lines()) session.out(line);
    session.note(
      `The cloud has nothing else of ${patientName(homes, vault)} but the patient's chain and the batches that signed this.`,
    );
    return EXIT.done;
  });
}

const SHOWN_BYTES = 48;

function print(session: Session, stored: Stored): void {
  const { record, source, revision, envelope, entries } = stored;
  if (session.forMachines) {
    const rows = entries.map(toHex);
    const handles = { record: toHex(record), source: toHex(source), revision };
    session.json({ ...handles, envelope: toHex(envelope), entries: rows });
    return;
  }
  session.out(`record ${toHex(record)} of source ${toHex(source)}, revision ${revision}`);
  session.out(`  sealed   ${cut(envelope)}  ${number(envelope.length)} bytes`);
  for (const entry of entries) session.out(`  ${kindOf(entry).padEnd(8)} ${cut(entry)}`);
}

function cut(bytes: Uint8Array): string {
  return `${toHex(bytes.subarray(0, SHOWN_BYTES))}${bytes.length > SHOWN_BYTES ? "…" : ""}`;
}

function kindOf(bytes: Bytes): string {
  const entry = parseEntry(bytes);
  return entry.ok ? entry.value.kind : "unknown";
}

/** What everything together takes. */
class Sizes {
  records = 0;
  #envelopes = 0;
  readonly #entries = new Map<string, { count: number; bytes: number }>();

  add({ envelope, entries }: Stored): void {
    this.records += 1;
    this.#envelopes += envelope.length;
    for (const entry of entries) {
      const kind = kindOf(entry);
      const known = this.#entries.get(kind) ?? { count: 0, bytes: 0 };
      this.#entries.set(kind, { count: known.count + 1, bytes: known.bytes + entry.length });
    }
  }

  lines(): readonly string[] {
    return [
      `${counted(this.records, "sealed record")}, ${number(this.#envelopes)} bytes`,
      ...[...this.#entries].map(
        ([kind, { count, bytes }]) =>
          `${counted(count, "index row")} of kind ${kind}, ${number(bytes)} bytes`,
      ),
    ];
  }
}
