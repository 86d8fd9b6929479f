import { randomBytes } from "node:crypto";
import { type Bytes, equalBytes } from "@salus/base";
import {
  DeviceSecret,
  drawKey,
  MailboxKeys,
  openRoots,
  passwordSecret,
  unlockPair,
  wrapRoots,
} from "@salus/crypto";
import { readSigned } from "@salus/evaluate";
import {
  AttemptId,
  accountInfoSchema,
  chainPageSchema,
  encodeMessage,
  openedSessionSchema,
  SessionId,
  signInFinishedSchema,
} from "@salus/protocol";
import { type Database, openDatabase } from "@salus/service";
import { newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, Schema } from "../../apps/directory/src/database/schema.ts";
import { MIGRATIONS } from "../../apps/directory/src/migrations/migrations.ts";
import { drawServiceKeys, systemRandom } from "../../apps/directory/src/service-keys.ts";
import { type PhoneNumber, readPhoneNumber } from "../../apps/directory/src/sms/phone-number.ts";
import type { SmsLimits } from "../../apps/directory/src/sms/settings.ts";
import {
  type CodeUse,
  putCode,
  tryCode,
  useCode,
} from "../../apps/directory/src/store/sms-code.ts";
import { wishProofs } from "../../apps/directory/src/store/sms-message.ts";
import type { Store } from "../../apps/directory/src/store/store.ts";
import type { Begun } from "../../apps/directory/test/begun.ts";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { must, Person } from "../../apps/directory/test/person.ts";
import {
  addPhone,
  awaitMessages,
  awaitQuiet,
  codeIn,
  mobile,
  receivedBy,
  TO_OUTBOX,
  wrongCodes,
} from "../../apps/directory/test/telephone.ts";

// Goal: codes in text messages cannot be guessed, used again, or used for something else; they cost
// no more than the operator allowed; and who has somebody's number has none of her records.
// Method: a directory with an outbox on a real database; what cannot be asked a hundred thousand
// times over HTTP is asked of its store, on the same database and with the same keys.

const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];
const LIMITS: SmsLimits = { perDay: 10_000, perPrefix: 60, expected: 100_000 };
/** Of a day's 100,000 codes. */
const BUDGET = 500;

let directory: TestDirectory;
let database: Database<Schema>;
let store: Store;
let people = 0;

beforeAll(async () => {
  await ready;
  const keys = drawServiceKeys();
  directory = await startTestDirectory(undefined, { keys, sms: { ...TO_OUTBOX, limits: LIMITS } });
  database = await openDatabase<Schema>({
    service: "directory",
    migrations: MIGRATIONS,
    url: directory.database.url,
    folder: directory.database.folder,
    onEvent: () => undefined,
  });
  const { db, hasty } = database;
  store = { service: directory.info.id, db, hasty, keys, random: systemRandom };
});
afterAll(async () => {
  await database.close();
  await directory.stop();
});

/** Failures are counted by the hour, and messages by the day: what is counted begins in a new one. */
function intoNextHour(): void {
  directory.clock.ahead += HOUR_MS - (directory.now() % HOUR_MS) + MINUTE_MS;
}

interface Victim {
  readonly person: Person;
  readonly number: string;
}

async function victim(): Promise<Victim> {
  people += 1;
  const person = new Person(directory, `person-${people}@example.org`);
  const number = mobile(people);
  await person.signUp();
  await addPhone(directory, person, number);
  directory.clock.ahead += MINUTE_MS;
  return { person, number };
}

/** A sign-in whose password was right, and the code that was sent for it. */
async function waiting({ person, number }: Victim): Promise<{
  readonly signIn: Begun;
  readonly code: string;
  readonly key: ReturnType<typeof newSigner>;
}> {
  const key = newSigner();
  const { signIn } = await person.prove(key);
  const before = (await receivedBy(directory, number)).length;
  await signIn.post("/sms", {});
  const messages = await awaitMessages(directory, number, before + 1);
  directory.clock.ahead += MINUTE_MS;
  return { signIn, key, code: codeIn(messages.at(-1) as NonNullable<(typeof messages)[0]>) };
}

const sms = (code: string): { readonly kind: "sms"; readonly code: string } => ({
  kind: "sms",
  code,
});
const REFUSED = { kind: "code-refused" };

