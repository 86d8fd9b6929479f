import { describe, expect, it } from "vitest";
import { smsSettings } from "../src/sms/settings.ts";
import { webSettings } from "../src/web.ts";

// Goal: text messages are off unless somebody says otherwise, and nobody starts a directory that
// spends money without saying where, or that browsers would refuse.
// Method: environments.

describe("text messages", () => {
  it("are off unless told otherwise", () => {
    expect([smsSettings({}), smsSettings({ SMS: "off" }), smsSettings({ SMS: "" })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("go to an outbox, from anywhere, with limits that are there", () => {
    expect(smsSettings({ SMS: "outbox" })).toEqual({
      carrier: { kind: "outbox" },
      countries: "all",
      limits: { perDay: 10_000, perPrefix: 500, expected: 10_000 },
    });
  });

  it("go by Amazon SNS", () => {
    const env = {
      SMS: "sns",
      AWS_REGION: "ap-south-1",
      SMS_COUNTRIES: "in, GB",
      SMS_PER_DAY: "50",
    };
    expect(smsSettings(env)).toMatchObject({
      carrier: { kind: "sns", region: "ap-south-1" },
      countries: ["IN", "GB"],
      limits: { perDay: 50, expected: 50 },
    });
  });

  it("go by Twilio", () => {
    const account = { TWILIO_ACCOUNT_SID: "AC01", TWILIO_AUTH_TOKEN: "secret" };
    const env = { SMS: "twilio", ...account, SMS_SENDER: "MG01", SMS_COUNTRIES: "all" };
    const carrier = { kind: "twilio", account: "AC01", token: "secret", from: "MG01" };
    expect(smsSettings(env)).toMatchObject({ carrier, countries: "all" });
  });

  const SNS = { SMS: "sns", AWS_REGION: "ap-south-1" };
  it.each([
    ["an unknown carrier", { SMS: "on" }],
    ["a carrier without its account", { SMS: "twilio", SMS_COUNTRIES: "IN" }],
    ["a carrier without countries", SNS],
    ["a country that is none", { ...SNS, SMS_COUNTRIES: "IN,XX" }],
    ["a limit of nothing", { ...SNS, SMS_COUNTRIES: "IN", SMS_PER_PREFIX: "0" }],
    ["a limit that is no number", { ...SNS, SMS_COUNTRIES: "IN", SMS_PER_DAY: "many" }],
  ])("are refused with %s", (_, env) => {
    expect(() => smsSettings(env)).toThrow(expect.objectContaining({ kind: "bad-option" }));
  });
});

describe("the site", () => {
  it("is one on this machine unless told otherwise", () => {
    expect(webSettings({})).toEqual({ origins: ["http://localhost:8080"], rpId: "localhost" });
  });

  it("is a domain, or several below one", () => {
    const own = { origins: ["https://salus.example"], rpId: "salus.example" };
    expect(webSettings({ WEB_ORIGIN: "https://salus.example" })).toEqual(own);
    const env = { WEB_ORIGIN: "https://a.salus.example,https://b.salus.example" };
    expect(webSettings({ ...env, WEB_RP_ID: "salus.example" }).rpId).toBe("salus.example");
  });

  it.each([
    ["without encryption", { WEB_ORIGIN: "http://salus.example" }],
    ["with a path", { WEB_ORIGIN: "https://salus.example/app" }],
    ["that is no address", { WEB_ORIGIN: "salus.example" }],
    ["of another domain", { WEB_ORIGIN: "https://salus.example", WEB_RP_ID: "example.org" }],
    [
      "whose end looks alike",
      { WEB_ORIGIN: "https://notsalus.example", WEB_RP_ID: "salus.example" },
    ],
  ])("is refused %s", (_, env) => {
    expect(() => webSettings(env)).toThrow(expect.objectContaining({ kind: "bad-option" }));
  });
});
