import type { Bytes } from "@salus/base";
import { drawKey } from "@salus/crypto";
import { GrantHandle, signInStartedSchema, stepUpStartedSchema } from "@salus/protocol";
import { Asker, newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { hex, Person } from "../../apps/directory/test/person.ts";

// Goal: what somebody began, or was allowed, before a change of an account is worth nothing after it.
// Method: each is begun against a directory in this process, on a real database, over HTTP; the account
// changes; and it is gone on with.

let directory: TestDirectory;
let people = 0;

beforeAll(async () => {
  await ready;
  directory = await startTestDirectory();
});
afterAll(() => directory.stop());

function newPerson(): Person {
  people += 1;
  return new Person(directory, `changed-${people}@example.org`);
}

/** Somebody who has an account with an authenticator, and is signed in on her device. */
async function newMember(): Promise<Person> {
  const person = newPerson();
  await person.signUp(person.device);
  await person.addTotp();
  return person;
}

/** A sign-in before its last message, which is made and not sent. */
async function halfway(person: Person): Promise<() => ReturnType<Asker["post"]>> {
  const asker = new Asker(directory, newSigner());
  const login = person.logIn();
  const body = { login: person.login, start: login.start, role: "patient" };
  const started = read(await asker.post("/v1/sign-ins", body), signInStartedSchema);
  const finish = login.finish(started.response) as Bytes;
  return () => asker.post(`/v1/sign-ins/${hex(started.signIn)}/finish`, { finish });
}

describe("who knew the old password, and began before it was changed,", () => {
  it("is not signed in by a recovery that takes all factors away", async () => {
    const person = await newMember();
    const goOn = await halfway(person);
    expect((await person.recover("another password")).status).toBe(200);
    expect((await goOn()).problem).toEqual({ kind: "sign-in-refused" });
  });

  it("does not come as far as the second factor", async () => {
    const person = await newMember();
    const goOn = await halfway(person);
    expect((await person.changePassword("another password")).status).toBe(200);
    expect((await goOn()).problem).toEqual({ kind: "sign-in-refused" });
  });

  it("steps no session up", async () => {
    const person = await newMember();
    const other = await person.signIn(person.device);
    const session = new Asker(directory, person.device, GrantHandle.of(other.session));
    const login = person.logIn();
    const begun = await session.post("/v1/step-ups", { kind: "password", start: login.start });
    const started = read(begun, stepUpStartedSchema);
    if (!("response" in started)) throw new Error("no answer to a password");
    const finish = login.finish(started.response);
    expect((await person.changePassword("another password")).status).toBe(200);
    const done = await session.post(`/v1/step-ups/${hex(started.stepUp)}/finish`, { finish });
    expect(done.problem).toEqual({ kind: "sign-in-refused" });
  });
});

describe("a session that was opened by the old password", () => {
  it("is over when there is a new one, on whichever device", async () => {
    const person = await newMember();
    const mine = person.session;
    await person.signIn(person.device);
    const other = person.session;
    expect((await person.changePassword("another password", mine)).status).toBe(200);
    expect((await other.request("GET", "/v1/parcels")).problem).toEqual({ kind: "session-ended" });
    expect((await mine.request("GET", "/v1/parcels")).status).toBe(200);
  });
});

describe("a device that was removed", () => {
  it("is signed in no longer, wherever it was", async () => {
    const person = await newMember();
    const mine = person.session;
    const phone = newSigner();
    const from = person.links.length;
    person.addDevice(phone);
    await person.seal();
    const added = await mine.post("/v1/account/chain", { links: person.links.slice(from) });
    expect(added.status).toBe(200);
    await person.signIn(phone);
    const lost = person.session;
    expect((await lost.request("GET", "/v1/parcels")).status).toBe(200);
    const then = person.links.length;
    person.removeDevice(phone);
    await person.seal(person.device, drawKey("account-root"));
    const removed = await mine.post("/v1/account/chain", { links: person.links.slice(then) });
    expect(removed.status).toBe(200);
    expect((await lost.request("GET", "/v1/parcels")).problem).toEqual({ kind: "session-ended" });
    expect((await mine.request("GET", "/v1/parcels")).status).toBe(200);
  });
});

describe("a session that may only add a second factor", () => {
  it("is over once there is one", async () => {
    const person = newPerson();
    await person.signUp();
    const owner = person.session;
    await person.signIn(newSigner());
    const thief = person.session;
    await person.addTotp(owner);
    const asked = await thief.post("/v1/factors/totp", {});
    expect(asked.problem).toEqual({ kind: "session-ended" });
  });

  it("puts none in place of one that was added while it was at it", async () => {
    const person = newPerson();
    await person.signUp();
    const owner = person.session;
    await person.signIn(newSigner());
    const thief = person.session;
    const [a, b] = await Promise.allSettled([person.addTotp(owner), person.addTotp(thief)]);
    const done = [a, b].filter(({ status }) => status === "fulfilled");
    expect(done.length).toBeLessThanOrEqual(1);
  });

  it("ends no session but its own", async () => {
    const person = newPerson();
    const first = await person.signUp(person.device);
    const owner = person.session;
    await person.signIn(newSigner());
    const thief = person.session;
    const path = `/v1/sessions/${hex(first.session)}`;
    expect((await thief.request("DELETE", path)).problem).toEqual({ kind: "no-second-factor" });
    expect((await owner.request("GET", "/v1/sessions")).status).toBe(200);
  });
});
