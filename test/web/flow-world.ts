import {
  AssociationDesk,
  attest,
  certify,
  collectAssociations,
  collectJoinings,
  emailIdentifier,
  JoinDesk,
  type Resource,
  registerIdentifier,
} from "@salus/client";
import { Source, type SourceVault } from "@salus/client/writer";
import { CATEGORIES } from "@salus/health";
import { must, newSource, somebody, type TestProvider, vaultOf } from "@salus/testkit";
import type { Page } from "playwright-core";
import { Authenticator, PASSWORD, signUp } from "../accounts/person.ts";
import { heading, isIn, press, type } from "./account-steps.ts";
import { type DecidingWorld, goTo, type Hospitals } from "./deciding-world.ts";
import { HOSTILE_NAME } from "./hostile-texts.ts";
import { enterAt, tabTo, writeAt } from "./keyboard.ts";
import { orShown } from "./or-shown.ts";
import { PATIENCE_MS } from "./small-web.ts";

/** Let a patient let a hospital in, by the text of its invitation. Gives: with what it writes. */
export async function letIn(
  page: Page,
  { web, cloud, directory, tree }: Hospitals,
  { identity, store, node }: TestProvider,
): Promise<{ readonly source: Source; readonly vault: SourceVault }> {
  const certificate = (await tree.registry()).byKey(identity.card.sign)?.certificate;
  if (certificate === undefined) throw new Error("it is certified");
  const desk = new AssociationDesk(certificate, store);
  const places = { cloud: web.url, directory: `${web.url}/directory/` };
  const text = await desk.invite("a patient of ours", places);
  await goTo(page, "/sources");
  await page.getByText("Scan, open or paste an invitation").click();
  await type(page, "Text of the code", text);
  await press(page, "Read it");
  await heading(page, "This hospital invites you");
  await press(page, "Let it write");
  await page.getByText("It may write now").waitFor();
  const [answer] = must(await collectAssociations(directory, desk));
  if (answer?.kind !== "associated") throw new Error("she has let it in");
  const source = must(await Source.open({ cloud, store, node }));
  return { source, vault: must(await source.open(answer.patient.vault)) };
}

/** A hospital by the name that its certificate has, to which a patient has given everything. */
export async function hospitalCalled(
  { cloud, tree }: Hospitals,
  name: string,
  { patient }: Pick<DecidingWorld, "patient">,
): Promise<SourceVault> {
  const who = await somebody();
  const node = "called";
  const card = who.identity.card;
  const said = { role: "organisation", node, parent: "", name, card } as const;
  const { authority } = tree;
  const certificate = certify(authority.identity, { ...said, notBefore: Date.now() - 1000 });
  await tree.publish(authority, [certificate]);
  const owner = { ...(await somebody()), patient, vault: patient.vault };
  return vaultOf(await newSource(cloud, owner, node, CATEGORIES, who), patient.vault);
}

/** Let a patient be found by an address. */
export async function findable({ person }: DecidingWorld, address: string): Promise<void> {
  const session = must(person.account.inDirectory());
  must(await registerIdentifier(session, must(emailIdentifier(address))));
}

/** Look for whoever has an address, and ask for everything that is not sensitive. */
export async function askOnScreen(doctor: Page, address: string, note: string): Promise<void> {
  await goTo(doctor, "/find");
  await doctor.getByText("E-mail address", { exact: true }).click();
  await doctor.locator("input[type=email]").fill(address);
  await press(doctor, "Find");
  await heading(doctor, "Ask for access");
  await type(doctor, "A word to the patient", note);
  await press(doctor, "Look at it once more");
  await heading(doctor, "This is what she will be asked");
  await doctor.getByText(note).waitFor();
  await press(doctor, "Send the request");
  await heading(doctor, "Waiting for an answer");
  await doctor.getByText("can be answered until", { exact: false }).first().waitFor();
}

const NOTHING = "There is nothing here";

