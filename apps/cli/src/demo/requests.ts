import { ok, type Result } from "@salus/base";
import {
  emailIdentifier,
  httpDirectory,
  registerIdentifier,
  sendParcel,
  signIn,
} from "@salus/client";
import type { Category } from "@salus/health";
import { newestMailbox, openMember } from "../accounts/member.ts";
import { find, hear, openRequester } from "../asked/requester.ts";
import { type Decider, openDecider } from "../deciding/decider.ts";
import { readInbox } from "../deciding/inbox.ts";
import type { Failure } from "../words.ts";
import type { DemoAccount, SignedUpCast, Signing } from "./people.ts";

const FILE = "demo-requests";
const MONTH_MS = 30 * 86_400_000;

/** What each physician asks for, and whether the patient lets her. */
interface Asking {
  readonly categories: readonly Category[] | "all";
  readonly note: string;
  /** What the patient narrows it to; nothing while she has not answered. */
  readonly approved?: readonly Category[];
}

const ASKING: readonly Asking[] = [
  {
    categories: "all",
    note: "To know you before we meet",
    approved: ["allergies", "conditions", "medications", "laboratory", "vitals"],
  },
  { categories: ["medications", "allergies"], note: "Before the operation" },
  { categories: "all", note: "For a second opinion" },
];

/**
 * Let the physicians find the patient and ask, and the patient answer the first: what is left waits
 * for whoever tries the demo.
 *
 * Done once: another start finds it done.
 */
export async function fillRequests(
  signing: Signing,
  { accounts, fresh }: SignedUpCast,
): Promise<Result<void, Failure>> {
  const { homes } = signing;
  const done = await homes.root.store.read(FILE);
  if (!done.ok) return done;
  const patient = accounts.find(({ role }) => role === "patient");
  if (done.value !== undefined || patient === undefined) return ok(undefined);
  const physicians = accounts.filter(({ role }) => role === "practitioner");
  for (const account of [patient, ...physicians]) {
    const entered = fresh.has(account.login) ? ok(undefined) : await enter(signing, account);
    if (!entered.ok) return entered;
  }
  const found = await beFound(signing, patient);
  if (!found.ok) return found;
  for (const [at, physician] of physicians.entries()) {
    const asking = ASKING[at];
    const asked = asking && (await ask(signing, physician, patient, asking));
    if (asked?.ok === false) return asked;
  }
  const answered = await answer(signing, patient);
  if (!answered.ok) return answered;
  const [first] = physicians;
  const heard = first === undefined ? ok(undefined) : await listen(signing, first);
  if (!heard.ok) return heard;
  await homes.root.store.write(FILE, new Uint8Array([1]));
  return ok(undefined);
}

/** Sign somebody in anew: practitioners are signed out after ten idle minutes. */
async function enter(
  { homes, directory }: Signing,
  { id, role, login, password }: DemoAccount,
): Promise<Result<void, Failure>> {
  const person = homes.byId(role, id);
  const resident = person && (await homes.open(person));
  if (resident === undefined) return ok(undefined);
  if (!resident.ok) return resident;
  const at = { directory: httpDirectory(directory), store: resident.value.home.store };
  const account = await signIn(at, { login, password, role });
  return account.ok ? ok(undefined) : account;
}

async function beFound(
  { homes, directory }: Signing,
  { id, login }: DemoAccount,
): Promise<Result<void, Failure>> {
  const member = await openMember(homes, directory, id, "patient");
  if (!member.ok) return member;
  const email = emailIdentifier(login);
  if (!email.ok) return email;
  const registered = await registerIdentifier(member.value.directory, email.value);
  return registered.ok ? ok(undefined) : registered;
}

async function ask(
  signing: Signing,
  physician: DemoAccount,
  patient: DemoAccount,
  { categories, note }: Asking,
): Promise<Result<void, Failure>> {
  const requester = await openRequester(signing.homes, signing, physician.id);
  if (!requester.ok) return requester;
  const email = emailIdentifier(patient.login);
  if (!email.ok) return email;
  const to = await find(requester.value, email.value, "TREAT");
  if (!to.ok) return to;
  const { member, requests } = requester.value;
  const expires = Date.now() + MONTH_MS;
  const identifier = `email|${email.value.value}`;
  const asked = await requests.ask(
    { to: to.value, identifier, sources: "all", categories, expires, note },
    newestMailbox(member).mailbox,
  );
  if (!asked.ok) return asked;
  const { letter } = asked.value;
  return sendParcel(member.directory, letter.to, letter.kind, letter.statement);
}

/** An answer is heard once, and by one device: it is to be among what others get of this one. */
async function listen(signing: Signing, { id }: DemoAccount): Promise<Result<void, Failure>> {
  const requester = await openRequester(signing.homes, signing, id);
  if (!requester.ok) return requester;
  const heard = await hear(requester.value);
  return heard.ok ? ok(undefined) : heard;
}

async function answer(signing: Signing, patient: DemoAccount): Promise<Result<void, Failure>> {
  const decider = await openDecider(signing.homes, signing, patient.id);
  if (!decider.ok) return decider;
  const inbox = await readInbox(decider.value);
  if (!inbox.ok) return inbox;
  for (const { opened } of inbox.value.pending) {
    const asking = ASKING.find(({ note }) => note === opened.request.note);
    if (asking?.approved === undefined) continue;
    const approved = await approve(decider.value, opened, asking.approved);
    if (!approved.ok) return approved;
  }
  return ok(undefined);
}

async function approve(
  { member, requests }: Decider,
  opened: Parameters<Decider["requests"]["propose"]>[0],
  categories: readonly Category[],
): Promise<Result<void, Failure>> {
  const proposal = requests.propose(opened, { categories });
  if (!proposal.ok) return proposal;
  const approved = await requests.approve(proposal.value, { at: Date.now() });
  if (!approved.ok) return approved;
  const { to, kind, statement } = approved.value.letter;
  return sendParcel(member.directory, to, kind, statement);
}
