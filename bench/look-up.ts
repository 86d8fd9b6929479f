import { createHmac, randomBytes } from "node:crypto";
import { blindIdentifiers } from "@salus/crypto";
import { evaluatedSchema, type LookUpAnswer, lookUpAnswerSchema } from "@salus/protocol";
import { read } from "@salus/testkit/asker";
import {
  type Discovery,
  member,
  phone,
  physician,
  someNumber,
  startDiscovery,
} from "../apps/directory/test/discovery-world.ts";
import type { Figure } from "./figure.ts";
import { quantile } from "./support/scratch-database.ts";
import { lookUpOf, type Searched, searched } from "./support/searched-directory.ts";
import { serverTime } from "./support/server-time.ts";

/**
 * Finding a patient: what the directory works on the evaluation and the look-up, by its own clock, signatures of the requests,
 * certificates with keys of suite 1, database and disk included. Beside it what a server does that is told the number: hash it
 * with a key, read whose it is, write down who asked, on the same database.
 *
 * Figures:   `look-up-p50`, `look-up-p99`: milliseconds of both requests.
 * Cannot show: what the client works: 8 ms, most of it to verify the proof.
 */
const PATIENTS = 50;
const LOOK_UPS = 200;
const ROUNDS = 2;
const WARM = 20;

export async function run(): Promise<readonly Figure[]> {
  const world = await startDiscovery();
  try {
    const people = await searched(world, PATIENTS);
    await makePlain(world);
    const ours: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // A physician has 200 look-ups a day.
      const doctor = await member(world, "practitioner");
      const who = physician(`bench-${round}`, 1);
      for (let turn = 0; turn < LOOK_UPS; turn += 1) {
        const ms = await lookUp(world, people, doctor, who, turn);
        const other = await plainLookUp(world, turn);
        if (round === 0 && turn < WARM) continue;
        ours.push(ms);
        plain.push(other);
      }
    }
    return [figure("look-up-p50", ours, plain, 0.5), figure("look-up-p99", ours, plain, 0.99)];
  } finally {
    await world.stop();
  }
}

function figure(name: string, ours: number[], plain: number[], share: number): Figure {
  const value = quantile(ours, share);
  const baseline = quantile(plain, share);
  return { name, value, unit: "ms", baseline, ratio: value / baseline };
}

async function lookUp(
  world: Discovery,
  { known, mailboxes }: Searched,
  doctor: Awaited<ReturnType<typeof member>>,
  who: ReturnType<typeof physician>,
  turn: number,
): Promise<number> {
  const at = turn % known.length;
  const { elements } = blindIdentifiers([phone(someNumber(at))]);
  const first = await serverTime(world, () => doctor.raw.post("/v1/evaluations", { elements }));
  read(first.answered, evaluatedSchema);
  const question = lookUpOf(world, doctor, who, known[at] as (typeof known)[number]);
  const second = await serverTime(world, () => doctor.raw.post("/v1/look-ups", question));
  const { mailbox }: LookUpAnswer = read(second.answered, lookUpAnswerSchema);
  if (Buffer.compare(mailbox.id, (mailboxes[at] as typeof mailbox).id) !== 0) {
    throw new Error("bug: another mailbox than the patient's");
  }
  return first.ms + second.ms;
}

function plainTag(number: string): Buffer {
  return createHmac("sha256", "a key").update(number).digest();
}

async function makePlain({ database }: Discovery): Promise<void> {
  const { client } = database;
  await client.query(
    "create table plain_identifier (tag bytea primary key, mailbox bytea not null)",
  );
  await client.query(
    "create table plain_look_up (at bytea primary key, tag bytea not null, who text not null)",
  );
  for (let at = 0; at < PATIENTS; at += 1) {
    const row = [plainTag(someNumber(at)), randomBytes(1216)];
    await client.query("insert into plain_identifier values ($1, $2)", row);
  }
}

async function plainLookUp({ database }: Discovery, turn: number): Promise<number> {
  const start = performance.now();
  const tag = plainTag(someNumber(turn % PATIENTS));
  await database.client.query("select mailbox from plain_identifier where tag = $1", [tag]);
  await database.client.query("insert into plain_look_up values ($1, $2, 'somebody')", [
    randomBytes(16),
    tag,
  ]);
  return performance.now() - start;
}
