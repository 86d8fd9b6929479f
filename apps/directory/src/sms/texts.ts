import { join } from "node:path";
import { fail } from "@salus/base";
import type { CodeSender } from "../code-sender.ts";
import type { AccountId } from "../database/schema.ts";
import { quotaBucket } from "../store/identifier.ts";
import { spend } from "../store/quota.ts";
import { wishProofs } from "../store/sms-message.ts";
import type { Store } from "../store/store.ts";
import type { Carrier } from "./carrier.ts";
import { Outbox } from "./outbox.ts";
import { readPhoneNumber } from "./phone-number.ts";
import type { SmsLimits, SmsSettings } from "./settings.ts";
import { sns } from "./sns.ts";
import { twilio } from "./twilio.ts";
import { codeText } from "./wording.ts";

/** The text messages of a directory that has any. */
export interface Texts {
  readonly limits: SmsLimits;
  readonly carrier: Carrier;
}

/** Open the carrier that was chosen. Takes: `data`, where an outbox is kept. */
export async function openCarrier(
  { carrier }: Pick<SmsSettings, "carrier">,
  data: string,
  now: () => number,
): Promise<Carrier> {
  switch (carrier.kind) {
    case "outbox":
      return new Outbox(join(data, "outbox.jsonl"), now);
    case "sns":
      return sns(carrier);
    case "twilio":
      return twilio(carrier);
  }
}

/** So often in a day an account may name a number that is not its phone. Source: spec/accounts.md §6. */
const NUMBERS_NAMED = 20;

/** Count that an account names a number that a code is to go to. Gives: whether it may. */
export function mayNameNumber(
  { hasty, keys }: Store,
  account: AccountId,
  now: number,
): Promise<boolean> {
  const bucket = quotaBucket(keys, "numbers named", account);
  return spend(hasty, { bucket, most: NUMBERS_NAMED }, 1, now);
}

/** What sends codes to numbers that somebody wants to be found by. */
export function codeSender(store: Store, host: string): CodeSender {
  return async ({ account, number, code, now }) => {
    const read = readPhoneNumber(number);
    if (!read.ok) return read;
    if (!(await mayNameNumber(store, account, now))) return fail({ kind: "quota" });
    const wish = { account, number: read.value, text: codeText(host, code) };
    await wishProofs(store, [wish], now);
    return { ok: true, value: undefined };
  };
}
