import { encodeCard } from "@salus/client";
import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import type { Person, Role } from "../homes/person.ts";
import { type HomeOptions, openHomes, withHome } from "../options.ts";
import type { Shell } from "../shell.ts";
import type { Column } from "../table.ts";

const EVERYBODY: readonly Role[] = [
  "authority",
  "patient",
  "organisation",
  "department",
  "practitioner",
  "reader",
];

const EXAMPLES = `
Examples:
  $ salus keys --home ./home                       whose homes there are
  $ salus keys add dr-brown --home ./home          make keys for somebody who will read
  $ salus keys card dr-brown --home ./home         print her public card, for a patient elsewhere`;

/** `keys`: whose keys there are; `keys add` and `keys card` for those who read. */
export function keysCommand(program: Command, shell: Shell): void {
  const keys = program
    .command("keys")
    .summary("whose keys there are; make keys; print a public card")
    .description("Say whose homes stand in the folder. Secret keys are never printed.")
    .addHelpText("after", EXAMPLES);

  withHome(keys.command("list", { isDefault: true }))
    .description("say whose homes stand in the folder")
    .option("--json", "one line of JSON each")
    .action(shell.action((options: HomeOptions) => listKeys(shell, options)));

  withHome(keys.command("add <name>"))
    .description("make a home with new keys, under the folder's passphrase")
    .option("--json", "whose keys they are, as a line of JSON")
    .action(shell.action((name: string, options: HomeOptions) => addKeys(shell, name, options)));

  withHome(keys.command("card <name>"))
    .description("print the public card of somebody: nothing in it is secret")
    .option("--json", "the card, as a line of JSON")
    .action(shell.action((name: string, options: HomeOptions) => printCard(shell, name, options)));
}

async function listKeys({ session }: Shell, options: HomeOptions): Promise<number> {
  const homes = await openHomes(session, options);
  if (!homes.ok) return session.fail(homes.error);
  const people = homes.value.people(...EVERYBODY);
  await homes.value.close();
  session.list({ rows: people, columns: COLUMNS, json: personJson, none: "Nobody has keys here." });
  return EXIT.done;
}

function personJson({ role, id, name, key, vault, home }: Person): object {
  return { role, id, name, key, vault, home };
}

async function addKeys({ session }: Shell, name: string, options: HomeOptions): Promise<number> {
  if (name.trim() === "" || name.length > NAME_MAX) {
    const next = `a name of 1 to ${NAME_MAX} signs is meant.`;
    return session.fail({ kind: "usage", what: "nobody is called that", next });
  }
  const homes = await openHomes(session, options, { create: true });
  if (!homes.ok) return session.fail(homes.error);
  const settled = await homes.value.settle({ role: "reader", id: name, name });
  if (settled.ok) await homes.value.save();
  await homes.value.close();
  if (!settled.ok) return session.fail(settled.error);
  const { person } = settled.value;
  const { key, home } = person;
  const text = `${name}: key ${key.slice(0, 16)}…, home ${homes.value.root.path}/${home}`;
  session.result(text, personJson(person));
  return EXIT.done;
}

async function printCard({ session }: Shell, name: string, options: HomeOptions): Promise<number> {
  const homes = await openHomes(session, options);
  if (!homes.ok) return session.fail(homes.error);
  const person = homes.value.find(name, "anybody", ...EVERYBODY);
  const resident = person.ok ? await homes.value.open(person.value) : person;
  await homes.value.close();
  if (!resident.ok) return session.fail(resident.error);
  const card = encodeCard(resident.value.identity.card);
  const { role, id, name: called } = resident.value.person;
  session.result(card, { role, id, name: called, card });
  return EXIT.done;
}

/** What fits into a line of a list. */
const NAME_MAX = 128;

const COLUMNS: readonly Column<Person>[] = [
  { title: "Role", value: (person) => person.role },
  { title: "Id", value: (person) => person.id },
  { title: "Name", value: (person) => (person.name === person.id ? "" : person.name) },
  { title: "Key", value: (person) => `${person.key.slice(0, 16)}…` },
  {
    title: "Vault",
    value: (person) => (person.vault === undefined ? "" : `${person.vault.slice(0, 16)}…`),
  },
];
