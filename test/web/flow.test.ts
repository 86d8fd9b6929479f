import { WritingDesk } from "@salus/client";
import type { Source } from "@salus/client/writer";
import { must } from "@salus/testkit";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heading, type Kit, press, signUp, type } from "./account-steps.ts";
import {
  type DecidingWorld,
  goTo,
  isSettled,
  muchLater,
  startHospitals,
  withPatient,
} from "./deciding-world.ts";
import * as her from "./flow-record.ts";
import {
  askOnScreen,
  findable,
  hospitalCalled,
  letIn,
  practitionerAt,
  signInByKeys,
  visit,
  write,
} from "./flow-world.ts";
import { disturbances, hostileRecords } from "./hostile-record.ts";
import { HOSTILE_NAME } from "./hostile-texts.ts";
import { hostileRequests, whereHospitalsSpeak, whereTheyAreRead } from "./hostile-tour.ts";
import { enterAt, tabTo, writeAt } from "./keyboard.ts";
import { keepsNothingOf, opensNoWindow, sentNothingOf } from "./leaks.ts";
import { plugIn } from "./small-web.ts";

// Goal: two people who have never met do on their own screens all that Salus is for: one finds the other,
// asks, is let in for less, reads, writes, and is stopped; whatever hospitals and requesters write, and
// without anybody else learning of it. Attacks: W-01, W-04, W-05 of the list.
// Method: separate browsers of Debian's Chromium over a real cloud, directory and site. One patient signs
// up and decides on a phone; the other has a keyboard alone, and a hospital that writes a thousand hostile
// texts for her. The practitioner is certified by a hospital that has invited her.

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };
const DOCTOR = "Dr Vera Norling";
const SECOND_EMAIL = "ann-found-by@example.org";

let world: DecidingWorld;
/** With what the practitioner's hospital stores what she writes. */
let north: Source;
let kit: Kit;
let patient: Page;
let second: Page;
let doctor: Page;
/** All that the first patient's browser has sent, with addresses. */
const sent: Buffer[] = [];

beforeAll(async () => {
  world = await withPatient(await startHospitals());
  // Hers is the browser that is searched.
  patient = await newPage(PHONE, { serviceWorkers: "allow" });
  second = await newPage(DESK);
  doctor = await newPage(PHONE);
  patient.context().on("request", (request) => {
    const { url, headers } = { url: request.url(), headers: JSON.stringify(request.headers()) };
    sent.push(Buffer.from(`${url}\n${headers}\n`), request.postDataBuffer() ?? Buffer.alloc(0));
  });
  await patient.goto(world.web.url);
  const hostile = hospitalCalled(world, HOSTILE_NAME, world).then((vault) =>
    write(vault, hostileRecords()),
  );
  await Promise.all([
    signsUp(),
    practitionerAt(world, doctor, DOCTOR),
    findable(world, SECOND_EMAIL),
    hostile,
  ]);
});

afterAll(() => world.web.stop());

async function newPage(
  viewport: { readonly width: number; readonly height: number },
  options?: BrowserContextOptions,
): Promise<Page> {
  return (await world.web.newBrowser({ viewport, ...options })).newPage();
}

/** A patient signs up, lets two hospitals in, and may be found by her address. */
async function signsUp(): Promise<void> {
  await plugIn(patient);
  kit = await signUp(patient, her.LOGIN, her.PASSWORD);
  for (const hospital of world.hospitals) {
    const { source, vault } = await letIn(patient, world, hospital);
    await write(vault, her.written(hospital.node));
    if (hospital.node === "north") north = source;
  }
  await patient.getByText("Add something you are found by").click();
  await patient.locator("input[type=email]").fill(her.EMAIL);
  await press(patient, "Add");
  await patient.getByText(her.EMAIL).waitFor();
}

