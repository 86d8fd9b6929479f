import { drawKey, rootSigner, signLink } from "@salus/crypto";
import { readSigned } from "@salus/evaluate";
import {
  ACCOUNT_CHAIN_BYTES_MAX,
  accountInfoSchema,
  chainHeadSchema,
  chainPageSchema,
  recoveryStartedSchema,
  signInFinishedSchema,
} from "@salus/protocol";
import { type Answered, Asker, newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "./harness.ts";
import { hex, Person } from "./person.ts";

// Goal: what several do to one account, or one login, at the same time happens once, whole, and in an
// order; and an account changes by its rules only.
// Method: requests that are sent at once, and what stands afterwards.

let directory: TestDirectory;
let people = 0;
const newPerson = (login?: string): Person => {
  people += 1;
  return new Person(directory, login ?? `somebody-${people}@example.org`);
};
const kinds = (answers: readonly Answered[]): readonly (string | number)[] =>
  answers.map(({ problem, status }) => problem?.kind ?? status).sort();

beforeAll(async () => {
  await ready;
  directory = await startTestDirectory();
});
afterAll(() => directory.stop());

describe("a login", () => {
  it("is one person's, of eight who sign up at once", async () => {
    const rivals = Array.from({ length: 8 }, () => newPerson("wanted@example.org"));
    const ready = await Promise.all(
      rivals.map(async (rival) => ({
        ...(await rival.startSignUp(newSigner())),
        links: await rival.found(),
      })),
    );
    const answers = await Promise.all(
      ready.map(({ begun, record, links }) =>
        begun.post("/finish", { record, links, recovery: new Uint8Array(32), roles: ["patient"] }),
      ),
    );
    expect(kinds(answers)).toEqual([200, ...Array.from({ length: 7 }, () => "login-taken")]);
    const { rows } = await directory.database.client.query(
      "select 1 from account where recovery = decode(repeat('00', 32), 'hex')",
    );
    expect(rows).toHaveLength(1);
  });
});

describe("an account's chain", () => {
  it("takes one of eight appends to the same head, and the same one again", async () => {
    const person = newPerson();
    await person.signUp(person.device);
    const head = person.links.length;
    const drafts = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const draft = person.copy();
        draft.addDevice(newSigner());
        await draft.seal();
        return draft.links.slice(head);
      }),
    );
    const append = (links: readonly Uint8Array[]): Promise<Answered> =>
      person.session.post("/v1/account/chain", { links });
    const answers = await Promise.all(drafts.map(append));
    expect(kinds(answers)).toEqual([200, ...Array.from({ length: 7 }, () => "chain-conflict")]);
    const won = answers.findIndex(({ status }) => status === 200);
    const again = await append(drafts[won] ?? []);
    expect(read(again, chainHeadSchema)).toEqual(read(answers[won] as Answered, chainHeadSchema));
    const page = read(await person.session.get(`/v1/account/chain?from=${head}`), chainPageSchema);
    expect(page.links.map(hex)).toEqual(drafts[won]?.map(hex));
  });

  it("lets a new device sign in by its own key, and one that was removed not", async () => {
    const person = newPerson();
    await person.signUp();
    await person.addTotp();
    const device = newSigner();
    const from = person.links.length;
    person.addDevice(device);
    await person.seal();
    const links = person.links.slice(from);
    expect((await person.session.post("/v1/account/chain", { links })).status).toBe(200);
    const { answered: known } = await person.prove(device);
    expect(read(known, signInFinishedSchema).session).not.toBeNull();
    const added = person.links.length;
    person.removeDevice(device);
    await person.seal(person.device, drawKey("account-root"));
    const removal = { links: person.links.slice(added) };
    expect((await person.session.post("/v1/account/chain", removal)).status).toBe(200);
    const { answered } = await person.prove(device);
    const finished = read(answered, signInFinishedSchema);
    expect(finished).toEqual({ factors: ["totp"], session: null });
  });

  it("is at most so long, and a device is still removed when nothing else can be changed", async () => {
    const person = newPerson();
    await person.signUp(person.device);
    const lost = newSigner();
    person.addDevice(lost);
    await person.seal();
    let sent = person.links.length - 2;
    const append = async (): Promise<Answered> => {
      const links = person.links.slice(sent);
      sent = person.links.length;
      return person.session.post("/v1/account/chain", { links });
    };
    const sealed = readSigned("account/root", person.links.at(-1) ?? new Uint8Array());
    if (!sealed.ok) throw new Error("what was sealed last is the newest link");
    const { root } = sealed.value.unverified;
    // Four receivers, and just below 64 KiB.
    const wraps = sealed.value.unverified.wraps.map(({ to, wrap }) => ({
      to,
      wrap: { ...wrap, ct: new Uint8Array(15_000) },
    }));
    const sealLong = (): void => {
      const fields = { root, wraps };
      const link = signLink(person.device, "account/root", person.head, person.now, fields);
      person.links.push(link.signed);
      person.head = link.head;
    };
    const size = (): number => person.links.reduce((sum, link) => sum + link.length, 0);
    while (size() < ACCOUNT_CHAIN_BYTES_MAX - 65_536) {
      sealLong();
      const full = size() >= ACCOUNT_CHAIN_BYTES_MAX - 65_536;
      if (full || person.links.length - sent === 15) expect((await append()).status).toBe(200);
    }
    const { head } = person;
    sealLong();
    sealLong();
    expect((await append()).problem).toEqual({ kind: "too-large" });
    sent -= 2;
    person.links.length = sent;
    person.head = head;
    person.removeDevice(lost);
    await person.seal(person.device, drawKey("account-root"));
    expect((await append()).status).toBe(200);
  });

  it("takes no append that ends in between", async () => {
    const person = newPerson();
    await person.signUp(person.device);
    person.addDevice(newSigner());
    const links = person.links.slice(-1);
    const answered = await person.session.post("/v1/account/chain", { links });
    expect(answered.problem).toEqual({ kind: "chain-fields" });
  });
});

