import { readFile } from "node:fs/promises";
import { fail, ok, type Result, toHex } from "@salus/base";
import type { Account, ListedDevice } from "@salus/client";
import { openVault } from "@salus/client";
import type { Command } from "commander";
import { memberOf, openAccount } from "../accounts/member.ts";
import {
  type PasswordOptions,
  type WhoOptions,
  withPassword,
  withWho,
} from "../accounts/options.ts";
import { passwordOf } from "../accounts/secrets.ts";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import type { Homes } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withCloud,
  withDirectory,
  withHome,
  withHomes,
} from "../options.ts";
import type { Shell } from "../program.ts";
import { showCode } from "../qr.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";

interface DevicesOptions
  extends HomeOptions,
    CloudOptions,
    DirectoryOptions,
    PasswordOptions,
    WhoOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
A new device signs in and shows its card; a device of yours approves it. The card must come from the device
itself: whoever chooses the card chooses who can open the account. Removing a device gives you new keys; what
it had read stays with it. Both ask for the password.

Examples:
  $ salus devices --home ./ann ...
  $ salus devices add --home ./tablet ...                     on the new device: prints its card
  $ salus devices approve salus:device:... --home ./ann ...   on a device of yours
  $ salus devices remove 4f0c --home ./ann ...`;

/** `devices`: list, add, approve, remove. */
export function devicesCommand(program: Command, shell: Shell): void {
  const devices = program
    .command("devices")
    .summary("list your devices; add, approve, remove one")
    .description("The devices that belong to your account.")
    .addHelpText("after", EXAMPLES);
  const withAll = (command: Command): Command =>
    withDirectory(withCloud(withWho(withPassword(withHome(command)))));
  withAll(devices.command("list", { isDefault: true }))
    .description("list the devices of your account")
    .option("--json", "one line of JSON each")
    .action(shell.action((options: DevicesOptions) => list(shell.session, options)));
  withAll(devices.command("add"))
    .description("print the card of this device, for one of yours to approve")
    .action(shell.action((options: DevicesOptions) => printCard(shell.session, options)));
  withAll(devices.command("approve <card>"))
    .description("let the device whose card this is (or is in this file) belong to your account")
    .action(
      shell.action((card: string, options: DevicesOptions) =>
        approve(shell.session, card, options),
      ),
    );
  withAll(devices.command("remove <device>"))
    .description("take a device out; the beginning of its name is enough")
    .action(
      shell.action((device: string, options: DevicesOptions) =>
        remove(shell.session, device, options),
      ),
    );
}

interface Owner {
  readonly homes: Homes;
  readonly person: Person;
  readonly account: Account;
}

function asOwner(
  session: Session,
  options: DevicesOptions,
  run: (owner: Owner) => Promise<number>,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const person = memberOf(homes, options.as);
    if (!person.ok) return session.fail(person.error);
    const opened = await openAccount(homes, options.directory, person.value);
    if (!opened.ok) return session.fail(opened.error);
    return run({ homes, person: person.value, account: opened.value.account });
  });
}

function list(session: Session, options: DevicesOptions): Promise<number> {
  return asOwner(session, options, async ({ account }) => {
    const devices = await account.devices.list();
    if (!devices.ok) return session.fail(devices.error);
    for (const { id, current } of devices.value) {
      if (options.json === true) session.json({ device: toHex(id), current });
      else session.out(`${toHex(id)}${current ? "  this device" : ""}`);
    }
    return EXIT.done;
  });
}

function printCard(session: Session, options: DevicesOptions): Promise<number> {
  return asOwner(session, options, async ({ account }) => {
    await showCode(session, account.card());
    session.note("A device of yours approves it: salus devices approve CARD");
    return EXIT.done;
  });
}

function approve(session: Session, text: string, options: DevicesOptions): Promise<number> {
  return asOwner(session, options, async (owner) => {
    const { account } = owner;
    const stepped = await stepUp(session, account, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const file = text.startsWith("salus:")
      ? undefined
      : await readFile(text, "utf8").catch(() => "");
    const approved = await account.devices.approve(file ?? text);
    if (!approved.ok) return session.fail(approved.error);
    const settled = await settleVault(owner, options);
    if (!settled.ok) return session.fail(settled.error);
    session.out("approved");
    session.note("The new device opens your account when it next asks: `salus login` there.");
    return EXIT.done;
  });
}

function remove(session: Session, text: string, options: DevicesOptions): Promise<number> {
  return asOwner(session, options, async (owner) => {
    const { account } = owner;
    const devices = await account.devices.list();
    if (!devices.ok) return session.fail(devices.error);
    const device = deviceOf(devices.value, text);
    if (!device.ok) return session.fail(device.error);
    const stepped = await stepUp(session, account, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const removed = await account.devices.remove(device.value.id);
    if (!removed.ok) return session.fail(removed.error);
    const settled = await settleVault(owner, options);
    if (!settled.ok) return session.fail(settled.error);
    session.out(`removed ${toHex(device.value.id)}`);
    session.note(
      "What it had read stays with it; what is written from now on does not open there.",
    );
    return EXIT.done;
  });
}

function deviceOf(devices: readonly ListedDevice[], text: string): Result<ListedDevice, Failure> {
  const found = devices.filter(({ id }) => toHex(id).startsWith(text.toLowerCase()));
  const [first] = found;
  if (first !== undefined && found.length === 1) return ok(first);
  const known = devices.map(({ id }) => toHex(id));
  const kind = first === undefined ? "unknown-name" : "ambiguous-name";
  return fail({ kind, name: text, what: "a device of yours", known });
}

async function stepUp(
  session: Session,
  account: Account,
  options: DevicesOptions,
): Promise<Result<void, Failure>> {
  const password = await passwordOf(session, options.passwordFile, { isNew: false });
  if (!password.ok) return password;
  const stepped = await account.sessions.stepUp({ password: password.value });
  return stepped.ok ? ok(undefined) : stepped;
}

/** A patient's vault follows her account: her devices are its devices, and it has its new keys. */
async function settleVault(
  { person, account }: Owner,
  options: DevicesOptions,
): Promise<Result<void, Failure>> {
  if (person.role !== "patient") return ok(undefined);
  const cloud = await connect(options.cloud);
  if (!cloud.ok) return cloud;
  const patient = await openVault(account, { cloud: cloud.value });
  return patient.ok ? ok(undefined) : patient;
}