/** A code on its way, of which only the store knows. */
async function codeFor(use: CodeUse, code: string): Promise<void> {
  await database.db.transaction().execute((trx) => putCode(trx, store, use, code, directory.now()));
}

function someUse(purpose: CodeUse["purpose"] = "sign-in"): CodeUse {
  const [subject, account] = [randomBytes(16), randomBytes(16)].map((id) => Uint8Array.from(id));
  return { purpose, subject: AttemptId.of(subject as Bytes), account: account as AccountId };
}

describe("I-01", () => {
  it("of five hundred guesses at once exactly five are looked at", async () => {
    const use = someUse();
    await codeFor(use, "12345678");
    const tried = await Promise.all(
      wrongCodes("12345678", 500).map(async (guess) => {
        const found = await tryCode(store, use, LIMITS, directory.now());
        if (!found.ok) return found.error.kind;
        const used = await useCode(store, found.value, guess);
        return used.ok ? "passed" : "looked at";
      }),
    );
    expect(tried.filter((outcome) => outcome === "looked at")).toHaveLength(5);
    expect(tried.filter((outcome) => outcome === "code-refused")).toHaveLength(495);
    expect((await tryCode(store, use, LIMITS, directory.now())).ok).toBe(false);
  });

  it("after five guesses in a sign-in the right code is refused too, and the account is not locked", async () => {
    const someone = await victim();
    const { signIn, code } = await waiting(someone);
    const guesses = wrongCodes(code, 40).map((guess) => signIn.post("/second", sms(guess)));
    const problems = (await Promise.all(guesses)).map(({ problem }) => problem?.kind);
    expect(problems.filter((kind) => kind !== "code-refused" && kind !== "too-many")).toEqual([]);
    for (const guess of wrongCodes(code, 5)) await signIn.post("/second", sms(guess));
    expect((await signIn.post("/second", sms(code))).problem).toEqual(REFUSED);
    const { rows } = await directory.database.client.query(
      "select failures from factor where kind = 'sms' order by failures desc limit 1",
    );
    expect(rows).toEqual([{ failures: 5 }]);
    const next = await waiting(someone);
    expect((await next.signIn.post("/second", sms(next.code))).status).toBe(200);
  });

  it("twenty failures in a row lock the factor, and no other", async () => {
    const someone = await victim();
    await someone.person.addTotp();
    for (let round = 0; round < 4; round += 1) {
      const { signIn, code } = await waiting(someone);
      for (const guess of wrongCodes(code, 5)) {
        expect((await signIn.post("/second", sms(guess))).problem).toEqual(REFUSED);
      }
      directory.clock.ahead += 15 * MINUTE_MS;
    }
    const { signIn, code } = await waiting(someone);
    expect((await signIn.post("/second", sms(code))).problem).toEqual({ kind: "factor-locked" });
    expect((await signIn.post("/second", someone.person.totpProof())).status).toBe(200);
  });
});

describe("I-02", () => {
  it("of five who show a code at once one passes", async () => {
    const use = someUse();
    await codeFor(use, "12345678");
    const passed = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const found = await tryCode(store, use, LIMITS, directory.now());
        return found.ok && (await useCode(store, found.value, "12345678")).ok;
      }),
    );
    expect(passed.filter((one) => one)).toHaveLength(1);
  });

  it("a code works once", async () => {
    const someone = await victim();
    const { signIn, code } = await waiting(someone);
    const both = await Promise.all([1, 2].map(() => signIn.post("/second", sms(code))));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    const next = await someone.person.prove(newSigner());
    expect((await next.signIn.post("/second", sms(code))).problem).toEqual(REFUSED);
  });

  it("a code works in the sign-in that asked for it, and for nothing else", async () => {
    const someone = await victim();
    const [one, other] = [await waiting(someone), await waiting(someone)];
    expect((await other.signIn.post("/second", sms(one.code))).problem).toEqual(REFUSED);
    const { session } = someone.person;
    await someone.person.stepUp();
    await session.post("/v1/factors/phone", { number: mobile(900 + people) });
    await awaitQuiet(directory);
    const finished = await session.post("/v1/factors/phone/finish", { code: one.code });
    expect(finished.problem).toEqual(REFUSED);
    const added = await receivedBy(directory, mobile(900 + people));
    const forFactor = codeIn(added[0] as NonNullable<(typeof added)[0]>);
    expect((await one.signIn.post("/second", sms(forFactor))).problem).toEqual(REFUSED);
    expect((await one.signIn.post("/second", sms(one.code))).status).toBe(200);
  });

  it("a code works for five minutes, and until the next one is sent", async () => {
    const someone = await victim();
    const late = await waiting(someone);
    directory.clock.ahead += 5 * MINUTE_MS;
    expect((await late.signIn.post("/second", sms(late.code))).problem).toEqual(REFUSED);
    const { signIn, code } = await waiting(someone);
    await signIn.post("/sms", {});
    await awaitQuiet(directory);
    expect((await signIn.post("/second", sms(code))).problem).toEqual(REFUSED);
    const messages = await receivedBy(directory, someone.number);
    const newest = codeIn(messages.at(-1) as NonNullable<(typeof messages)[0]>);
    expect((await signIn.post("/second", sms(newest))).status).toBe(200);
  });
});

