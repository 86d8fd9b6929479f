import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "@salus/testkit/database";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Carrier, CarrierError } from "../src/sms/carrier.ts";
import { Outbox } from "../src/sms/outbox.ts";
import type { PhoneNumber } from "../src/sms/phone-number.ts";
import { sns } from "../src/sms/sns.ts";
import { twilio } from "../src/sms/twilio.ts";
import {
  type LoopbackCarrier,
  snsError,
  snsSent,
  startCarrier,
  twilioError,
  twilioSent,
} from "./loopback-carrier.ts";
import { must } from "./person.ts";

// Goal: messages are handed over as the carriers' documents say, and every answer is told apart by
// what it means for the message: gone, again later, never, or the operator's to mend.
// Method: servers on this machine that answer in the carriers' own formats.

const NUMBER = "+919876543210" as PhoneNumber;
const TEXT = "Your Salus code. Never tell it to anybody.\n\n@salus.example #01234567";

let api: LoopbackCarrier;

async function outcome(carrier: Carrier): Promise<CarrierError | "sent"> {
  const sent = await carrier.send(NUMBER, TEXT);
  return sent.ok ? "sent" : sent.error;
}

describe("Amazon SNS", () => {
  afterEach(() => api.stop());
  let carrier: Carrier;
  beforeEach(async () => {
    api = await startCarrier(snsSent);
    const credentials = { id: "AKIDEXAMPLE", secret: "wJalrXUtnFEMI" };
    const settings = { region: "ap-south-1", endpoint: api.url, timeoutMs: 300 };
    carrier = await sns({ ...settings, sender: "SALUS", credentials });
  });

  it("publishes to the number, as a transaction and from the sender", async () => {
    expect(await outcome(carrier)).toBe("sent");
    const [request] = api.requests;
    expect(request?.form).toMatchObject({ Action: "Publish", PhoneNumber: NUMBER, Message: TEXT });
    expect(Object.values(request?.form ?? {})).toEqual(
      expect.arrayContaining([
        "AWS.SNS.SMS.SMSType",
        "Transactional",
        "AWS.SNS.SMS.SenderID",
        "SALUS",
      ]),
    );
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/ap-south-1\/sns\/aws4_request/,
    );
  });

  it.each([
    [429, "Throttled", "busy"],
    [400, "Throttling", "busy"],
    [400, "KMSThrottling", "busy"],
    [400, "InvalidParameter", "refused"],
    [400, "ParameterValueInvalid", "refused"],
    [403, "OptedOut", "refused"],
    [403, "AuthorizationError", "unconfigured"],
    [403, "InvalidClientTokenId", "unconfigured"],
    [403, "SignatureDoesNotMatch", "unconfigured"],
    [500, "InternalError", "unreachable"],
    [503, "ServiceUnavailable", "unreachable"],
  ])("says of %i %s: %s", async (status, code, kind) => {
    api.answer = snsError(status, code);
    expect(await outcome(carrier)).toMatchObject({ kind });
    expect(api.requests).toHaveLength(1);
  });

  it.each(["silence", "hang-up"] as const)("says of %s: unreachable", async (answer) => {
    api.answer = answer;
    expect(await outcome(carrier)).toEqual({ kind: "unreachable" });
  });

  it("says of an answer that is none: unreachable", async () => {
    api.answer = { status: 502, body: "<html>bad gateway</html>" };
    expect(await outcome(carrier)).toEqual({ kind: "unreachable" });
  });
});

describe("Twilio", () => {
  afterEach(() => api.stop());
  let carrier: Carrier;
  const settings = { account: "AC0123", token: "secret", from: "+15005550006", timeoutMs: 300 };
  beforeEach(async () => {
    api = await startCarrier(twilioSent);
    carrier = twilio({ ...settings, endpoint: api.url });
  });

  it("posts to the account's messages, as the account", async () => {
    expect(await outcome(carrier)).toBe("sent");
    const [request] = api.requests;
    expect(request).toMatchObject({
      method: "POST",
      path: "/2010-04-01/Accounts/AC0123/Messages.json",
      form: { To: NUMBER, From: "+15005550006", Body: TEXT },
    });
    expect(request?.headers.authorization).toBe(`Basic ${btoa("AC0123:secret")}`);
  });

  it("names a messaging service as one", async () => {
    const service = twilio({ ...settings, from: "MG0123", endpoint: api.url });
    expect(await outcome(service)).toBe("sent");
    const form = { To: NUMBER, MessagingServiceSid: "MG0123", Body: TEXT };
    expect(api.requests[0]?.form).toEqual(form);
  });

  it.each([
    [429, 20429, "busy"],
    [400, 21211, "refused"],
    [400, 21408, "refused"],
    [400, 21610, "refused"],
    [400, 21614, "refused"],
    [400, 21606, "unconfigured"],
    [401, 20003, "unconfigured"],
    [404, 20404, "unconfigured"],
    [500, 20500, "unreachable"],
    [503, 20503, "unreachable"],
  ])("says of %i, code %i: %s", async (status, code, kind) => {
    api.answer = twilioError(status, code);
    expect(await outcome(carrier)).toMatchObject({ kind });
  });

  it("waits as long as it is asked to", async () => {
    api.answer = twilioError(429, 20429, { "retry-after": "30" });
    expect(await outcome(carrier)).toEqual({ kind: "busy", waitMs: 30_000 });
  });

  it.each(["silence", "hang-up"] as const)("says of %s: unreachable", async (answer) => {
    api.answer = answer;
    expect(await outcome(carrier)).toEqual({ kind: "unreachable" });
  });

  it("goes nowhere else with its secret", async () => {
    const elsewhere = await startCarrier(twilioSent);
    api.answer = { status: 307, body: "", headers: { location: elsewhere.url } };
    expect(await outcome(carrier)).toEqual({ kind: "unreachable" });
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.stop();
  });
});

describe("the outbox", () => {
  const folder = scratch();
  afterEach(() => folder.remove());

  it("keeps the newest hundred messages in a file that nobody else reads", async () => {
    const file = join(folder.path, "data", "outbox.jsonl");
    let time = 0;
    const outbox = new Outbox(file, () => time);
    expect([outbox.messages(), existsSync(file)]).toEqual([[], false]);
    for (time = 1; time <= 102; time += 1) must(await outbox.send(NUMBER, TEXT));
    expect(outbox.messages()).toHaveLength(100);
    expect(outbox.messages().at(-1)).toEqual({ time: 102, number: NUMBER, text: TEXT });
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(101);
    expect(statSync(file).mode & 0o077).toBe(0);
  });
});
