import { randomBytes } from "node:crypto";
import { type Database, openDatabase } from "@salus/service";
import { startDatabase, type TestDatabase } from "@salus/testkit/database";
import { ready } from "@serenity-kit/opaque";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AccountId, Schema } from "../src/database/schema.ts";
import { MIGRATIONS } from "../src/migrations/migrations.ts";
import { drawServiceKeys, systemRandom } from "../src/service-keys.ts";
import { readPhoneNumber } from "../src/sms/phone-number.ts";
import { SmsSender } from "../src/sms/sender.ts";
import type { SmsSettings } from "../src/sms/settings.ts";
import { twilio } from "../src/sms/twilio.ts";
import { wishProofs } from "../src/store/sms-message.ts";
import type { Store } from "../src/store/store.ts";
import { type LoopbackCarrier, startCarrier, twilioError, twilioSent } from "./loopback-carrier.ts";
import { must } from "./person.ts";
import { mobile } from "./telephone.ts";

// Goal: what was asked for is sent once, again while that helps, and no more than the limits allow,
// whoever asks and however many senders there are.
// Method: senders over a real database and a carrier on this machine; the clock stands until it is
// moved.

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1000, 60_000, 3_600_000];
const DAY_MS = 24 * HOUR_MS;

let server: TestDatabase;
let database: Database<Schema>;
let store: Store;
let api: LoopbackCarrier;
let now = 0;

beforeAll(async () => {
  await ready;
  server = await startDatabase();
  database = await openDatabase<Schema>({
    service: "directory",
    migrations: MIGRATIONS,
    url: server.url,
    folder: server.folder,
    onEvent: () => undefined,
  });
  const { db, hasty } = database;
  store = { service: "test", db, hasty, keys: drawServiceKeys(), random: systemRandom };
});
afterAll(async () => {
  await database.close();
  await server.stop();
});
beforeEach(async () => {
  api = await startCarrier(twilioSent);
  now = 40_000 * DAY_MS;
  await server.client.query("delete from sms_message");
  await server.client.query("delete from sms_number");
  await server.client.query("delete from attempt");
});
afterEach(() => api.stop());

function sender(settings: Partial<Pick<SmsSettings, "countries" | "limits">> = {}): SmsSender {
  const account = { account: "AC0123", token: "secret", from: "+15005550006" };
  return new SmsSender({
    store,
    carrier: twilio({ ...account, endpoint: api.url, timeoutMs: 200 }),
    settings: {
      countries: ["IN"],
      limits: { perDay: 100, perPrefix: 100, expected: 1000 },
      ...settings,
    },
    host: "salus.example",
    now: () => now,
    log: pino({ enabled: false }),
  });
}

async function wish(...numbers: readonly string[]): Promise<void> {
  const account = Uint8Array.from(randomBytes(16)) as AccountId;
  const wishes = numbers.map((number) => ({
    account,
    number: must(readPhoneNumber(number)),
    text: `to ${number}`,
  }));
  await wishProofs(store, wishes, now);
}

/** Turn until there is nothing to do now. Gives: whom messages were handed over for. */
async function drain(one: SmsSender): Promise<readonly string[]> {
  const from = api.requests.length;
  for (;;) {
    const { judged, handed } = await one.turn();
    if (judged + handed === 0) break;
  }
  return api.requests.slice(from).map(({ form }) => form.To ?? "");
}

async function waiting(): Promise<number> {
  return (await server.client.query("select 1 from sms_message")).rowCount ?? 0;
}

