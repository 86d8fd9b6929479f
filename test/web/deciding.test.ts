import { toHex } from "@salus/base";
import { AssociationDesk, ChainCache, decodeCard, encodeCard, grantProxy } from "@salus/client";
import { parseGrantTerms } from "@salus/protocol";
import { must, readerOf, somebody, type TestPhysician } from "@salus/testkit";
import type { Page } from "playwright-core";
import { encodeQR } from "qr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PASSWORD } from "../accounts/person.ts";
import { readIn } from "../running/hospital-scene.ts";
import { heading, press, rows, type } from "./account-steps.ts";
import {
  askPatient,
  type DecidingWorld,
  goTo,
  isSettled,
  muchLater,
  patientAt,
  physicianCalled,
  startDecidingWorld,
  withPatient,
} from "./deciding-world.ts";
import { HOSTILE_NAME, HOSTILE_NOTES } from "./hostile-texts.ts";

// Goal: a patient decides on the screens, and what she signs is what she was shown, whatever whoever asks
// has written; what she gave is seen, narrowed and ended there.
// Method: a real cloud, directory and site; physicians that ask from outside the browser; every outcome is
// looked at from the other side: the answer, the vault's chain, what a reader finds.

const DAY_MS = 86_400_000;

let world: DecidingWorld;
let page: Page;
/** Whom she has let read. */
let reader: TestPhysician;

beforeAll(async () => {
  world = await startDecidingWorld();
  page = await patientAt(world);
});

afterAll(() => world.web.stop());

/** Where our own words and buttons stand, from side to side, and what they say. */
function outline(): Promise<readonly string[]> {
  return page.evaluate(() => {
    const ours = "h1, h2, h3, .salus-checked li, .salus-label, .salus-page .salus-button, dt";
    return [...document.querySelectorAll<HTMLElement>(ours)].map((element) => {
      const { x, width, height } = element.getBoundingClientRect();
      return [element.innerText, x, width, height].join("|");
    });
  });
}

/** What a requester's words could have done to the screen. */
function disturbances(): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if ("pwned" in globalThis) found.push("a script ran");
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push("the page is wider than the screen");
    for (const box of document.querySelectorAll(".salus-told, .salus-quote blockquote")) {
      const outer = box.parentElement?.getBoundingClientRect();
      const inner = box.getBoundingClientRect();
      if (box.querySelector("*:not(bdi, code)")) found.push("there are elements in a text");
      if (!getComputedStyle(box).contain.includes("paint")) found.push("a text may leave its box");
      if (outer && (inner.left < outer.left - 1 || inner.right > outer.right + 1)) {
        found.push("a text is wider than what is around it");
      }
    }
    const button = [...document.querySelectorAll("button")].find(
      ({ textContent }) => textContent === "Yes, sign this",
    );
    button?.scrollIntoView({ block: "center" });
    const { x = 0, y = 0, width = 0, height = 0 } = button?.getBoundingClientRect() ?? {};
    const at = document.elementFromPoint(x + width / 2, y + height / 2);
    if (button === undefined || !button.contains(at)) found.push("the button is covered");
    return found;
  });
}

async function readAs(doctor: TestPhysician, query?: string): ReturnType<typeof readIn> {
  const owner = { ...(await somebody()), patient: world.patient, vault: world.patient.vault };
  return readIn({ cloud: world.cloud, owner }, doctor, query);
}

async function openRequest(id: string): Promise<void> {
  await goTo(page, "/requests");
  await heading(page, "Requests");
  await page.locator(`a[href="/requests/${id}"]`).click();
  await page.locator(".salus-sentence").waitFor();
}

