import { statSync } from "node:fs";
import {
  claimMailbox,
  type DirectorySession,
  httpDirectory,
  listIdentifiers,
  memoryKeyStore,
  phoneIdentifier,
  provePhone,
  registerIdentifier,
  sendParcel,
} from "@salus/client";
import { drawKey, MailboxKeys, type Signer } from "@salus/crypto";
import {
  accountInfoSchema,
  openedSessionSchema,
  SessionId,
  signInFinishedSchema,
} from "@salus/protocol";
import { newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "./harness.ts";
import { must, Person } from "./person.ts";
import {
  addPhone,
  awaitMessages,
  awaitQuiet,
  codeIn,
  mobile,
  receivedBy,
  TO_OUTBOX,
} from "./telephone.ts";

// Goal: a patient signs in by a code that her telephone received, and is told of requests; whoever
// asks for messages learns nothing from the answer.
// Method: a directory with an outbox, on a real database, asked over HTTP; its clock is moved.

const MINUTE_MS = 60_000;
const SENT = { status: "sent_if_registered" };

let directory: TestDirectory;
let people = 0;

async function patient(): Promise<{ readonly person: Person; readonly number: string }> {
  people += 1;
  const person = new Person(directory, `person-${people}@example.org`);
  await person.signUp();
  return { person, number: mobile(people) };
}

async function withPhone(): Promise<{ readonly person: Person; readonly number: string }> {
  const made = await patient();
  await addPhone(directory, made.person, made.number);
  directory.clock.ahead += MINUTE_MS;
  return made;
}

beforeAll(async () => {
  await ready;
  directory = await startTestDirectory(undefined, { sms: TO_OUTBOX });
});
afterAll(() => directory.stop());

describe("a telephone", () => {
  it("becomes a second factor when the code that it received is given", async () => {
    const { person, number } = await patient();
    await addPhone(directory, person, number);
    const { factors } = read(await person.session.get("/v1/account"), accountInfoSchema);
    expect(factors).toMatchObject([{ kind: "sms", hint: `… ${number.slice(-3)}` }]);
  });

  it("receives a constant text, bound to the site", async () => {
    const { number } = await withPhone();
    const [message] = await receivedBy(directory, number);
    const code = codeIn(message as NonNullable<typeof message>);
    expect(message?.text).toBe(`Your Salus code. Never tell it to anybody.\n\n@localhost #${code}`);
  });

  it("is not one before that, and not by another code", async () => {
    const { person, number } = await patient();
    await person.session.post("/v1/factors/phone", { number });
    const [message] = await awaitMessages(directory, number, 1);
    const right = codeIn(message as NonNullable<typeof message>);
    const code = right === "00000000" ? "00000001" : "00000000";
    const refused = await person.session.post("/v1/factors/phone/finish", { code });
    expect(refused.problem).toEqual({ kind: "code-refused" });
    const account = read(await person.session.get("/v1/account"), accountInfoSchema);
    expect(account.factors).toEqual([]);
  });

  it.each(["+91 98765", "9876543210", "+911123456789", "+9198765432109999", "+91987654321;1"])(
    "is none when it is %s",
    async (number) => {
      const { person } = await patient();
      const asked = await person.session.post("/v1/factors/phone", { number });
      expect([asked.status, asked.problem?.kind]).toEqual([400, "malformed"]);
    },
  );

  it("stands sealed in the database, and codes and numbers in no log", async () => {
    const { number } = await withPhone();
    const messages = await receivedBy(directory, number);
    for (const table of ["factor", "sms_message", "sms_code", "sms_number", "attempt"]) {
      const { rows } = await directory.database.client.query(
        `select string_agg(t::text, ' ') as all from ${table} t`,
      );
      expect(rows[0]?.all ?? "", table).not.toContain(Buffer.from(number).toString("hex"));
    }
    const log = directory.log.join("");
    expect(log).not.toContain(number.slice(-5));
    for (const message of messages) expect(log).not.toContain(codeIn(message));
    expect(log).toContain("sms-handed-over");
  });

  it("can be replaced, and the old one receives nothing any more", async () => {
    const { person, number } = await withPhone();
    const next = mobile(9000 + people);
    await person.stepUp();
    await addPhone(directory, person, next);
    const { factors } = read(await person.session.get("/v1/account"), accountInfoSchema);
    expect(factors.map(({ hint }) => hint)).toEqual([`… ${next.slice(-3)}`]);
    expect(await receivedBy(directory, number)).toHaveLength(1);
  });
});

describe("a sign-in", () => {
  it("is finished by a code", async () => {
    const { person, number } = await withPhone();
    const key = newSigner();
    const { signIn, answered } = await person.prove(key);
    expect(read(answered, signInFinishedSchema).factors).toEqual(["sms"]);
    const asked = await signIn.post("/sms", {});
    expect([asked.status, asked.problem]).toEqual([202, undefined]);
    const messages = await awaitMessages(directory, number, 2);
    const code = codeIn(messages[1] as NonNullable<(typeof messages)[1]>);
    const opened = read(await signIn.post("/second", { kind: "sms", code }), openedSessionSchema);
    person.in(opened, key);
    expect((await person.session.get("/v1/account")).status).toBe(200);
  });

  it("gets the same answer to its wish for a code, whatever there is to be sent", async () => {
    const { person } = await withPhone();
    const stranger = new Person(directory, "nobody@example.org");
    const bare = await patient();
    await bare.person.addTotp();
    const answers = [];
    for (const { signIn } of [
      await person.prove(newSigner()),
      await person.prove(newSigner(), "patient", "a wrong password"),
      await stranger.prove(newSigner()),
      await bare.person.prove(newSigner()),
    ]) {
      const { status, headers, bytes } = await signIn.post("/sms", {});
      const told = [...headers].filter(([name]) => name !== "date");
      answers.push(JSON.stringify([status, told, Buffer.from(bytes).toString("hex")]));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain(Buffer.from(Object.values(SENT)[0] as string).toString("hex"));
  });

  it("sends nothing before the password was right, nor by another key", async () => {
    const { person, number } = await withPhone();
    const wrong = await person.prove(newSigner(), "patient", "a wrong password");
    await wrong.signIn.post("/sms", {});
    const right = await person.prove(newSigner());
    const thief = new Person(directory, "thief@example.org");
    await thief.signUp();
    await thief.session.post(`${right.signIn.path}/sms`, {});
    await awaitQuiet(directory);
    expect(await receivedBy(directory, number)).toHaveLength(1);
  });

  it("sends one code in a minute, and none to a device's own key, which needs none", async () => {
    const { person, number } = await withPhone();
    const wish = async (key: Signer): Promise<number> => {
      const { signIn } = await person.prove(key);
      expect((await signIn.post("/sms", {})).status).toBe(202);
      await awaitQuiet(directory);
      return (await receivedBy(directory, number)).length;
    };
    expect(await wish(person.device)).toBe(1);
    expect([await wish(newSigner()), await wish(newSigner())]).toEqual([2, 2]);
    directory.clock.ahead += MINUTE_MS;
    expect(await wish(newSigner())).toBe(3);
  });

  it("of a practitioner is not finished by a code, and she adds no telephone", async () => {
    people += 1;
    const person = new Person(directory, `person-${people}@example.org`);
    await person.signUp(newSigner(), ["patient", "practitioner"]);
    await addPhone(directory, person, mobile(people));
    const proven = await person.prove(newSigner(), "practitioner");
    expect(proven.answered.problem).toEqual({ kind: "no-second-factor" });
    const doctor = new Person(directory, "doctor@example.org");
    await doctor.signUp(newSigner(), ["practitioner"]);
    const asked = await doctor.session.post("/v1/factors/phone", { number: mobile(7000) });
    expect(asked.problem).toEqual({ kind: "sms-off" });
  });
});

/** The same session, as a client has it. */
function clientOf({ session: { signer, grant } }: Person): DirectorySession {
  return {
    directory: httpDirectory(directory.url, { patience: { totalMs: 0 } }),
    caller: { signer, session: SessionId.of(grant) },
    store: memoryKeyStore(),
  };
}

describe("a number to be found by", () => {
  it("is proven by the code that it received, once", async () => {
    const { person } = await patient();
    await person.addTotp();
    const number = mobile(8000 + people);
    const session = clientOf(person);
    const identifier = must(phoneIdentifier(number));
    const proof = must(await provePhone(session, identifier));
    const [message] = await awaitMessages(directory, number, 1);
    const shown = [proof, codeIn(message as NonNullable<typeof message>)] as const;
    must(await registerIdentifier(session, identifier, shown));
    expect(must(await listIdentifiers(session))).toMatchObject([{ kind: "phone", proven: true }]);
    const again = await registerIdentifier(session, identifier, shown);
    expect(again).toMatchObject({ ok: false, error: { problem: "code-refused" } });
  });

  it("is named twenty times a day by one account", async () => {
    const { person } = await patient();
    await person.addTotp();
    const statuses = [];
    for (let index = 0; index < 21; index += 1) {
      const number = mobile(50_000 + index);
      const { status } = await person.session.post("/v1/identifiers/proofs", { number });
      statuses.push(status);
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 202), 429]);
    const { rows } = await directory.database.client.query(
      "select proof from phone_proof where account = $1::uuid",
      [Buffer.from(person.account.slice(0, 16)).toString("hex")],
    );
    expect(rows, "what is refused is not written down").toHaveLength(20);
    await awaitQuiet(directory);
  });
});

