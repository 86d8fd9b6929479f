import { readFileSync } from "node:fs";
import { certify, decodeCard, type Match, type OrganisationAbout } from "@salus/client";
import { must, readerOf } from "@salus/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Authenticator, PASSWORD, type SignedUp, signUp } from "../accounts/person.ts";
import { heading, isIn, press, type } from "./account-steps.ts";
import { type DecidingWorld, goTo, patientAt, startDecidingWorld } from "./deciding-world.ts";

// Goal: an administrator brings a hospital into being and runs it from her browser: what she does there
// is what the registry, a physician's and a patient's own browsers see; and what of a file cannot be
// taken is said with its place, and costs nothing else.
// Method: three browsers before a real cloud and directory; an authority outside of them.

let world: DecidingWorld;
let admin: Page;

beforeAll(async () => {
  world = await startDecidingWorld();
  const person = await signUp(world.directory, { roles: ["administrator"] });
  admin = await signInAs(person, "Administrator");
});

afterAll(() => world.web.stop());

async function signInAs(person: SignedUp, role: string): Promise<Page> {
  const app = await Authenticator.addTo(person.account);
  const page = await (await world.web.newBrowser()).newPage();
  await page.goto(world.web.url);
  await type(page, "E-mail address or name you signed up with", person.login);
  await type(page, "Password", PASSWORD);
  await page.getByText(role, { exact: true }).click();
  await type(page, "Device secret from your printed kit", person.deviceSecret.text);
  await press(page, "Sign in");
  await type(page, /^The six digits/, await app.code());
  await press(page, "Continue");
  await isIn(page);
  return page;
}

/** The text of the invitation on the screen. */
async function invitation(page: Page): Promise<string> {
  await page.getByText("The invitation as text").click();
  return page.getByLabel("The invitation as text").inputValue();
}

it("founds a clinic that an authority certifies, with a department", async () => {
  await goTo(admin, "/organisation");
  await type(admin, "Name", "West Clinic");
  await type(admin, "Number in the registry", "west-clinic");
  await press(admin, "Make keys");
  const field = admin.getByLabel("Application for an authority").locator("textarea");
  const application = JSON.parse(await field.inputValue()) as OrganisationAbout & { card: string };
  expect(application).toMatchObject({ node: "west-clinic", name: "West Clinic" });
  const { node, name, identifiers } = application;
  const stated = { role: "organisation", node, name, identifiers } as const;
  const card = must(decodeCard(application.card));
  const { tree } = world;
  const certificate = certify(tree.authority.identity, { ...stated, card });
  await tree.publish(tree.authority, [certificate]);
  await press(admin, "Look again");
  await admin.getByText("In good standing").waitFor();
  await admin.getByText("Add a department").click();
  await type(admin, "Name", "Wards");
  await type(admin, "Number in the registry", "west-wards");
  await press(admin, "Make keys and certify");
  await admin.getByRole("row", { name: /Wards.*In good standing/ }).waitFor();
  expect((await tree.registry()).byNode("west-wards")?.path).toEqual(["west-clinic", "west-wards"]);
});

it("certifies a physician once she has answered from her own browser, and suspends her", async () => {
  await goTo(admin, "/staff");
  await type(admin, "Name", "Dr West");
  await type(admin, "Number in the registry", "dr-west");
  await press(admin, "Make the invitation");
  const text = await invitation(admin);
  const person = await signUp(world.directory, { roles: ["practitioner"] });
  const doctor = await signInAs(person, "Practitioner");
  await type(doctor, "Invitation from your hospital", text);
  await press(doctor, "Answer the invitation");
  await doctor.getByText("Your hospital has it now.", { exact: false }).waitFor();
  await doctor.context().close();
  await press(admin, "Collect answers");
  await admin.getByText("Dr West is certified").waitFor();
  const dr = (await world.tree.registry()).byNode("dr-west");
  expect(dr).toMatchObject({ path: ["west-clinic", "west-wards", "dr-west"], standing: "good" });
  await admin.getByRole("button", { name: "Suspend Dr West?" }).click();
  await press(admin, "Suspend now");
  await admin.getByRole("row", { name: /Dr West.*Suspended/ }).waitFor();
  expect((await world.tree.registry()).byNode("dr-west")?.standing).toBe("suspended");
});

