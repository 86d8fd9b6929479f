import { randomInt } from "node:crypto";
import { signInStartedSchema } from "@salus/protocol";
import { Asker, newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { hex, Person } from "../apps/directory/test/person.ts";
import type { Figure } from "./figure.ts";
import { type DirectoryProcess, startDirectoryProcess } from "./support/directory-process.ts";
import { differenceOfMedians } from "./support/interval.ts";

/**
 * Whether the directory's time tells a login that exists from one that does not: its own clock, pairs of requests in random
 * order, each by a fresh key. Printed are both ends of the 95 % interval of the difference of the medians, known less unknown,
 * by bootstrap. The promise is that both lie within one millisecond of zero.
 *
 * Figures:   `enumeration-<route>-low`, `-high`: milliseconds, for the first message of a sign-in, its last
 *            message with a wrong password, the first of a sign-up, and of a recovery.
 * Cannot show: a network, which adds noise and no difference.
 */
const LOGINS = 120;
/** With those that warm up no more guesses at a login than are answered. */
const ROUNDS = 8;
const WARM_ROUNDS = 2;

type Times = Record<"start" | "finish" | "sign-up" | "recovery", number[]>;

export async function run(): Promise<readonly Figure[]> {
  await ready;
  const directory = await startDirectoryProcess();
  try {
    const known = people(directory, "known");
    const unknown = people(directory, "unknown");
    for (const person of known) await person.signUp(person.device);
    await directory.untimed(2 * LOGINS);
    const times = { known: none(), unknown: none() };
    for (let round = 0; round < WARM_ROUNDS + ROUNDS; round += 1) {
      for (let at = 0; at < LOGINS; at += 1) {
        const pair = [
          { person: known[at] as Person, into: times.known },
          { person: unknown[at] as Person, into: times.unknown },
        ];
        if (randomInt(2) === 1) pair.reverse();
        for (const { person, into } of pair) {
          await ask(directory, person, round < WARM_ROUNDS ? none() : into);
        }
      }
    }
    return Object.keys(times.known).flatMap((name) => {
      const route = name as keyof Times;
      return differenceOfMedians(`enumeration-${route}`, times.known[route], times.unknown[route]);
    });
  } finally {
    await directory.stop();
  }
}

function people(directory: DirectoryProcess, name: string): readonly Person[] {
  return Array.from(
    { length: LOGINS },
    (_, at) => new Person(directory, `${name}-${at}@example.org`),
  );
}

function none(): Times {
  return { start: [], finish: [], "sign-up": [], recovery: [] };
}

async function ask(directory: DirectoryProcess, person: Person, into: Times): Promise<void> {
  const asker = new Asker(directory, newSigner());
  const { login } = person;
  const { registration } = person.register();
  const { start } = person.logIn("a guess");
  const body = { login, start, role: "patient" };
  const signIn = await directory.timed(() => asker.post("/v1/sign-ins", body));
  const path = `/v1/sign-ins/${hex(read(signIn.answered, signInStartedSchema).signIn)}/finish`;
  const finish = new Uint8Array(64);
  const last = await directory.timed(() => asker.post(path, { finish }));
  const signUp = await directory.timed(() => asker.post("/v1/sign-ups", { login, registration }));
  const tag = new Uint8Array(32);
  const recovery = await directory.timed(() => asker.post("/v1/recoveries", { login, tag }));
  into.start.push(signIn.ms);
  into.finish.push(last.ms);
  into["sign-up"].push(signUp.ms);
  into.recovery.push(recovery.ms);
}
