import { ok, type Result, toHex } from "@salus/base";
import {
  AssociationDesk,
  type Cloud,
  collectAssociations,
  collectJoinings,
  type Directory,
  httpDirectory,
  JoinDesk,
} from "@salus/client";
import { Digest, type JoinInvitation } from "@salus/protocol";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import { BY_OTHERS, type Person } from "../homes/person.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withHomes,
} from "../options.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";

export interface CollectOptions extends HomeOptions, CloudOptions, DirectoryOptions {}

/** What came in answer to an invitation. */
export type Collected =
  | {
      readonly kind: "joined";
      readonly role: JoinInvitation["role"];
      readonly node: string;
      readonly name: string;
    }
  | {
      readonly kind: "associated";
      readonly label: string;
      /** What imports name her by; empty when nobody has said. */
      readonly patient: string;
      readonly vault: string;
    }
  /** An answer that does not hold; the invitation stays good. */
  | { readonly kind: "refused"; readonly why: string };

/** Collect the answers to all invitations that were given from this folder. Gives: the exit code. */
export function collectAnswers(session: Session, options: CollectOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const cloud = await connect(options.cloud);
    if (!cloud.ok) return session.fail(cloud.error);
    const directory = httpDirectory(options.directory);
    const all: Collected[] = [];
    for (const person of homes.people("organisation", "department")) {
      const resident = await homes.open(person);
      if (!resident.ok) return session.fail(resident.error);
      const joined = await joinings(directory, cloud.value, resident.value);
      if (!joined.ok) return session.fail(joined.error);
      const associated = await associations(directory, resident.value);
      if (!associated.ok) return session.fail(associated.error);
      all.push(...joined.value, ...associated.value);
      remember(homes, person, all);
    }
    await homes.save();
    for (const one of all) session.result(collectedText(one), one);
    if (all.length === 0) session.note("Nobody has answered yet.");
    return all.some(({ kind }) => kind === "refused") ? EXIT.found : EXIT.done;
  });
}

/** Know who joined, and who has patients, when something is imported. */
function remember(homes: Homes, { home }: Person, all: readonly Collected[]): void {
  const listed = homes.people("organisation", "department").find((one) => one.home === home);
  if (listed === undefined) return;
  if (all.some(({ kind }) => kind === "associated")) homes.put({ ...listed, associates: true });
  for (const one of all) {
    if (one.kind !== "joined" || one.role !== "physician") continue;
    const { node: id, name } = one;
    if (homes.byId("practitioner", id) !== undefined) continue;
    const who = { role: "practitioner", id, name, parent: listed.id, key: "" } as const;
    const references = [`Practitioner/${id}`];
    homes.put({ ...who, references, identifiers: [], certified: BY_OTHERS });
  }
}

function collectedText(one: Collected): string {
  if (one.kind === "joined") return `certified ${one.name}  [${one.node}]`;
  if (one.kind === "associated") return `${one.label} has vault ${one.vault}`;
  return `an answer does not hold (${one.why})`;
}

/** Certify who has answered an organisation or department here. */
async function joinings(
  directory: Directory,
  cloud: Cloud,
  { identity, home }: Resident,
): Promise<Result<readonly Collected[], Failure>> {
  const desk = new JoinDesk(identity, home.store);
  const collected = await collectJoinings({ cloud, directory }, identity, desk);
  if (!collected.ok) return collected;
  const said = collected.value.map((one): Collected => {
    if (one.kind === "refused") return one;
    const { role, node, name } = one.who;
    return { kind: "joined", role, node, name };
  });
  return ok(said);
}

/** Learn whose vault is whose. */
async function associations(
  directory: Directory,
  resident: Resident,
): Promise<Result<readonly Collected[], Failure>> {
  const collected = await collectAssociations(directory, deskOf(resident));
  if (!collected.ok) return collected;
  const said = collected.value.map((one): Collected => {
    if (one.kind === "refused") return one;
    const { label, localId: patient, vault } = one.patient;
    return { kind: "associated", label, patient, vault: toHex(vault) };
  });
  return ok(said);
}

/** Whose vault is whose at an organisation: which certificate it has matters only to invite. */
export function deskOf({ home }: Resident): AssociationDesk {
  return new AssociationDesk(NO_CERTIFICATE, home.store);
}

const NO_CERTIFICATE = Digest.of(new Uint8Array(32));
