import { fail, ok, type Result } from "@salus/base";
import { CARRIER_TIMEOUT_MS, type Carrier, type CarrierError } from "./carrier.ts";

/** An account at Twilio, and who its messages are from. */
export interface TwilioSettings {
  /** `AC…`. */
  readonly account: string;
  readonly token: string;
  /** A number of ours, or a messaging service, `MG…`. */
  readonly from: string;
  /** Where the API is; Twilio's own unless told otherwise. */
  readonly endpoint?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

const ENDPOINT = "https://api.twilio.com";
const WAIT_MS = 5000;
/** Its answers are a few hundred bytes. */
const CODE_MAX = 99_999;

/** Errors that are about us and no number: authentication, balance, sender. */
const OURS = new Set([
  ...[20003, 20005, 20006, 20404],
  ...[21212, 21603, 21606, 21659, 21660, 21661, 21703, 21704, 21705],
]);

/**
 * Twilio's Programmable Messaging, by its REST API.
 *
 * Source:  twilio.com/docs/messaging/api/message-resource, "Create a Message"; /docs/api/errors.
 */
export function twilio(settings: TwilioSettings): Carrier {
  const { account, token, from, endpoint, timeoutMs = CARRIER_TIMEOUT_MS } = settings;
  const path = `/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`;
  const url = new URL(path, endpoint ?? ENDPOINT);
  const authorization = `Basic ${Buffer.from(`${account}:${token}`).toString("base64")}`;
  const sender = from.startsWith("MG") ? "MessagingServiceSid" : "From";
  return {
    send: async (number, text) => {
      const body = new URLSearchParams({ To: number, [sender]: from, Body: text });
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { authorization, accept: "application/json" },
          body,
          redirect: "error",
          signal: AbortSignal.timeout(timeoutMs),
        });
        return judge(response.status, response.headers.get("retry-after"), await response.text());
      } catch {
        return fail({ kind: "unreachable" });
      }
    },
  };
}

function judge(
  status: number,
  retryAfter: string | null,
  body: string,
): Result<void, CarrierError> {
  if (status === 201 || status === 200) return ok(undefined);
  const code = codeOf(body);
  if (status === 429 || code === 20429) return fail({ kind: "busy", waitMs: waitOf(retryAfter) });
  if (status >= 500) return fail({ kind: "unreachable" });
  const ours = status === 401 || status === 403 || OURS.has(code);
  // What is wrong with anything else is wrong with the number, or with the text, which is constant.
  return ours ? fail({ kind: "unconfigured" }) : fail({ kind: "refused" });
}

function codeOf(body: string): number {
  try {
    const { code } = JSON.parse(body) as { readonly code?: unknown };
    return typeof code === "number" && code <= CODE_MAX ? code : 0;
  } catch {
    return 0;
  }
}

function waitOf(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? "");
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : WAIT_MS;
}