describe("what a requester writes", () => {
  it("changes nothing of ours on the screen that signs, and runs nowhere", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const doctor = await physicianCalled(world, "dr-calm", "Dr Calm");
    const plain = await askPatient(world, doctor, { note: "Before the operation" });
    const hostile = await Promise.all(
      Object.entries(HOSTILE_NOTES).map(async ([name, note]) => {
        const { id } = await askPatient(world, doctor, { note });
        return { name, id };
      }),
    );
    await openRequest(plain.id);
    const calm = await outline();
    expect(calm.length).toBeGreaterThan(20);
    expect(await disturbances()).toEqual([]);
    let before = await page.locator("blockquote").innerText();
    for (const { name, id } of hostile) {
      await goTo(page, `/requests/${id}`);
      await page.locator(".salus-sentence").waitFor();
      const shown = await page.locator("blockquote").innerText();
      expect(shown, name).not.toBe(before);
      before = shown;
      expect(await disturbances(), name).toEqual([]);
      expect(await outline(), name).toEqual(calm);
    }
  });

  it("disturbs as little when it is her name", async () => {
    const doctor = await physicianCalled(world, "dr-odd", HOSTILE_NAME);
    const { id } = await askPatient(world, doctor, { purpose: "\u202E<b>TREAT</b>" });
    await openRequest(id);
    expect(await disturbances()).toEqual([]);
    expect(await page.getByRole("heading", { name: "Salus", exact: true }).count()).toBe(0);
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await disturbances()).toEqual([]);
  });
});

describe("a request", () => {
  it("is narrowed, and what is signed says what the sentence says", async () => {
    const doctor = await physicianCalled(world, "dr-north", "Dr North");
    const asked = await askPatient(world, doctor, { note: "For the visit" });
    await openRequest(asked.id);
    await page.getByText("Vital signs", { exact: true }).click();
    await page.getByLabel(/Until when/).selectOption("For one week");
    const sentence = page.locator(".salus-sentence", { hasText: "read laboratory results from" });
    expect(await sentence.innerText()).toMatch(
      /^You let Dr North, Name of north, read laboratory results from Name of north and Name of south/,
    );
    await page.getByText("The bytes that are signed").click();
    const bytes = page.locator(".salus-bytes code");
    await bytes.first().waitFor();
    const shown = await bytes.allTextContents();
    const terms = shown.map((hex) =>
      must(parseGrantTerms(Uint8Array.from(Buffer.from(hex, "hex")))),
    );
    // One for each hospital, and one for searching both at once.
    expect(terms).toHaveLength(3);
    const weekMs = 7 * 86_400_000;
    for (const { purpose, expires, grantee } of terms) {
      expect(purpose).toBe("TREAT");
      expect(Math.abs(expires - Date.now() - weekMs)).toBeLessThan(120_000);
      expect(grantee).toEqual(doctor.identity.card.sign);
    }
    await type(page, "A word back", "Only these, please");
    await muchLater(page, async () => {
      await press(page, "Yes, sign this");
      await heading(page, "Show that it is you");
    });
    await page.locator("input[type=password]").fill(PASSWORD);
    await press(page, "Continue");
    await heading(page, "You said yes");
    const learnt = must(await asked.answer());
    expect(learnt.outcome).toMatchObject({ state: "approved", note: "Only these, please" });
    const access = must(await asked.own.access(learnt.handle, world.cloud, new ChainCache()));
    expect(access.expires).toBe(terms[0]?.expires);
    expect(access.sources.map(({ categories }) => categories)).toEqual([
      ["laboratory"],
      ["laboratory"],
    ]);
    reader = doctor;
    const { ids, report } = await readAs(doctor);
    expect(report).toMatchObject({ failures: [], findings: [] });
    expect(ids.toSorted()).toEqual(["Observation/north-g", "Observation/south-g"]);
  });

  it("is denied with a word, and leaves nothing", async () => {
    const doctor = await physicianCalled(world, "dr-no", "Dr No");
    const asked = await askPatient(world, doctor, { note: "Everything" });
    must(await world.patient.sync());
    const before = world.patient.chain.head.seq;
    await openRequest(asked.id);
    await type(page, "A word back", "Not now");
    await press(page, "No");
    await press(page, "Say no");
    await heading(page, "You said no");
    expect(must(await asked.answer()).outcome).toMatchObject({ state: "denied", note: "Not now" });
    must(await world.patient.sync());
    expect(world.patient.chain.head.seq).toBe(before);
  });
});