describe("I-04", () => {
  it("a spray over many accounts is stopped long before a thousandth of it, for an hour", async () => {
    const someone = await victim();
    await someone.person.addTotp();
    const [accounts, triesEach] = [400, 5];
    const uses = Array.from({ length: accounts }, () => someUse());
    intoNextHour();
    await Promise.all(uses.map((use) => codeFor(use, "12345678")));
    let lookedAt = 0;
    const guess = async (use: CodeUse): Promise<void> => {
      for (const code of wrongCodes("12345678", triesEach)) {
        const found = await tryCode(store, use, LIMITS, directory.now());
        if (!found.ok) continue;
        lookedAt += 1;
        await useCode(store, found.value, code);
      }
    };
    await Promise.all(uses.map(guess));
    expect(lookedAt).toBe(BUDGET);
    expect(lookedAt / (1_000_000 * triesEach)).toBeLessThan(0.001);
    const { signIn } = await someone.person.prove(newSigner());
    expect((await signIn.post("/sms", {})).problem).toEqual({ kind: "sms-off" });
    expect((await signIn.post("/second", sms("12345678"))).problem).toEqual({ kind: "sms-off" });
    expect((await signIn.post("/second", someone.person.totpProof())).status).toBe(200);
    directory.clock.ahead += HOUR_MS + MINUTE_MS;
    const next = await waiting(someone);
    expect((await next.signIn.post("/second", sms(next.code))).status).toBe(200);
  });

  it("guessing at numbers to be found by is stopped too, and closes no sign-in", async () => {
    intoNextHour();
    const someone = await victim();
    const { session } = someone.person;
    await someone.person.addTotp();
    const guess = async (): Promise<string | undefined> => {
      const [tag, id] = [randomBytes(32), randomBytes(16)].map((drawn) => Uint8Array.from(drawn));
      const body = { tag, kind: "phone", proof: [id, "12345678"] };
      return (await session.post("/v1/identifiers", body)).problem?.kind;
    };
    const problems = [];
    for (let tries = 0; tries < BUDGET + 2; tries += 1) problems.push(await guess());
    expect(problems.filter((kind) => kind === "code-refused")).toHaveLength(BUDGET);
    expect(problems.slice(BUDGET)).toEqual(["sms-off", "sms-off"]);
    const { signIn, code } = await waiting(someone);
    expect((await signIn.post("/second", sms(code))).status).toBe(200);
    directory.clock.ahead += 2 * HOUR_MS; // What was closed is open again.
  });
});

describe("I-05", () => {
  it("of a hundred thousand messages to one prefix no more are sent than its cap", async () => {
    intoNextHour();
    const account = Uint8Array.from(randomBytes(16)) as AccountId;
    const [requests, each] = [100_000, 5000];
    for (let from = 0; from < requests; from += each) {
      const wishes = Array.from({ length: each }, (_, index) => ({
        account,
        number: `+9198123${String(from + index).padStart(5, "0")}` as PhoneNumber,
        text: "pumped",
      }));
      await wishProofs(store, wishes, directory.now());
    }
    await awaitQuiet(directory);
    const response = await fetch(`${directory.url}/v1/outbox`);
    const { messages } = (await response.json()) as { readonly messages: { text: string }[] };
    expect(messages.filter(({ text }) => text === "pumped")).toHaveLength(LIMITS.perPrefix);
    const elsewhere = must(readPhoneNumber("+919712345678"));
    await wishProofs(store, [{ account, number: elsewhere, text: "elsewhere" }], directory.now());
    expect(await awaitMessages(directory, elsewhere, 1)).toHaveLength(1);
  });
});

