import { accountInfoSchema, chainPageSchema, sessionsPageSchema } from "@salus/protocol";
import { newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "./harness.ts";
import { hex, Person } from "./person.ts";

// Goal: a person signs up, signs in, steps up, changes what she signs in with, and comes back with
// her phrase; what belongs together happens together.
// Method: a directory in this process on a real database, asked over HTTP.

let directory: TestDirectory;
let people = 0;
const newPerson = (): Person => {
  people += 1;
  return new Person(directory, `person-${people}@example.org`);
};

beforeAll(async () => {
  await ready;
  directory = await startTestDirectory();
});
afterAll(() => directory.stop());

describe("a sign-up", () => {
  it("opens a session that may only add a second factor, and then everything", async () => {
    const person = newPerson();
    const opened = await person.signUp();
    expect(hex(opened.account)).toBe(hex(person.account));
    expect((await person.session.get("/v1/sessions")).problem).toEqual({
      kind: "no-second-factor",
    });
    await person.addTotp();
    const { sessions } = read(await person.session.get("/v1/sessions"), sessionsPageSchema);
    expect(sessions).toMatchObject([{ role: "patient", current: true }]);
  });

  it("by a device's own key needs no second factor", async () => {
    const person = newPerson();
    await person.signUp(person.device);
    const account = read(await person.session.get("/v1/account"), accountInfoSchema);
    expect(account).toMatchObject({ roles: ["patient"], factors: [], mailbox: null });
  });
});

describe("a sign-in", () => {
  it("asks for the authenticator, and leads to a session of its own", async () => {
    const person = newPerson();
    const first = await person.signUp();
    await person.addTotp();
    const second = await person.signIn();
    expect(hex(second.session)).not.toBe(hex(first.session));
    const { sessions } = read(await person.session.get("/v1/sessions"), sessionsPageSchema);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(sessions).toHaveLength(2);
  });

  it("in a role that the account does not have is refused", async () => {
    const person = newPerson();
    await person.signUp();
    const { answered } = await person.prove(newSigner(), "practitioner");
    expect(answered.problem).toEqual({ kind: "sign-in-refused" });
  });
});

describe("a new password", () => {
  it("signs in, and the old one does not", async () => {
    const person = newPerson();
    await person.signUp(person.device);
    expect((await person.changePassword("another one")).status).toBe(200);
    await person.signIn(person.device);
    const { answered } = await person.prove(newSigner(), "patient", "correct horse battery staple");
    expect(answered.problem).toEqual({ kind: "sign-in-refused" });
    const page = read(await person.session.get("/v1/account/chain"), chainPageSchema);
    expect(page.links.map(hex)).toEqual(person.links.map(hex));
  });
});

describe("a recovery", () => {
  it("gives a new password, no factor, and no session but its own", async () => {
    const person = newPerson();
    await person.signUp();
    await person.addTotp();
    const before = person.session;
    expect((await person.recover("found again")).status).toBe(200);
    expect((await before.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
    const account = read(await person.session.get("/v1/account"), accountInfoSchema);
    expect(account.factors).toEqual([]);
    await person.addTotp();
    await person.signIn();
  });
});