describe("an access", () => {
  it("is seen with its last use and in the log, which was checked", async () => {
    await goTo(page, "/sharing");
    await page.getByText(/ago$|just now$/).waitFor();
    await page.getByRole("link", { name: "What was read" }).click();
    await heading(page, "Everything fits");
    await page.getByText("Observation?value-quantity=gt100").waitFor();
    expect(await page.getByText("searched", { exact: true }).count()).toBe(1);
    // She was certified only a moment before she was let in.
    expect(await page.getByText("Somebody whom no certificate names").count()).toBe(0);
    expect(page.url()).not.toContain("quantity");
  });

  it("is exported as audit events, in the clear, to a file", async () => {
    const saved = page.waitForEvent("download");
    await press(page, "Save as a file");
    const stream = await (await saved).createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const [event] = Buffer.concat(chunks).toString().trim().split("\n");
    expect(JSON.parse(event ?? "")).toMatchObject({ resourceType: "AuditEvent" });
  });

  it("raises an alarm when the log takes something back", async () => {
    const path = `${world.web.url}/v1/log/checkpoint`;
    const answer = await fetch(path);
    const body = Buffer.from(await answer.arrayBuffer());
    await readAs(reader, "Observation?value-quantity=gt90");
    await press(page, "Check again");
    await page.getByText("Observation?value-quantity=gt90").waitFor();
    await page.context().route(path, (route) => {
      return route.fulfill({ body, contentType: "application/cbor" });
    });
    await press(page, "Check again");
    await page.getByRole("alert").getByText("The log contradicts itself").waitFor();
    await page.getByText("It shows less than it has shown before.").first().waitFor();
    expect(await page.getByText("Everything fits").count()).toBe(0);
    await page.context().unroute(path);
    await press(page, "Check again");
    await heading(page, "Everything fits");
  });

  it("lasts longer, and is stopped: the reader finds nothing any more", async () => {
    const [given] = await livingGrants();
    await goTo(page, "/sharing");
    await press(page, "Longer");
    await page.getByText("30 days more").click();
    await press(page, "Let it last longer");
    await page.getByText("37 days left").waitFor();
    const [later] = await livingGrants();
    expect((later?.expires ?? 0) - (given?.expires ?? 0)).toBe(30 * 86_400_000);
    await press(page, "Stop");
    await page.getByText("What was already read cannot be unread.", { exact: false }).waitFor();
    await press(page, "Stop it now");
    await page.getByText("Nobody can read your record").waitFor();
    expect(await livingGrants()).toEqual([]);
  });
});

async function livingGrants() {
  must(await world.patient.sync());
  return world.patient.grants().filter(({ status }) => status === "live");
}

describe("a hospital", () => {
  it("is let in by the picture of a code, after it was shown who it is, and ended", async () => {
    const west = await world.tree.organisation("west");
    const registry = await world.tree.registry();
    const certificate = registry.byKey(west.identity.card.sign)?.certificate;
    if (certificate === undefined) throw new Error("it is certified");
    const desk = new AssociationDesk(certificate, west.store);
    const { url } = world.web;
    const text = await desk.invite("Ann", { cloud: url, directory: `${url}/directory/` });
    await goTo(page, "/sources");
    await page.getByText("Scan, open or paste an invitation").click();
    const chooser = page.waitForEvent("filechooser");
    await press(page, "Open a picture");
    const picture = Buffer.from(encodeQR(text, "gif", { scale: 4, border: 4 }));
    await (await chooser).setFiles({ name: "code.gif", mimeType: "image/gif", buffer: picture });
    await heading(page, "This hospital invites you");
    await page.getByText("Name of west", { exact: true }).waitFor();
    await press(page, "Let it write");
    await page.getByText("It may write now").waitFor();
    expect(await sourceState(west.identity.card.sign)).toBe("live");
    const card = page.locator(".salus-card", { hasText: "Name of west" });
    await card.getByText("Has written nothing yet").waitFor();
    await card.getByRole("button", { name: "Stop" }).click();
    await press(page, "Let it write no more");
    await card.getByText("Ended").waitFor();
    expect(await sourceState(west.identity.card.sign)).toBe("ended");
  });

  async function sourceState(key: Uint8Array): Promise<string | undefined> {
    must(await world.patient.sync());
    return world.patient.sources().find((source) => toHex(source.key) === toHex(key))?.status;
  }
});