describe("a request in a mailbox", () => {
  it("is told to its owner's telephone, without a name, once an hour", async () => {
    const { person, number } = await withPhone();
    const { person: sender } = await withPhone();
    const { mailbox } = new MailboxKeys(person.root);
    await person.signIn(person.device);
    must(await claimMailbox(clientOf(person), new MailboxKeys(person.root)));
    const told = async (kind: "request" | "answer"): Promise<readonly string[]> => {
      must(await sendParcel(clientOf(sender), mailbox, kind, Uint8Array.of(1)));
      await awaitQuiet(directory);
      return (await receivedBy(directory, number)).slice(1).map(({ text }) => text);
    };
    const notice = "You have a request in Salus.";
    expect(await told("answer")).toEqual([]);
    expect(await told("request")).toEqual([notice]);
    expect(await told("request")).toEqual([notice]);
    directory.clock.ahead += 60 * MINUTE_MS;
    expect(await told("request")).toEqual([notice, notice]);
  });

  it("is written down for nobody's mailbox too", async () => {
    const { person: sender } = await withPhone();
    const { mailbox } = new MailboxKeys(drawKey("account-root"));
    must(await sendParcel(clientOf(sender), mailbox, "request", Uint8Array.of(1)));
    await awaitQuiet(directory);
    expect(directory.log.at(-1)).toContain('"dropped":1');
  });
});

