import { fail, ok, type Result, toHex } from "@salus/base";
import {
  AssociationDesk,
  encodeInvitation,
  JoinDesk,
  type Provider,
  type Registry,
} from "@salus/client";
import { newestMailbox, openMember } from "../accounts/member.ts";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { openRegistry } from "../homes/clients.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withHomes,
} from "../options.ts";
import { issuerOf } from "../providing/found.ts";
import { sayCode } from "../qr.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";

type Urls = CloudOptions & DirectoryOptions;

export interface InviteOptions extends HomeOptions, CloudOptions, DirectoryOptions {
  readonly org: string;
}

export interface PatientOptions extends InviteOptions {
  readonly patient?: string;
}

export interface JoinOptions extends InviteOptions {
  readonly node: string;
  readonly name: string;
  readonly role: "department" | "physician";
}

export interface SelfOptions extends HomeOptions, CloudOptions, DirectoryOptions {
  readonly as?: string;
}

/** Invite somebody to be certified. Gives: the exit code. */
export function inviteMember(session: Session, options: JoinOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const issuer = await issuerOf(homes, options.org);
    if (!issuer.ok) return session.fail(issuer.error);
    const { person, identity, home } = issuer.value;
    const { node, name, role, cloud, directory } = options;
    const desk = new JoinDesk(identity, home.store);
    const text = await desk.invite({ node, parent: person.id, role, name, cloud, directory });
    await sayCode(session, text, { invitation: text, role, node, name, parent: person.id });
    session.note(
      `For ${name} alone. \`salus invite collect\` certifies her once she has answered.`,
    );
    return EXIT.done;
  });
}

/** Invite a patient to let an organisation in. Gives: the exit code. */
export function invitePatient(
  session: Session,
  label: string,
  options: PatientOptions,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const found = await organisationOf(homes, options.org, options);
    if (!found.ok) return session.fail(found.error);
    const { resident, provider } = found.value;
    const { cloud, directory, patient: localId = "" } = options;
    const desk = new AssociationDesk(provider.certificate, resident.home.store);
    const text = await desk.invite(label, { cloud, directory, localId });
    await sayCode(session, text, { invitation: text, label, patient: localId });
    session.note(
      `For ${label} alone. \`salus invite collect\` learns her vault once she has answered.`,
    );
    return EXIT.done;
  });
}

/** Print a patient's own code: who scans it asks her without a look-up. Gives: the exit code. */
export function printOwnCode(session: Session, options: SelfOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const member = await openMember(homes, options.directory, options.as, "patient");
    if (!member.ok) return session.fail(member.error);
    const { vault } = member.value.account;
    if (vault === undefined) return session.fail({ kind: "no-vault" });
    const { mailbox } = newestMailbox(member.value);
    const { cloud, directory } = options;
    const code = encodeInvitation({ kind: "patient", cloud, directory, mailbox, vault });
    await sayCode(session, code, { code, vault: toHex(vault) });
    return EXIT.done;
  });
}

/** An organisation whose keys are here, and its certificate. Fails: `unknown-name`, any `CloudError`. */
async function organisationOf(
  homes: Homes,
  text: string,
  urls: Urls,
): Promise<Result<{ readonly resident: Resident; readonly provider: Provider }, Failure>> {
  const resident = await issuerOf(homes, text);
  if (!resident.ok) return resident;
  const cloud = await connect(urls.cloud);
  if (!cloud.ok) return cloud;
  const registry = await openRegistry(homes, cloud.value);
  if (!registry.ok) return registry;
  const provider = certified(registry.value, resident.value);
  return provider.ok ? ok({ resident: resident.value, provider: provider.value }) : provider;
}

function certified(registry: Registry, { identity, person }: Resident): Result<Provider, Failure> {
  const provider = registry.byKey(identity.card.sign);
  if (provider !== undefined) return ok(provider);
  const what = `nobody has certified ${person.name || person.id} yet`;
  return fail({ kind: "usage", what, next: "have an authority do so: salus org certify." });
}
