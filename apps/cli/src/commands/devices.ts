import { readFile } from "node:fs/promises";
import { fail, ok, type Result, toHex } from "@salus/base";
import {
  certifyDevice,
  decodeCard,
  encodeCard,
  type ListedDevice,
  publishCertificates,
  shownText,
} from "@salus/client";
import type { Command } from "commander";
import { withPassword, withWho } from "../accounts/options.ts";
import { asSelf, type SelfOptions, settleSelf, stepUp } from "../accounts/self.ts";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { openRegistry } from "../homes/clients.ts";
import { withCloud, withDirectory, withHome } from "../options.ts";
import { sayCode } from "../qr.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { Failure } from "../words.ts";

interface DevicesOptions extends SelfOptions {
  readonly practitioner?: boolean;
}

const EXAMPLES = `
A new device signs in and shows its card; a device of yours approves it. The card must come from the device
itself: whoever chooses the card chooses who can open the account. Removing a device gives you new keys; what
it had read stays with it. Both ask for the password.

Examples:
  $ salus devices --home ./ann ...
  $ salus devices add --home ./tablet ...                     on the new device: prints its card
  $ salus devices approve salus:device:... --home ./ann ...   on a device of yours
  $ salus devices remove 4f0c --home ./ann ...
  $ salus devices add --practitioner --home ./bos-tablet ...  on a practitioner's new device: her other card
  $ salus devices certify salus:card:... --home ./bo ...      so that it asks and reads as hers`;

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
    .option("--practitioner", "the card of its practitioner's keys, for one of yours to certify")
    .option("--json", "the card, as a line of JSON")
    .action(shell.action((options: DevicesOptions) => printCard(shell.session, options)));
  withAll(devices.command("approve <card>"))
    .description("let the device whose card this is (or is in this file) belong to your account")
    .option("--json", "what was approved, as a line of JSON")
    .action(
      shell.action((card: string, options: DevicesOptions) =>
        approve(shell.session, card, options),
      ),
    );
  withAll(devices.command("certify <card>"))
    .description(
      "certify a further device of a practitioner, whose card this is (or is in this file)",
    )
    .option("--json", "who was certified, as a line of JSON")
    .action(
      shell.action((card: string, options: DevicesOptions) =>
        certify(shell.session, card, options),
      ),
    );
  withAll(devices.command("remove <device>"))
    .description("take a device out; the beginning of its name is enough")
    .option("--json", "what was removed, as a line of JSON")
    .action(
      shell.action((device: string, options: DevicesOptions) =>
        remove(shell.session, device, options),
      ),
    );
}

function list(session: Session, options: DevicesOptions): Promise<number> {
  return asSelf(session, options, async ({ account }) => {
    const devices = await account.devices.list();
    if (!devices.ok) return session.fail(devices.error);
    for (const { id, current } of devices.value) {
      const device = toHex(id);
      session.result(`${device}${current ? "  this device" : ""}`, { device, current });
    }
    return EXIT.done;
  });
}

function printCard(session: Session, options: DevicesOptions): Promise<number> {
  return asSelf(session, options, async ({ account }) => {
    if (options.practitioner === true) {
      const card = encodeCard(account.identity("practitioner").card);
      await sayCode(session, card, { card });
      session.note("A certified device of yours certifies it: salus devices certify CARD");
      return EXIT.done;
    }
    const card = account.card();
    await sayCode(session, card, { card });
    session.note("A device of yours approves it: salus devices approve CARD");
    return EXIT.done;
  });
}

/** The physician herself certifies what else she works with: nobody above her is asked. */
function certify(session: Session, text: string, options: DevicesOptions): Promise<number> {
  return asSelf(session, options, async ({ homes, account }) => {
    const card = decodeCard((await readFile(text, "utf8").catch(() => text)).trim());
    if (!card.ok) return session.fail(card.error);
    const cloud = await connect(options.cloud);
    if (!cloud.ok) return session.fail(cloud.error);
    const registry = await openRegistry(homes, cloud.value);
    if (!registry.ok) return session.fail(registry.error);
    const identity = account.identity("practitioner");
    const own = registry.value.byKey(identity.card.sign);
    if (own?.role !== "physician") return session.fail({ kind: "not-certified" });
    const certificate = certifyDevice(identity, own, card.value);
    const published = await publishCertificates(cloud.value, identity, [certificate]);
    if (!published.ok) return session.fail(published.error);
    const { name, node } = own;
    session.result(`certified a further device of ${shownText(name, 128)}  [${node}]`, {
      ...{ role: "device", node, name, key: toHex(card.value.sign) },
    });
    return EXIT.done;
  });
}

function approve(session: Session, text: string, options: DevicesOptions): Promise<number> {
  return asSelf(session, options, async (self) => {
    const { account } = self;
    const stepped = await stepUp(session, self, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const file = text.startsWith("salus:")
      ? undefined
      : await readFile(text, "utf8").catch(() => "");
    const approved = await account.devices.approve(file ?? text);
    if (!approved.ok) return session.fail(approved.error);
    const settled = await settleSelf(self, options);
    if (!settled.ok) return session.fail(settled.error);
    session.result("approved", { device: toHex(approved.value), state: "approved" });
    session.note("The new device opens your account when it next asks: `salus login` there.");
    return EXIT.done;
  });
}

function remove(session: Session, text: string, options: DevicesOptions): Promise<number> {
  return asSelf(session, options, async (self) => {
    const { account } = self;
    const devices = await account.devices.list();
    if (!devices.ok) return session.fail(devices.error);
    const device = deviceOf(devices.value, text);
    if (!device.ok) return session.fail(device.error);
    const stepped = await stepUp(session, self, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const removed = await account.devices.remove(device.value.id);
    if (!removed.ok) return session.fail(removed.error);
    const settled = await settleSelf(self, options);
    if (!settled.ok) return session.fail(settled.error);
    const gone = toHex(device.value.id);
    session.result(`removed ${gone}`, { device: gone, state: "removed" });
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
