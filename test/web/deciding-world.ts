import { toHex } from "@salus/base";
import {
  type Account,
  certify,
  collectParcels,
  type Directory,
  httpCloud,
  httpDirectory,
  type Letter,
  OwnRequests,
  openVault,
  type Patient,
  type RequestOrder,
  sendParcel,
} from "@salus/client";
import {
  glucose,
  must,
  newMailbox,
  newSource,
  ProviderTree,
  pressure,
  somebody,
  type TestPhysician,
  type TestProvider,
  vaultOf,
} from "@salus/testkit";
import type { Page } from "playwright-core";
import { Authenticator, PASSWORD, type SignedUp, signUp } from "../accounts/person.ts";
import { isIn, press, signIn, type } from "./account-steps.ts";
import { orShown } from "./or-shown.ts";
import { type SmallWeb, startSmallWeb } from "./small-web.ts";

/** Two hospitals whom an authority has certified, behind the application. */
export interface Hospitals {
  readonly web: SmallWeb;
  readonly cloud: ReturnType<typeof httpCloud>;
  readonly directory: Directory;
  readonly tree: ProviderTree;
  readonly hospitals: readonly [TestProvider, TestProvider];
}

/** A patient with records in two hospitals, and the physicians who ask her, behind the application. */
export interface DecidingWorld extends Hospitals {
  readonly person: SignedUp;
  readonly app: Authenticator;
  /** Her vault, on a device of hers that is not the browser. */
  readonly patient: Patient;
}

const WEEK_MS = 7 * 86_400_000;

/** The demonstration of one patient. */
export async function startDecidingWorld(): Promise<DecidingWorld> {
  return withPatient(await startHospitals());
}

/** Nobody has come in yet. */
export async function startHospitals(): Promise<Hospitals> {
  const authority = await somebody();
  const web = await startSmallWeb([toHex(authority.identity.card.sign)]);
  const cloud = httpCloud(web.url);
  const directory = httpDirectory(`${web.url}/directory/`);
  const tree = new ProviderTree(cloud, authority);
  const hospitals = [await tree.organisation("north"), await tree.organisation("south")] as const;
  return { web, cloud, directory, tree, hospitals };
}

/** A patient, for whom both hospitals write one record of each kind. */
export async function withPatient(world: Hospitals): Promise<DecidingWorld> {
  const { cloud, directory, hospitals } = world;
  const person = await signUp(directory);
  const app = await Authenticator.addTo(person.account);
  must(await person.account.settleMailbox());
  const patient = must(await openVault(person.account, { cloud }));
  const owner = { ...(await somebody()), patient, vault: patient.vault };
  for (const { node, ...who } of hospitals) {
    const source = await newSource(cloud, owner, node, ["vitals", "laboratory"], who);
    const vault = await vaultOf(source, patient.vault);
    const resources = [pressure(`${node}-p`, 150), glucose(`${node}-g`, 150)];
    must(await vault.upload(resources.map((resource) => ({ resource }))));
  }
  return { ...world, person, app, patient };
}

/** A physician of the first hospital, by the name that her certificate has. */
export async function physicianCalled(
  { tree, hospitals: [north] }: DecidingWorld,
  node: string,
  name: string,
): Promise<TestPhysician> {
  const who = await somebody();
  const certificate = certify(north.identity, {
    ...{ role: "physician", node, parent: north.node, name },
    identifiers: [`https://registry.example|${name}`],
    card: who.identity.card,
    notBefore: Date.now() - 1000,
  });
  await tree.publish(north, [certificate]);
  await tree.attest(who.identity.card);
  return { ...who, node, certificate, mailbox: newMailbox() };
}

/** What a physician has asked, and how she hears of it. */
export interface Asked {
  readonly id: string;
  readonly own: OwnRequests;
  /** Collect the answer: whose it is, her own device verifies. */
  answer(): ReturnType<OwnRequests["learn"]>;
}

/** Ask the patient for what her hospitals have of her, for a month. */
export async function askPatient(
  { tree, directory, person }: DecidingWorld,
  doctor: TestPhysician,
  changes: Partial<RequestOrder> = {},
): Promise<Asked> {
  const { identity, store } = doctor;
  const own = new OwnRequests({ identity, registry: await tree.registry(), store });
  const [mailbox] = person.account.mailboxes();
  if (mailbox === undefined) throw new Error("the patient is unlocked");
  const order: RequestOrder = {
    ...{
      to: mailbox.mailbox,
      identifier: "",
      sources: "all",
      categories: ["laboratory", "vitals"],
    },
    ...{ expires: Date.now() + 4 * WEEK_MS, ...changes },
  };
  const { handle, letter } = must(await own.ask(order, doctor.mailbox.mailbox));
  await post(person.account, letter);
  const answer = async (): ReturnType<OwnRequests["learn"]> => {
    const { items } = must(await collectParcels(directory, doctor.mailbox));
    const last = items.findLast(({ type }) => type === "parcel");
    if (last?.type !== "parcel") throw new Error("no answer has come");
    return own.learn(last.statement);
  };
  return { id: toHex(handle), own, answer };
}

/** The directory does not care whose session a parcel comes from, and the patient has one. */
async function post(account: Account, { to, kind, statement }: Letter): Promise<void> {
  must(await sendParcel(must(account.inDirectory()), to, kind, statement));
}

/** The patient, signed in in a browser of her own. */
export async function patientAt({ web, person, app }: DecidingWorld): Promise<Page> {
  const page = await (await web.newBrowser()).newPage();
  await page.goto(web.url);
  const secret = person.deviceSecret.text;
  await signIn(page, { login: person.login, password: PASSWORD, secret });
  await type(page, /^The six digits/, await app.code());
  await press(page, "Continue");
  await isIn(page);
  return page;
}

/** Go to an address as a link does, without loading anything anew. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
}

/** Wait until nothing of a screen is still coming. */
export async function isSettled(page: Page): Promise<void> {
  await orShown(page, page.locator(".salus-page h1").waitFor());
  await orShown(page, page.locator(".salus-waiting").first().waitFor({ state: "detached" }));
}

/** Do something while the device believes that more than five minutes have gone by. */
export async function muchLater(page: Page, work: () => Promise<void>): Promise<void> {
  const [worker] = page.workers();
  if (worker === undefined) throw new Error("nobody is signed in");
  await worker.evaluate(() => {
    const own = globalThis as unknown as { now: () => number };
    own.now = Date.now;
    Date.now = () => own.now() + 360_000;
  });
  await work();
  await worker.evaluate(() => {
    Date.now = (globalThis as unknown as { now: () => number }).now;
  });
}
