import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addApp,
  heading,
  isIn,
  type Kit,
  lock,
  press,
  rows,
  security,
  signIn,
  signUp,
  type,
  typeWords,
  unlock,
} from "./account-steps.ts";
import { plugIn, type SmallWeb, startSmallWeb } from "./small-web.ts";

// Goal: a person signs up, comes in on other devices, opens what a browser keeps, changes what protects
// her, and leaves nothing behind, all of it on the screens and against the real directory and cloud.
// Method: separate browsers of Debian's Chromium with a virtual authenticator; each step goes on from
// where the one before has left her, and what was sent and kept is looked through afterwards.

const LOGIN = "ann@example.org";
const PASSWORD = "correct horse battery";
const CHANGED = "another horse altogether";
/** Longer than a step-up lasts. */
const STEP_UP_MS = 6 * 60_000;

let web: SmallWeb;
let kit: Kit;
/** Her first browser, and the bodies that left it. */
let home: Page;
let sent: Buffer[];
let tablet: Page;

beforeAll(async () => {
  web = await startSmallWeb();
  const context = await web.newBrowser({ serviceWorkers: "allow" });
  sent = [];
  context.on("request", (request) => sent.push(request.postDataBuffer() ?? Buffer.alloc(0)));
  await context.addInitScript(noteOutputs);
  home = await visit(context);
  await plugIn(home);
});

afterAll(() => web.stop());

async function visit(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(web.url);
  await heading(page, "Sign in");
  return page;
}

describe("a person", () => {
  it("signs up: a phrase that she shows she has, and a second factor", async () => {
    kit = await signUp(home, LOGIN, PASSWORD, async () => {
      await home.getByText("How your record is searched").click();
      await home.getByText("Without any order").click();
    });
    expect(sent.some((body) => body.includes("sealed-only"))).toBe(true);
    expect(kit.words).toHaveLength(24);
    await security(home);
    expect(await rows(home, "Second factors")).toBe(1);
    expect(await rows(home, "Ways to open")).toBe(2);
    expect(await rows(home, "Devices")).toBe(1);
  });

  it("opens what her browser keeps by a passkey, whose output never leaves the device", async () => {
    await press(home, "Add a passkey");
    await home.getByText("This passkey signs you in, and opens").waitFor();
    await lock(home);
    await press(home, "Use a passkey");
    await heading(home, "Second factors");
    expect(await rows(home, "Ways to open")).toBe(3);
    const outputs = await home.evaluate(() => (globalThis as { outputs?: string[] }).outputs ?? []);
    expect(outputs.length).toBeGreaterThanOrEqual(3);
    expect(sent.some((body) => body.includes("attestationObject"))).toBe(true);
    for (const output of outputs) {
      const bytes = Buffer.from(output, "hex");
      const forms = [
        bytes,
        ...(["hex", "base64", "base64url"] as const).map((as) => bytes.toString(as)),
      ];
      for (const form of forms) expect(sent.some((body) => body.includes(form))).toBe(false);
    }
  });

  it("opens it by her password, in one tab, and not by another's", async () => {
    await lock(home);
    await unlock(home, "somebody else's");
    await home.getByText("That does not open what is kept here.").waitFor();
    await unlock(home, PASSWORD);
    await heading(home, "Second factors");
    const other = await home.context().newPage();
    await other.goto(web.url);
    await heading(other, "Welcome back");
    await unlock(other, PASSWORD);
    await other.getByText("It is open in another tab of this browser.").waitFor();
    await other.close();
  });

  it("comes in on a second device with password, code and device secret", async () => {
    tablet = await visit(await web.newBrowser());
    await signIn(tablet, { login: LOGIN, password: PASSWORD, secret: kit.secret.toLowerCase() });
    await heading(tablet, "Once more, to be sure it is you");
    await tablet.getByText("Authenticator app").click();
    await type(tablet, /^The six digits/, "000000");
    await press(tablet, "Continue");
    await tablet.getByText("That was not taken. Try once more.").waitFor();
    await type(tablet, /^The six digits/, await kit.app.code());
    await press(tablet, "Continue");
    await isIn(tablet);
    await security(tablet);
    expect(await rows(tablet, "Devices")).toBe(2);
  });

  it("lets a third in by its card, without the secret", async () => {
    const phone = await visit(await web.newBrowser());
    await signIn(phone, { login: LOGIN, password: PASSWORD });
    await phone.getByText("Authenticator app").click();
    await type(phone, /^The six digits/, await kit.app.code());
    await press(phone, "Continue");
    await heading(phone, "One more step on this device");
    await press(phone, "I have let it in");
    await phone.getByText("Not yet.").waitFor();
    const card = await phone.getByLabel("This device's card").last().inputValue();
    await home.getByText("Let a device in").click();
    await type(home, "Text of the code", card);
    await press(home, "Read it");
    await home.getByText("Done", { exact: true }).waitFor();
    await press(phone, "I have let it in");
    await isIn(phone);
    await phone.context().close();
  });

  it("changes her password; a browser that was elsewhere takes the new one", async () => {
    await home.getByText("Change the password").first().click();
    await type(home, "New password", CHANGED);
    await type(home, "Password again", CHANGED);
    await press(home, "Change the password");
    await home.getByText("The password is changed.").waitFor();
    await lock(tablet);
    await unlock(tablet, PASSWORD);
    await heading(tablet, "Sign in again");
    await type(tablet, "Password", CHANGED);
    await press(tablet, "Sign in");
    await isIn(tablet);
    await lock(tablet);
    await unlock(tablet, PASSWORD);
    await tablet.getByText("That does not open what is kept here.").waitFor();
    await unlock(tablet, CHANGED);
    await isIn(tablet);
  });

  it("draws another phrase, which counts once she has shown that she has it", async () => {
    await home.getByText("A new recovery phrase").click();
    await press(home, "Make a new page");
    await home.locator(".salus-kit").waitFor();
    const words = await home.locator(".salus-words li").allTextContents();
    await typeWords(home, words);
    await press(home, "Use these words from now on");
    await home.getByText("The new words count.").waitFor();
    expect(words).not.toEqual(kit.words);
    kit = { ...kit, words };
  });

  it("takes devices out, when she has shown who she is: they are strangers from then on", async () => {
    await home.reload();
    await unlock(home, CHANGED);
    await security(home);
    expect(await rows(home, "Devices")).toBe(3);
    web.clock.ahead = STEP_UP_MS;
    for (let left = 3; left > 1; left -= 1) {
      await home
        .getByRole("button", { name: /^Take out:/ })
        .first()
        .click();
      await press(home, "Take out");
      if (left === 3) await showHerself(home);
      await expect.poll(() => rows(home, "Devices"), { timeout: 60_000 }).toBe(left - 1);
    }
    web.clock.ahead = 0;
    await lock(tablet);
    await unlock(tablet, CHANGED);
    await heading(tablet, "Once more, to be sure it is you");
  });

  it("comes back with her phrase alone, and has to add a new second factor", async () => {
    const library = await visit(await web.newBrowser());
    await library.getByRole("link", { name: "I lost my password or my devices" }).click();
    await type(library, "E-mail address or name you signed up with", LOGIN);
    await type(library, "Your 24 words", kit.words.join("  ").toUpperCase());
    await type(library, "New password", PASSWORD);
    await type(library, "Password again", PASSWORD);
    await library.getByText("Others use this computer too").click();
    await press(library, "Come back");
    await addApp(library);
    await leaveNothing(library);
    await library.context().close();
  });

  it("opens what is kept without a network", async () => {
    await lock(home);
    await web.cutOff();
    await unlock(home, CHANGED);
    await home.getByText("No network: this is what was last seen here.").waitFor();
  });

  it("never asked another origin, nor did anything that the policy forbids", () => {
    expect(web.breaches).toEqual([]);
  });
});