describe("on phones", () => {
  it("a practitioner finds a patient and asks, and she gives less, by her passkey", async () => {
    await askOnScreen(doctor, her.EMAIL, "Before the visit on Monday");
    await visit(patient, "/security");
    await press(patient, "Add a passkey");
    await patient.getByText("This passkey signs you in, and opens").waitFor();
    await visit(patient, "/requests");
    await patient.getByRole("link", { name: DOCTOR }).click();
    await patient.getByText("Before the visit on Monday").waitFor();
    await patient.getByText("Laboratory results", { exact: true }).click();
    await patient.locator(".salus-sentence").filter({ hasNotText: "laboratory" }).first().waitFor();
    await muchLater(patient, async () => {
      await press(patient, "Yes, sign this");
      await heading(patient, "Show that it is you");
    });
    await patient.getByRole("dialog").getByText("Passkey", { exact: true }).click();
    await press(patient, "Use the passkey");
    await heading(patient, "You said yes");
  });

  it("she reads what was given, of both hospitals, and is told what was not", async () => {
    await visit(doctor, "/patients");
    await doctor.getByRole("link", { name: /Patient with e-mail address/ }).click();
    await heading(doctor, her.NAME);
    await isSettled(doctor);
    await doctor.getByText("Laboratory: hidden").waitFor();
    await doctor.getByText("Medicines: none recorded").waitFor();
    await doctor.getByText("Penicillin").waitFor();
    await goTo(doctor, `${new URL(doctor.url()).pathname}/search`);
    await press(doctor, "Systolic blood pressure above 140");
    await doctor.getByText("2 of 2 sources answered").waitFor();
    const found = await doctor.getByRole("table").innerText();
    expect(found).toMatch(/161\.8.*Name of north\s.*143.*Name of south/s);
    expect(doctor.url()).not.toContain("8480");
  });

  it("she writes a note, which the patient finds under her name, and who has looked", async () => {
    await doctor.getByRole("link", { name: "Write", exact: true }).click();
    await type(doctor, "Heading", "Visit of Monday");
    await type(doctor, "Text", her.WRITTEN);
    await press(doctor, "Look at it");
    await heading(doctor, "This is what you sign");
    await press(doctor, "Sign and hand over");
    await heading(doctor, "Handed to your hospital");
    const { directory, tree } = world;
    const desk = new WritingDesk({ source: north, directory, registry: await tree.registry() });
    expect(must(await desk.collect())).toEqual({ stored: 1, refused: [] });
    await doctor.getByText("It stands in the record now.").waitFor();
    await visit(patient, "/record/documents");
    await patient.getByRole("link", { name: /Visit of Monday/ }).click();
    await patient.getByText(her.WRITTEN).first().waitFor();
    await patient.getByText(DOCTOR).first().waitFor();
    await visit(patient, "/log");
    await heading(patient, "Everything fits");
    const log = await patient.getByRole("main").innerText();
    expect(log).toContain("Observation?combo-code-value-quantity=8480-6$gt140&_sort=-date");
    for (const did of ["looked for you", "was let in by you", "searched"]) {
      expect(log).toContain(`${DOCTOR} ${did}`);
    }
  });

  it("she is stopped while the chart is open: it says ended, and not that there is none", async () => {
    await doctor.getByRole("link", { name: "Summary", exact: true }).click();
    await doctor.getByText("Laboratory: hidden").waitFor();
    await visit(patient, "/sharing");
    await press(patient, "Stop");
    await press(patient, "Stop it now");
    await patient.getByText("Nobody can read your record").waitFor();
    await doctor.getByRole("link", { name: "Visits", exact: true }).click();
    await doctor.getByText("The patient has ended your access").waitFor();
    const left = await doctor.getByRole("main").innerText();
    expect(left).not.toMatch(/none recorded|hidden|Penicillin|days left/);
    await visit(doctor, "/questions");
    await doctor.getByText("No patient shares with you now.").waitFor();
    await visit(doctor, "/patients");
    await doctor.getByText("Ended (1)").waitFor();
  });
});