it("learns whose record is whose when a patient has agreed in hers", async () => {
  await goTo(admin, "/associations");
  await type(admin, "What you call her", "Ann of ward 3");
  await type(admin, "Her number in your records", "4711");
  await press(admin, "Make the invitation");
  const text = await invitation(admin);
  const patient = await patientAt(world);
  await goTo(patient, "/sources");
  await patient.getByText("Scan, open or paste an invitation").click();
  await type(patient, "Text of the code", text);
  await press(patient, "Read it");
  await heading(patient, "This hospital invites you");
  await press(patient, "Let it write");
  await patient.getByText("It may write now").waitFor();
  await patient.context().close();
  await press(admin, "Collect answers");
  await admin.getByText("Ann of ward 3 has let you in").waitFor();
  await admin.getByRole("row", { name: /Ann of ward 3.*4711.*Lets you in/ }).waitFor();
});

const LINES = [
  { resourceType: "Patient", id: "4711", name: [{ text: "Ann" }] },
  {
    ...{ resourceType: "Observation", id: "good", status: "final" },
    ...{
      subject: { reference: "Patient/4711" },
      performer: [{ reference: "Practitioner/dr-west" }],
    },
    ...{ code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] } },
    ...{ effectiveDateTime: "2024-03-01", valueQuantity: { value: 61, code: "/min" } },
  },
  { resourceType: "Condition", id: "other", subject: { reference: "Patient/4712" } },
  {
    ...{ resourceType: "Encounter", id: "elsewhere", status: "finished" },
    ...{ subject: { reference: "Patient/4711" }, serviceProvider: { reference: "Organization/n" } },
  },
].map((one) => JSON.stringify(one));

it("uploads what is a patient's of hers, and says of the rest where and why", async () => {
  await goTo(admin, "/uploads");
  const buffer = Buffer.from(`${LINES.join("\n")}\n{"resourceType":\n`);
  const file = { name: "march.ndjson", mimeType: "application/x-ndjson", buffer };
  await admin.locator("input[type=file]").setInputFiles(file);
  await press(admin, "Seal and upload");
  await admin.getByText("Through", { exact: true }).waitFor();
  await admin.getByText("The 3 that were not taken").click();
  const saved = admin.waitForEvent("download");
  await press(admin, "Save the list as CSV");
  const csv = readFileSync((await (await saved).path()) ?? "", "utf8").split("\r\n");
  expect(csv).toEqual([
    "file,line,entry,type,id,why,element,patient",
    "march.ndjson,3,,Condition,other,not-associated,,Patient/4712",
    "march.ndjson,4,,Encounter,elsewhere,other-organisation,,Patient/4711",
    "march.ndjson,5,,,,not-json,,",
    "",
  ]);
  const registry = await world.tree.registry();
  const reader = await readerOf(world.cloud, world.person, registry);
  const answer = must(await reader.search("Observation?code=8867-4"));
  const matches: Match[] = [];
  for await (const one of answer) matches.push(one);
  const [match] = matches;
  // Under her path, though the file names only the physician; suspended since, she wrote it all the same.
  expect(match?.origin.path).toEqual(["west-clinic", "west-wards", "dr-west"]);
  const again = { ...file, name: "again.ndjson" };
  await admin.locator("input[type=file]").setInputFiles(again);
  await press(admin, "Seal and upload");
  const card = admin.getByRole("region", { name: "again.ndjson" });
  await card.getByText("Through", { exact: true }).waitFor();
  // Nothing is sent twice.
  expect(await card.locator("dd").allTextContents()).toEqual(["0", "2", "3"]);
});

it("shows what her keys did, as the registry and the log have it", async () => {
  await goTo(admin, "/audit");
  await heading(admin, "The log fits");
  for (const deed of ["Certified Wards", "Certified Dr West", "Suspended Dr West"]) {
    await admin.getByRole("row", { name: new RegExp(`${deed}.*in the log since`) }).waitFor();
  }
  await admin.getByRole("row", { name: /Uploaded march.ndjson.*2 records stored/ }).waitFor();
  expect(await admin.getByText("not from here").count()).toBe(0);
  expect(world.web.breaches).toEqual([]);
});