/** Asked who she is before something final: another password first, then hers. */
async function showHerself(page: Page): Promise<void> {
  const asked = page.getByRole("dialog", { name: "Show that it is you" });
  for (const password of [PASSWORD, CHANGED]) {
    await asked.getByLabel("Password", { exact: true }).last().fill(password);
    await asked.getByRole("button", { name: "Continue" }).click();
    if (password === PASSWORD) await asked.getByText("That did not let you in").waitFor();
  }
}

/** Sign out of a shared computer: what is left there says nothing. */
async function leaveNothing(page: Page): Promise<void> {
  await security(page);
  await press(page, "Sign out");
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await heading(page, "Sign in");
  const left = await page.evaluate(entriesLeft);
  expect(left).toEqual({ entries: 0, kept: [], cookies: "" });
}

// What follows runs in pages: nothing of this module is in scope there.

interface Extensions {
  readonly prf?: { readonly results?: object };
}

/** Note every output of `prf` that a page is given. */
function noteOutputs(): void {
  const scope = globalThis as { outputs?: string[] };
  const { prototype } = PublicKeyCredential;
  const given = prototype.getClientExtensionResults;
  prototype.getClientExtensionResults = function () {
    const results = given.call(this);
    const outputs = (results as Extensions).prf?.results;
    for (const output of Object.values(outputs ?? {}) as ArrayBuffer[]) {
      const hex = [...new Uint8Array(output)].map((byte) => byte.toString(16).padStart(2, "0"));
      scope.outputs = [...(scope.outputs ?? []), hex.join("")];
    }
    return results;
  };
}

async function entriesLeft(): Promise<object> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
  let entries = 0;
  for (const { name = "" } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      entries += await done(database.transaction(store).objectStore(store).count());
    }
    database.close();
  }
  const kept = [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
  return { entries, kept, cookies: document.cookie };
}
