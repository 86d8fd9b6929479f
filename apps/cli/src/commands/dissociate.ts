import { fail, ok, type Result, toHex } from "@salus/base";
import { type AdmittedSource, type Registry, shownText } from "@salus/client";
import type { Command } from "commander";
import { asOwner, type Owner, type OwnerOptions } from "../deciding/owner.ts";
import { EXIT } from "../exit.ts";
import { withCloud, withHome } from "../options.ts";
import type { Session } from "../session.ts";
import { sourceJson } from "../sharing/vault-text.ts";
import type { Shell } from "../shell.ts";
import { confirm } from "../terminal.ts";
import type { Failure } from "../words.ts";

interface DissociateOptions extends OwnerOptions {
  readonly yes?: boolean;
}

const MORE = `
What it has written stays in your record. It needs nobody but the cloud.

Examples:
  $ salus dissociate north --home ./ann ...
  $ salus dissociate 'North Hospital' --yes --home ./ann ...`;

/** `dissociate`: the patient lets an organisation write no more. */
export function dissociateCommand(program: Command, shell: Shell): void {
  const command = program
    .command("dissociate <source>")
    .summary("let an organisation write into your record no more")
    .description("End a source: by its name, its node, or the beginning of its handle.")
    .option("--patient <id>", "whose record; the only patient here when left out")
    .option("--yes", "ask nothing, for scripts")
    .option("--json", "what it may write now, as a line of JSON")
    .addHelpText("after", MORE)
    .action(
      shell.action((text: string, options: DissociateOptions) =>
        runDissociate(shell.session, text, options),
      ),
    );
  withCloud(withHome(command));
}

function runDissociate(
  session: Session,
  text: string,
  options: DissociateOptions,
): Promise<number> {
  return asOwner(session, options, async (owner) => {
    const found = sourceOf(owner, text);
    if (!found.ok) return session.fail(found.error);
    const { source, name } = found.value;
    session.note(`${name} writes into this record. What it has written stays.`);
    if (options.yes !== true) {
      const agreed = session.canAsk && (await confirm("End that?"));
      if (!agreed) return session.fail({ kind: "not-confirmed" });
    }
    const ended = await owner.patient.end(source.source);
    if (!ended.ok) return session.fail(ended.error);
    const { patient, registry } = owner;
    const { name: called = "", node } = registry.byKey(source.key) ?? {};
    const vault = toHex(patient.vault);
    const gone = sourceJson({ ...source, status: "ended", categories: [] }, called);
    session.result(`${name} writes no more`, { vault, node, ...gone });
    return EXIT.done;
  });
}

interface Named {
  readonly source: AdmittedSource;
  /** As it may be shown. */
  readonly name: string;
}

/** The live source that a text names. Fails: `unknown-name`, `ambiguous-name`. */
function sourceOf({ patient, registry }: Owner, text: string): Result<Named, Failure> {
  const live = patient.sources().filter(({ status }) => status === "live");
  const found = live.filter((source) => isCalled(source, registry, text));
  const named = found.map((source) => ({ source, name: nameOf(source, registry) }));
  const [only] = named;
  if (only !== undefined && named.length === 1) return ok(only);
  const known = (named.length > 1 ? found : live).map((source) => nameOf(source, registry));
  const kind = named.length > 1 ? "ambiguous-name" : "unknown-name";
  return fail({ kind, name: text, what: "a source of this record", known });
}

const HANDLE_DIGITS = 4;

function isCalled({ source, key }: AdmittedSource, registry: Registry, text: string): boolean {
  const { name, node } = registry.byKey(key) ?? {};
  const byHandle = text.length >= HANDLE_DIGITS && toHex(source).startsWith(text.toLowerCase());
  return byHandle || node === text || name?.toLowerCase() === text.toLowerCase();
}

function nameOf({ source, key }: AdmittedSource, registry: Registry): string {
  const handle = toHex(source).slice(0, 8);
  const name = registry.byKey(key)?.name;
  return name === undefined ? handle : `${shownText(name, 128)} [${handle}]`;
}