describe("what she is found by", () => {
  it("is added, and hidden after she has shown who she is", async () => {
    await goTo(page, "/sources");
    await page.getByText("Add something you are found by").click();
    await page.locator("input[type=email]").fill("ann@example.org");
    await press(page, "Add");
    await page.getByText("ann@example.org").waitFor();
    expect(await rows(page, "What you are found by")).toBe(1);
    await page.getByText("Only by my own code").click();
    await page.getByText("Nobody finds you by these now", { exact: false }).waitFor();
    const session = must(world.person.account.inDirectory());
    const info = must(await world.directory.account(session.caller));
    expect(info.discoverable).toBe(false);
  });
});

describe("somebody whom she trusts", () => {
  it("reads everything after two have compared the number of a card, until she stops it", async () => {
    const kim = await somebody();
    await goTo(page, "/proxies");
    await page.getByText("I have the text of a card").click();
    await type(page, "What you call that person", "Kim");
    await type(page, "Text of the card", encodeCard(kim.identity.card));
    await page.getByText("The numbers are the same").click();
    await press(page, "Let this person read everything");
    await page.getByText("That person can read now").waitFor();
    const reader = await readerOf(world.cloud, kim);
    expect(must(await reader.vaults())).toEqual([world.patient.vault]);
    const [grant] = await livingGrants();
    expect(grant).toMatchObject({ purpose: "FAMRQT" });
    await page.getByText("Kim", { exact: true }).waitFor();
    await press(page, "Stop");
    await press(page, "Stop it now");
    await page.getByText("Nobody reads in your place").waitFor();
    expect(await livingGrants()).toEqual([]);
  });

  it("is read for by her, apart from her own record, and nothing is written there", async () => {
    const { patient: other } = await withPatient(world);
    await goTo(page, "/proxies");
    await page.getByText("Nobody has let you read their record").waitFor();
    await page.getByText("Show my card").click();
    const to = must(decodeCard(await page.getByLabel("Text of your card").inputValue()));
    const now = Date.now();
    const order = { to, purpose: "FAMRQT", expires: now + DAY_MS } as const;
    must(await grantProxy(other, order, { at: now }));
    await goTo(page, "/record");
    await heading(page, "Record");
    await goTo(page, "/proxies");
    await page.getByRole("button", { name: /^Read the record of/ }).click();
    const banner = page.getByRole("region", { name: "Whose record this is" });
    await banner.getByText("you sign nothing in it", { exact: false }).waitFor();
    await page.locator(".salus-line").first().waitFor();
    expect(await page.getByRole("link", { name: "Requests" }).count()).toBe(0);
    await page.locator(".salus-home .salus-line a").first().click();
    await isSettled(page);
    expect(await page.getByText("Say what is wrong or missing").count()).toBe(0);
    await press(page, "Back to my record");
    await page.getByRole("link", { name: "Requests" }).first().waitFor();
    expect(await banner.count()).toBe(0);
  });
});

describe("all of it", () => {
  it("asked no other origin, and nothing that the policy forbids", async () => {
    await goTo(page, "/code");
    await page.getByRole("img", { name: "Your own code, to be scanned" }).waitFor();
    expect(world.web.breaches).toEqual([]);
  });
});