describe("with the keyboard alone", () => {
  it("a patient signs in, and says no with a word, which the practitioner reads", async () => {
    await signInByKeys(second, world);
    await doctor.setViewportSize(DESK);
    await askOnScreen(doctor, SECOND_EMAIL, "To begin with");
    await visit(second, "/requests");
    await enterAt(second, new RegExp(`^${DOCTOR}`));
    await second.locator(".salus-sentence").first().waitFor();
    await writeAt(second, "A word back", "Ask me when we meet");
    await enterAt(second, "No");
    await enterAt(second, "Say no");
    await heading(second, "You said no");
    await visit(doctor, "/patients");
    await enterAt(doctor, /^Denied or not answered/);
    await doctor.getByText("Ask me when we meet").waitFor();
  });

  it("she says yes to all but one kind, and the practitioner searches", async () => {
    await askOnScreen(doctor, SECOND_EMAIL, "As we have said");
    await visit(second, "/requests");
    await enterAt(second, new RegExp(`^${DOCTOR}`));
    await second.locator(".salus-sentence").first().waitFor();
    await tabTo(second, "Images");
    await second.keyboard.press("Space");
    await second.locator(".salus-sentence").filter({ hasNotText: ", images" }).first().waitFor();
    await enterAt(second, "Yes, sign this");
    await heading(second, "You said yes");
    await visit(doctor, "/questions");
    await writeAt(doctor, "The question in FHIR's search language", "Observation?code=2339-0");
    await doctor.keyboard.press("Enter");
    await doctor.getByText("3 of 3 sources answered").waitFor();
    await doctor.getByRole("cell", { name: "Name of north" }).first().waitFor();
  });
});

describe("W-01: words that would be more than words", () => {
  it("of a hospital run nowhere, on no screen of the patient or the practitioner", async () => {
    const found = await Promise.all([whereHospitalsSpeak(second), whereTheyAreRead(doctor)]);
    expect(found).toEqual([{}, {}]);
  });

  it("would be found", async () => {
    await second.evaluate(() => {
      const link = document.createElement("a");
      link.href = "javascript:0";
      link.style.inlineSize = "5000px";
      link.style.display = "block";
      link.textContent = "far away";
      document.querySelector("main")?.append(link, document.createElement("iframe"));
    });
    const [wide = "", ...others] = await disturbances(second);
    expect(wide).toMatch(/^the page is 5\d{3} wide on/);
    expect(others).toEqual(["IFRAME", "A leads to javascript:0", "A leaves the page: far away"]);
    await second.evaluate(() => {
      document.querySelector("main > iframe")?.remove();
      document.querySelector("main > a")?.remove();
    });
  });

  it("of a requester change nothing of ours on the screen that signs", async () => {
    await second.setViewportSize(PHONE);
    expect(await hostileRequests(second, world)).toEqual({});
    await second.setViewportSize(DESK);
  });
});

it("what was given lasts longer, and ends for both", async () => {
  await visit(second, "/sharing");
  await press(second, "Longer");
  await second.getByText("30 days more").click();
  await press(second, "Let it last longer");
  await second.getByText("60 days left").waitFor();
  await visit(doctor, "/patients");
  await doctor.getByText("60 days left").waitFor();
  await press(second, "Stop");
  await press(second, "Stop it now");
  await second.getByText("Nobody can read your record").waitFor();
  await visit(doctor, "/patients");
  await doctor.getByText("Ended (2)").waitFor();
});

describe("W-04: what a browser keeps", () => {
  const secrets = (): readonly string[] => [
    ...[her.NAME, her.NOTE, her.WRITTEN, her.PASSWORD, her.EMAIL, her.LOGIN],
    ...[String(her.FIRST_VALUE), kit.words.slice(0, 4).join(" "), kit.secret],
  ];

  it("says nothing while somebody is signed in, nor when she has gone", async () => {
    await visit(patient, "/record");
    await keepsNothingOf(patient, secrets());
    await visit(patient, "/security");
    await press(patient, "Sign out");
    await patient.getByRole("dialog").getByText("Keep it sealed here").click();
    await patient.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
    await heading(patient, "Welcome back");
    await keepsNothingOf(patient, secrets());
    expect(await patient.content()).not.toMatch(/qzheron/i);
  });

  it("was not sent either", () => {
    sentNothingOf(Buffer.concat(sent), secrets());
  });
});

it("W-05: the screen that signs stands in nobody's frame, and has no opener", async () => {
  await opensNoWindow(world.web.browser, `${world.web.url}/requests`);
});

it("nothing was tried that the policy forbids, and nobody else was asked", async () => {
  expect(world.web.breaches).toEqual([]);
  const reports = await fetch(`${world.web.url}/csp-reports`);
  expect(await reports.json()).toEqual({ count: 0 });
});
