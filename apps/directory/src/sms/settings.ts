import { StartFailure } from "@salus/service";
import { isSupportedCountry } from "libphonenumber-js/max";
import type { SnsSettings } from "./sns.ts";
import type { TwilioSettings } from "./twilio.ts";

/** Who sends text messages, and how many at most. */
export interface SmsSettings {
  readonly carrier:
    | { readonly kind: "outbox" }
    | ({ readonly kind: "sns" } & SnsSettings)
    | ({ readonly kind: "twilio" } & TwilioSettings);
  /** Whose numbers are sent to: ISO 3166, two letters each. */
  readonly countries: readonly string[] | "all";
  readonly limits: SmsLimits;
}

/** What is sent in a day of UTC at most, and how much goes wrong before it is no accident. */
export interface SmsLimits {
  readonly perDay: number;
  /** To one prefix. */
  readonly perPrefix: number;
  /** Codes that are usually sent in a day: 0.5 % of them may fail in an hour. */
  readonly expected: number;
}

const SMS_LIMITS: SmsLimits = { perDay: 10_000, perPrefix: 500, expected: 10_000 };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Read from the environment whether text messages are sent, and how: docs/operating/sms.md.
 *
 * Gives:   nothing when they are not, which is what happens unless somebody says otherwise.
 * Fails:   `bad-option`, as a `StartFailure`.
 */
export function smsSettings(env: Environment): SmsSettings | undefined {
  const kind = env.SMS || "off";
  if (kind === "off") return undefined;
  const carrier = carrierOf(kind, env);
  return { carrier, countries: countriesOf(env, kind === "outbox"), limits: limitsOf(env) };
}

function carrierOf(kind: string, env: Environment): SmsSettings["carrier"] {
  const endpoint = env.SMS_ENDPOINT || undefined;
  switch (kind) {
    case "outbox":
      return { kind };
    case "sns":
      return {
        kind,
        region: needed(env, "AWS_REGION"),
        sender: env.SMS_SENDER || undefined,
        endpoint,
      };
    case "twilio": {
      const account = needed(env, "TWILIO_ACCOUNT_SID");
      const token = needed(env, "TWILIO_AUTH_TOKEN");
      return { kind, account, token, from: needed(env, "SMS_SENDER"), endpoint };
    }
    default:
      throw new StartFailure("bad-option", "SMS is off, outbox, sns or twilio");
  }
}

function needed(env: Environment, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new StartFailure("bad-option", `SMS=${env.SMS} needs ${name}`);
}

/** Whoever pays for messages says to where. */
function countriesOf(env: Environment, free: boolean): SmsSettings["countries"] {
  const text = env.SMS_COUNTRIES || (free ? "all" : "");
  if (text === "all") return text;
  const countries = text.split(",").map((country) => country.trim().toUpperCase());
  if (countries.every((country) => isSupportedCountry(country))) return countries;
  throw new StartFailure("bad-option", "SMS_COUNTRIES is a list such as IN,GB, or all");
}

function limitsOf(env: Environment): SmsLimits {
  const perDay = count(env, "SMS_PER_DAY", SMS_LIMITS.perDay);
  return {
    perDay,
    perPrefix: count(env, "SMS_PER_PREFIX", SMS_LIMITS.perPrefix),
    expected: count(env, "SMS_EXPECTED", perDay),
  };
}

function count(env: Environment, name: string, otherwise: number): number {
  const value = env[name] ? Number(env[name]) : otherwise;
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000_000) return value;
  throw new StartFailure("bad-option", `${name} is a number of at least 1`);
}