/** Go to a place, and wait until it stands there and nothing of what was there before. */
export async function visit(page: Page, place: string): Promise<void> {
  await orShown(page, page.evaluate(comeTo, [place, NOTHING, PATIENCE_MS] as const));
}

/**
 * Runs in the page. It waits where changes are told: to ask from outside, or with each frame, whether a
 * screen is there takes as long as to draw it.
 */
async function comeTo([place, nothing, patienceMs]: readonly [
  string,
  string,
  number,
]): Promise<void> {
  const go = (to: string): void => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  };
  const until = (isThere: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isThere()) return;
        end();
        resolve();
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, characterData: true });
      const late = setTimeout(() => {
        end();
        reject(new Error(`no screen came in ${patienceMs} ms`));
      }, patienceMs);
      const end = (): void => {
        observer.disconnect();
        clearTimeout(late);
      };
      look();
    });
  const heading = (): string | undefined =>
    document.querySelector(".salus-page h1")?.textContent ?? undefined;
  const isSettled = (): boolean => {
    const isWaiting = document.querySelector(".salus-waiting") !== null;
    return heading() !== undefined && heading() !== nothing && !isWaiting;
  };
  go("/nowhere");
  await until(() => heading() === nothing);
  go(place);
  await until(isSettled);
  // What a screen fetches late begins to wait after it is there.
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  await until(isSettled);
}

export async function write(vault: SourceVault, resources: readonly Resource[]): Promise<void> {
  must(await vault.upload(resources.map((resource) => ({ resource }))));
}

/** A practitioner with an account, who comes in and is certified by a hospital that has invited her. */
export async function practitionerAt(
  { web, cloud, directory, tree, hospitals: [north] }: Hospitals,
  page: Page,
  name: string,
): Promise<void> {
  const person = await signUp(directory, { roles: ["practitioner"] });
  const app = await Authenticator.addTo(person.account);
  await page.goto(web.url);
  await type(page, "E-mail address or name you signed up with", person.login);
  await type(page, "Password", PASSWORD);
  await page.getByText("Practitioner", { exact: true }).click();
  await type(page, "Device secret from your printed kit", person.deviceSecret.text);
  await press(page, "Sign in");
  await type(page, /^The six digits/, await app.code());
  await press(page, "Continue");
  await isIn(page);
  const desk = new JoinDesk(north.identity, north.store);
  const node = `physician-${person.login}`;
  const places = { cloud: web.url, directory: `${web.url}/directory/` };
  const order = { role: "physician", node, parent: north.node, name, ...places } as const;
  await type(page, "Invitation from your hospital", await desk.invite(order));
  await press(page, "Answer the invitation");
  await page.getByText("Your hospital has it now.", { exact: false }).waitFor();
  must(await collectJoinings({ cloud, directory }, north.identity, desk));
  const provider = (await tree.registry()).byNode(node);
  if (provider === undefined) throw new Error("she has joined");
  await tree.publish(tree.authority, [attest(tree.authority.identity, provider)]);
  await press(page, "Look again");
  await page.getByText("This device is not certified yet").waitFor({ state: "detached" });
}

/** The second patient signs in without a mouse, on a browser that she calls something odd. */
export async function signInByKeys(page: Page, { web, person, app }: DecidingWorld): Promise<void> {
  await page.goto(web.url);
  // The heading is there before it is known whether this browser keeps anything, and the form is not.
  await page.getByRole("form", { name: "Sign in" }).waitFor();
  await writeAt(page, "E-mail address or name you signed up with", person.login);
  await writeAt(page, "Password", PASSWORD);
  await writeAt(page, "Device secret from your printed kit", person.deviceSecret.text);
  await tabTo(page, "Name of this account in this browser");
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(HOSTILE_NAME);
  await enterAt(page, "Sign in");
  // The cursor is put there for her.
  const code = page.getByLabel(/^The six digits/).and(page.locator(":focus"));
  await orShown(page, code.waitFor());
  await page.keyboard.type(await app.code());
  await page.keyboard.press("Enter");
  await isIn(page);
}