describe("a recovery", () => {
  it("is told to the telephone that the account had, which it forgets", async () => {
    const { person, number } = await withPhone();
    expect((await person.recover("another password")).status).toBe(200);
    const [, notice] = await awaitMessages(directory, number, 2);
    expect(notice?.text).toBe("Somebody came back to your Salus account by its phrase.");
    const { factors } = read(await person.session.get("/v1/account"), accountInfoSchema);
    expect(factors).toEqual([]);
  });
});

describe("a directory without text messages", () => {
  it("says so, and sends nothing", async () => {
    const bare = await startTestDirectory();
    try {
      expect(bare.info.sms).toBe(false);
      const person = new Person(bare, "person@example.org");
      await person.signUp();
      const asked = await person.session.post("/v1/factors/phone", { number: mobile(1) });
      expect([asked.status, asked.problem]).toEqual([403, { kind: "sms-off" }]);
      const proof = await person.prove(newSigner());
      expect((await proof.signIn.post("/sms", {})).problem).toEqual({ kind: "sms-off" });
      expect((await fetch(`${bare.url}/v1/outbox`)).status).toBe(404);
    } finally {
      await bare.stop();
    }
  });
});

describe("the outbox", () => {
  it("is shown to this machine only, and not to a proxy on it", async () => {
    await withPhone();
    const address = `${directory.url}/v1/outbox`;
    expect((await fetch(address)).status).toBe(200);
    const proxied = await fetch(address, { headers: { "x-forwarded-for": "198.51.100.7" } });
    expect(proxied.status).toBe(404);
    expect(statSync(`${directory.database.folder}/outbox.jsonl`).mode & 0o077).toBe(0);
  });
});
