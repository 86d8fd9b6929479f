import type { OutboxMessage } from "../src/sms/outbox.ts";
import type { SmsSettings } from "../src/sms/settings.ts";
import type { TestDirectory } from "./harness.ts";
import type { Person } from "./person.ts";

/** Messages that reach nobody, to Indian numbers. */
export const TO_OUTBOX: SmsSettings = {
  carrier: { kind: "outbox" },
  countries: ["IN"],
  limits: { perDay: 10_000, perPrefix: 200, expected: 100_000 },
};

const PATIENCE_MS = 120_000;
const EVERY_MS = 50;

/** A mobile number of its own for each `index`. */
export function mobile(index: number): string {
  return `+9198765${String(index).padStart(5, "0")}`;
}

/** What a telephone has received. */
export async function receivedBy(
  directory: Pick<TestDirectory, "url">,
  number: string,
): Promise<readonly OutboxMessage[]> {
  const response = await fetch(`${directory.url}/v1/outbox`);
  const { messages } = (await response.json()) as { readonly messages: readonly OutboxMessage[] };
  return messages.filter((message) => message.number === number);
}

/** Wait until a telephone has received so many messages. */
export async function awaitMessages(
  directory: Pick<TestDirectory, "url">,
  number: string,
  count: number,
): Promise<readonly OutboxMessage[]> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const messages = await receivedBy(directory, number);
    if (messages.length >= count) return messages;
    if (Date.now() > end) throw new Error(`${number} received ${messages.length} of ${count}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** Wait until every message that was asked for has been judged, and sent if it may be. */
export async function awaitQuiet({ database }: Pick<TestDirectory, "database">): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const { rowCount } = await database.client.query("select 1 from sms_message limit 1");
    if (rowCount === 0) return;
    if (Date.now() > end) throw new Error("messages are still waiting");
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** The code in a message. */
export function codeIn({ text }: Pick<OutboxMessage, "text">): string {
  const [, code] = /#([0-9]{8})$/.exec(text) ?? [];
  if (code === undefined) throw new Error("a message without a code");
  return code;
}

/** Codes that are not this one. */
export function wrongCodes(code: string, count: number): readonly string[] {
  const right = Number(code);
  return Array.from({ length: count }, (_, index) =>
    String((right + 1 + index) % 100_000_000).padStart(8, "0"),
  );
}

/** Make a telephone a person's second factor. */
export async function addPhone(
  directory: TestDirectory,
  person: Person,
  number: string,
): Promise<void> {
  const before = (await receivedBy(directory, number)).length;
  const asked = await person.session.post("/v1/factors/phone", { number });
  if (asked.status !== 202) throw new Error(`answered ${asked.status}`);
  const messages = await awaitMessages(directory, number, before + 1);
  const code = codeIn(messages.at(-1) as OutboxMessage);
  const finished = await person.session.post("/v1/factors/phone/finish", { code });
  if (finished.status !== 200) throw new Error(`answered ${finished.status}`);
}