describe("a sender", () => {
  it("sends what was asked for, once", async () => {
    await wish(mobile(1), mobile(2));
    const one = sender();
    expect([...(await drain(one))].sort()).toEqual([mobile(1), mobile(2)]);
    expect(api.requests[0]?.form.Body).toMatch(/^to \+91/);
    now += HOUR_MS;
    expect([await drain(one), await waiting()]).toEqual([[], 0]);
  });

  it("sends once what two senders on one database find at a time", async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => mobile(index));
    await wish(...numbers);
    await Promise.all([drain(sender()), drain(sender()), drain(sender())]);
    expect(api.requests.map(({ form }) => form.To).sort()).toEqual(numbers);
  });

  it("tries again what the carrier could not take, later and later", async () => {
    await wish(mobile(1));
    const one = sender();
    api.answer = "hang-up";
    expect(await drain(one)).toHaveLength(1);
    for (const waitMs of [2, 4, 8, 16].map((seconds) => seconds * SECOND_MS)) {
      now += waitMs - 1;
      expect(await drain(one)).toHaveLength(0);
      now += 1;
      expect(await drain(one)).toHaveLength(1);
    }
    api.answer = twilioSent;
    now += MINUTE_MS;
    expect([await drain(one), await waiting()]).toEqual([[mobile(1)], 0]);
  });

  it("waits as long as a busy carrier asks", async () => {
    await wish(mobile(1));
    const one = sender();
    api.answer = twilioError(429, 20429, { "retry-after": "90" });
    expect(await drain(one)).toHaveLength(1);
    api.answer = twilioSent;
    now += 89 * SECOND_MS;
    expect(await drain(one)).toHaveLength(0);
    now += SECOND_MS;
    expect(await drain(one)).toHaveLength(1);
  });

  it("keeps a message that the operator's mistake held up, and forgets one that is refused", async () => {
    await wish(mobile(1));
    const one = sender();
    api.answer = twilioError(401, 20003);
    expect([(await drain(one)).length, await waiting()]).toEqual([1, 1]);
    api.answer = twilioError(400, 21610);
    now += MINUTE_MS;
    expect([(await drain(one)).length, await waiting()]).toEqual([1, 0]);
  });

  it("sends no code that works no more", async () => {
    await wish(mobile(1));
    now += 5 * MINUTE_MS + 1;
    expect(await drain(sender())).toEqual([]);
  });

  it("takes up what another one had claimed and did not finish", async () => {
    await wish(mobile(1));
    api.answer = "silence";
    const { handed } = await sender().turn();
    await server.client.query(`update sms_message set due = ${now + MINUTE_MS}`); // As if it crashed.
    api.answer = twilioSent;
    expect([handed, await drain(sender())]).toEqual([1, []]);
    now += MINUTE_MS;
    expect(await drain(sender())).toEqual([mobile(1)]);
  });

  it("makes one turn after another until it is stopped, and finishes what it has begun", async () => {
    const one = sender();
    await wish(mobile(1));
    one.start();
    while (api.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await one.stop();
    await wish(mobile(2));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(api.requests.map(({ form }) => form.To)).toEqual([mobile(1)]);
  });
});

describe("the limits", () => {
  it("are one code to a number in a minute, five in an hour, ten in a day", async () => {
    const one = sender();
    const sent = async (): Promise<number> => {
      await wish(mobile(1), mobile(1), mobile(1));
      return (await drain(one)).length;
    };
    const at: [number, number][] = [];
    for (let minute = 0; minute < 26 * 60; minute += 1) {
      const count = minute % 60 < 7 || minute > 24 * 60 - 5 ? await sent() : 0;
      if (count > 0) at.push([Math.floor(minute / 60), count]);
      now += MINUTE_MS;
    }
    expect(at.filter(([hour]) => hour === 0)).toEqual(Array.from({ length: 5 }, () => [0, 1]));
    expect(at.filter(([hour]) => hour === 1)).toEqual(Array.from({ length: 5 }, () => [1, 1]));
    expect(at.filter(([hour]) => hour > 1 && hour < 24)).toEqual([]);
    expect(at.filter(([hour]) => hour === 24)).toHaveLength(5);
  });

  it("are counted for each number alone", async () => {
    await wish(mobile(1), mobile(2), mobile(1), mobile(2));
    expect(await drain(sender())).toHaveLength(2);
  });

  it("hold for many senders at once", async () => {
    await wish(...Array.from({ length: 30 }, () => mobile(1)));
    await Promise.all([drain(sender()), drain(sender()), drain(sender())]);
    expect(api.requests).toHaveLength(1);
  });

  it("are a cap for each prefix, and one for all of them, until the day of UTC is over", async () => {
    const limits = { perDay: 7, perPrefix: 5, expected: 1000 };
    const one = sender({ limits });
    await wish(...Array.from({ length: 8 }, (_, index) => mobile(index)));
    expect(await drain(one)).toHaveLength(5);
    await wish("+919812345678", "+919712345678", "+919612345678");
    expect(await drain(one)).toHaveLength(2);
    now += DAY_MS - MINUTE_MS;
    await wish(mobile(100));
    expect(await drain(one)).toHaveLength(0);
    now += MINUTE_MS;
    await wish(mobile(101));
    expect(await drain(one)).toHaveLength(1);
  });

  it("let nothing out of the countries that were chosen", async () => {
    await wish(mobile(1), "+447400123456", "+12025550123", "+85251234567");
    expect(await drain(sender({ countries: ["IN", "GB"] }))).toHaveLength(2);
    expect(api.requests.map(({ form }) => form.To).sort()).toEqual(["+447400123456", mobile(1)]);
  });
});