describe("a change of password", () => {
  it("without a new way to unlock changes neither", async () => {
    const person = newPerson();
    await person.signUp(person.device);
    const { registration, record } = person.register("another");
    const path = "/v1/account/password";
    const answered = await person.session.post(path, { registration });
    const response = answered.bytes.slice(-64);
    const from = person.links.length;
    await person.seal(person.device, drawKey("account-root"));
    const links = person.links.slice(from);
    const finished = await person.session.post(`${path}/finish`, {
      record: record(response),
      links,
    });
    expect(finished.problem).toEqual({ kind: "chain-fields" });
    await person.signIn(person.device);
    const page = read(await person.session.get("/v1/account/chain"), chainPageSchema);
    expect(page.links).toHaveLength(from);
  });
});

describe("a recovery", () => {
  it("needs the root's key at its end, and the key that began it before", async () => {
    const person = newPerson();
    await person.signUp();
    const key = newSigner();
    const asker = new Asker(directory, key);
    const tag = person.phrase.recoveryTag;
    const body = { login: person.login, tag };
    const { recovery, links } = read(
      await asker.post("/v1/recoveries", body),
      recoveryStartedSchema,
    );
    expect(links.map(hex)).toEqual(person.links.map(hex));
    const path = `/v1/recoveries/${hex(recovery)}`;
    const { registration } = person.register("another");
    const stranger = new Asker(directory, newSigner());
    const asked = await stranger.post(path, { registration });
    expect(asked.problem).toEqual({ kind: "sign-in-refused" });
    expect((await stranger.get(`${path}/chain?from=0`)).problem).toEqual({
      kind: "sign-in-refused",
    });
    expect((await asker.get(`${path}/chain?from=1`)).status).toBe(200);
    const finish = { record: new Uint8Array(192), links: [new Uint8Array(9)] };
    for (const other of [asker, stranger, new Asker(directory, person.device)]) {
      const finished = await other.post(`${path}/finish`, finish);
      expect(finished.problem).toEqual({ kind: "sign-in-refused" });
    }
    const root = new Asker(directory, rootSigner(person.root));
    const finished = await root.post(`${path}/finish`, finish);
    expect(finished.problem).toEqual({ kind: "malformed", what: "record" });
  });

  it("gives the account the login that it names, unless that is somebody's", async () => {
    const [one, other] = [newPerson(), newPerson()];
    await one.signUp();
    await other.signUp();
    const taken = one.copy(other.login);
    expect((await taken.recover("another")).problem).toEqual({ kind: "login-taken" });
    const moved = one.copy(newPerson().login);
    expect((await moved.recover("another")).status).toBe(200);
    await moved.signIn();
    expect((await one.prove(newSigner())).answered.problem).toEqual({ kind: "sign-in-refused" });
  });
});

describe("a factor", () => {
  it("counts when a code of it was shown, and replaces the one before", async () => {
    const person = newPerson();
    await person.signUp(person.device);
    const account = async (): Promise<number> =>
      read(await person.session.get("/v1/account"), accountInfoSchema).factors.length;
    expect((await person.session.post("/v1/factors/totp", {})).status).toBe(200);
    expect(await account()).toBe(0);
    await person.addTotp();
    await person.addTotp();
    const { factors } = read(await person.session.get("/v1/account"), accountInfoSchema);
    expect(factors).toMatchObject([{ kind: "totp", hint: "" }]);
    const path = `/v1/factors/${hex(factors[0]?.id ?? new Uint8Array())}`;
    const removed = await person.session.request("DELETE", path);
    expect([removed.status, removed.problem]).toEqual([409, { kind: "last-factor" }]);
    expect(await account()).toBe(1);
    // One that is not there is removed, also beside the last.
    const other = `/v1/factors/${"00".repeat(16)}`;
    expect((await person.session.request("DELETE", other)).status).toBe(200);
  });

  it("that was not shown is not confirmed by guesses", async () => {
    const person = newPerson();
    await person.signUp(person.device);
    await person.session.post("/v1/factors/totp", {});
    const guess = (): Promise<Answered> =>
      person.session.post("/v1/factors/totp/finish", { code: "000000" });
    const answers = await Promise.all(Array.from({ length: 20 }, guess));
    expect(new Set(kinds(answers))).toEqual(new Set(["code-refused"]));
    const { rows } = await directory.database.client.query<{ failures: number }>(
      "select failures from factor where added = 0 order by failures desc limit 1",
    );
    expect(rows[0]?.failures).toBeGreaterThan(5);
  });
});