describe("I-06", () => {
  it("who has the number alone gets nothing sent and nothing opened", async () => {
    const someone = await victim();
    const thief = await someone.person.prove(newSigner(), "patient", "a guess");
    expect((await thief.signIn.post("/sms", {})).status).toBe(202);
    await awaitQuiet(directory);
    expect(await receivedBy(directory, someone.number)).toHaveLength(1);
    expect((await thief.signIn.post("/second", sms("12345678"))).problem).toEqual(REFUSED);
    expect(await someone.person.prove(newSigner())).toBeDefined();
  });

  it("who has the number and the password gets a session, no plaintext, and no device in", async () => {
    const someone = await victim();
    const { person } = someone;
    const { signIn, code, key } = await waiting(someone);
    const answered = await signIn.post("/second", sms(code));
    const thief = person.in(read(answered, openedSessionSchema), key);

    const account = await thief.get("/v1/account");
    const chain = await thief.get("/v1/account/chain");
    const { links } = read(chain, chainPageSchema);
    expect(read(account, accountInfoSchema).factors).toHaveLength(1);
    // Of the way that a password opens she has one half; the device secret stands on paper.
    const { account: handle } = person;
    const exportKey = Uint8Array.from(randomBytes(64));
    const [owners, drawn] = [DeviceSecret.draw(), DeviceSecret.draw()];
    const [own, guessed] = [owners, drawn].map((secret) =>
      unlockPair("password", passwordSecret(exportKey, secret), handle),
    );
    if (own === undefined || guessed === undefined) throw new Error("there are two");
    const place = { account: handle, seq: 3, to: Uint8Array.from(randomBytes(16)) as never };
    const roots = { roots: [person.root], vault: undefined, secret: owners };
    const sealed = await wrapRoots(own.public, place, roots);
    expect((await openRoots(own, place, sealed)).ok).toBe(true);
    expect((await openRoots(guessed, place, sealed)).ok).toBe(false);
    const wraps = links.flatMap((link) => {
      const signed = readSigned("account/root", link);
      return signed.ok ? signed.value.unverified.wraps : [];
    });
    expect(wraps.length).toBeGreaterThan(0);
    for (const { to, wrap } of wraps) {
      const at = { account: handle, seq: links.length - 1, to };
      expect((await openRoots(guessed, at, wrap)).ok).toBe(false);
    }

    for (const kind of ["sms", "device"]) {
      const asked = await thief.post("/v1/step-ups", { kind, code: "12345678" });
      expect(asked.problem?.kind).toBe("malformed");
    }
    // What is sent to the owner still goes to the owner.
    const mine = new MailboxKeys(drawKey("account-root"));
    const claim = { audience: directory.info.id, session: SessionId.of(thief.grant) };
    const time = directory.now();
    const signed = mine.signer.sign("mailbox", { ...claim, mailbox: mine.mailbox, time });
    const mailbox = encodeMessage({ mailbox: signed });
    const claimed = await thief.request("PUT", "/v1/mailbox", mailbox);
    expect(claimed.problem).toEqual({ kind: "unknown-device" });

    const from = person.links.length;
    person.addDevice(newSigner(), key);
    await person.seal(key, drawKey("account-root"));
    const added = await thief.post("/v1/account/chain", { links: person.links.slice(from) });
    expect(added.problem).toEqual({ kind: "unknown-device" });
    const after = read(await thief.get("/v1/account/chain"), chainPageSchema);
    expect(after.links).toHaveLength(links.length);
    expect(equalBytes(after.links.at(-1) as Bytes, links.at(-1) as Bytes)).toBe(true);
  });

  it("a practitioner's account is not entered by a number at all", async () => {
    people += 1;
    const person = new Person(directory, `person-${people}@example.org`);
    await person.signUp(newSigner(), ["patient", "practitioner"]);
    await addPhone(directory, person, mobile(people));
    await person.addTotp();
    const { signIn, answered } = await person.prove(newSigner(), "practitioner");
    expect(read(answered, signInFinishedSchema).factors).toEqual(["totp"]);
    await signIn.post("/sms", {});
    await awaitQuiet(directory);
    expect(await receivedBy(directory, mobile(people))).toHaveLength(1);
    expect((await signIn.post("/second", sms("12345678"))).problem).toEqual({ kind: "sms-off" });
  });
});
