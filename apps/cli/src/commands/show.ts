import { toHex } from "@salus/base";
import type { AdmittedSource, GivenGrant, Patient } from "@salus/client";
import type { Command } from "commander";
import { Asking } from "../asking/ask.ts";
import { askersAt, type Whom } from "../asking/askers.ts";
import { patientName } from "../asking/outcome.ts";
import { questionOf } from "../asking/question.ts";
import { EXIT } from "../exit.ts";
import type { Homes } from "../homes/homes.ts";
import { type CloudOptions, type HomeOptions, withCloud, withHome, withHomes } from "../options.ts";
import { fromOf } from "../record-columns.ts";
import type { Session } from "../session.ts";
import { nameOf } from "../sharing/selection.ts";
import { granteeName, grantJson, grantState, sourceJson } from "../sharing/vault-text.ts";
import type { Shell } from "../shell.ts";
import { type Column, tableOf } from "../table.ts";
import { withPatient } from "./grant.ts";
import { matchJson } from "./search.ts";

interface ShowOptions extends HomeOptions, CloudOptions, Whom {}

const MORE = `
Examples:
  $ salus show --patient 17 ...                       who writes, and who may read
  $ salus show Observation/4711 --patient 17 ...      one record, as it was sealed`;

/** `show`: who writes and who reads a record; or one resource. */
export function showCommand(program: Command, shell: Shell): void {
  const command = program
    .command("show [resource]")
    .summary("who writes and who may read; or one resource")
    .description("Show the sources and grants of a vault, or one resource, named Type/id.")
    .option("--patient <id>", "whose record")
    .option("--as <who>", "who reads the resource; else the patient herself")
    .option("--json", "as a line of JSON")
    .addHelpText("after", MORE)
    .action(
      shell.action((resource: string | undefined, options: ShowOptions) =>
        resource === undefined
          ? showVault(shell.session, options)
          : showResource(shell.session, resource, options),
      ),
    );
  withCloud(withHome(command));
}

async function showResource(session: Session, text: string, options: ShowOptions): Promise<number> {
  const [type = "", id = ""] = text.split("/");
  if (type === "" || id === "") {
    const next = "Type/id is meant, as in Observation/4711.";
    return session.fail({ kind: "usage", what: `${text} names no resource`, next });
  }
  const question = questionOf(`${type}?_id=${encodeURIComponent(id)}`);
  if (!question.ok) return session.fail(question.error);
  return withHomes(session, options, async (homes) => {
    const asked = await askersAt(homes, options.cloud, options);
    if (!asked.ok) return session.fail(asked.error);
    const asking = new Asking(asked.value.askers, question.value, undefined);
    let found = 0;
    for await (const match of asking.matches()) {
      found += 1;
      const patient = patientName(homes, match.vault);
      if (session.forMachines) session.json(matchJson(match, patient));
      else {
        session.note(`${text} of ${patient}, from ${fromOf(match)}, revision ${match.revision}:`);
        session.json(match.resource, 2);
      }
    }
    if (asking.failure !== undefined) return session.fail(asking.failure);
    return found > 0 ? EXIT.done : session.fail({ kind: "no-such-record", record: text });
  });
}

async function showVault(session: Session, options: ShowOptions): Promise<number> {
  return withPatient(session, options, async (homes, owner) => {
    if (session.forMachines) session.json(vaultJson(homes, owner));
    else for (const line of vaultLines(session, homes, owner)) session.out(line);
    return EXIT.done;
  });
}

function vaultLines(session: Session, homes: Homes, patient: Patient): readonly string[] {
  const sources: readonly Column<AdmittedSource>[] = [
    { title: "Writes", kept: true, value: (source) => nameOf(homes, source) },
    { title: "State", value: ({ status }) => status },
    { title: "Categories", kept: true, value: ({ categories }) => categories.join(", ") },
    { title: "Source", value: ({ source }) => toHex(source) },
  ];
  const grants: readonly Column<GivenGrant>[] = [
    { title: "May read", kept: true, value: (grant) => granteeName(homes, grant) },
    { title: "State", value: (grant) => grantState(grant) },
    { title: "Until", value: ({ expires }) => new Date(expires).toISOString().slice(0, 10) },
    { title: "Sources", right: true, value: (grant) => String(grant.sources.length) },
    { title: "Categories", kept: true, value: ({ categories }) => categories.join(", ") },
    { title: "Grant", value: ({ grant }) => toHex(grant) },
  ];
  const given = patient.grants();
  return [
    `Vault ${toHex(patient.vault)}`,
    `Index policy ${patient.chain.policy}, version ${patient.chain.policyVersion}`,
    "",
    ...tableOf(sources, patient.sources(), session.columns),
    "",
    ...(given.length === 0
      ? ["Nobody but the patient may read."]
      : tableOf(grants, given, session.columns)),
  ];
}

function vaultJson(homes: Homes, patient: Patient): object {
  return {
    vault: toHex(patient.vault),
    policy: patient.chain.policy,
    policyVersion: patient.chain.policyVersion,
    sources: patient.sources().map((source) => sourceJson(source, nameOf(homes, source))),
    grants: patient.grants().map((grant) => grantJson(homes, grant)),
  };
}
