import { randomInt } from "node:crypto";
import { sealParcel } from "@salus/crypto";
import { lookUpAnswerSchema } from "@salus/protocol";
import { read } from "@salus/testkit/asker";
import {
  type Discovery,
  type Member,
  member,
  type Physician,
  physician,
  startDiscovery,
} from "../apps/directory/test/discovery-world.ts";
import type { Figure } from "./figure.ts";
import { differenceOfMedians } from "./support/interval.ts";
import { lookUpOf, type Searched, searched } from "./support/searched-directory.ts";
import { serverTime } from "./support/server-time.ts";

/**
 * Whether the directory's time tells an identifier that somebody has from one that nobody has: its own clock, pairs of requests
 * in random order. Printed are both ends of the 95 % interval of the difference of the medians, known less unknown, by
 * bootstrap. The promise is that both lie within one millisecond of zero.
 *
 * Figures:   `enumeration-look-up-low`, `-high`; `enumeration-parcel-…`, what is sent to the mailbox that the look-up gave;
 *            `enumeration-identifier-…`, registering what somebody has, or nobody: milliseconds.
 * Cannot show: a network, which adds noise and no difference.
 */
const PEOPLE = 100;
const ROUNDS = 8;
const WARM_ROUNDS = 1;
const PROBERS = 3;
const REGISTERED = 20;

type Times = Record<"look-up" | "parcel" | "identifier", number[]>;
type Tag = Searched["known"][number];

export async function run(): Promise<readonly Figure[]> {
  const world = await startDiscovery();
  try {
    const people = await searched(world, PEOPLE);
    const times = { known: none(), unknown: none() };
    for (let round = 0; round < WARM_ROUNDS + ROUNDS; round += 1) {
      const into = round < WARM_ROUNDS ? { known: none(), unknown: none() } : times;
      await lookAll(world, people, round, into);
      for (let prober = 0; prober < PROBERS; prober += 1) await registerSome(world, people, into);
    }
    return (["look-up", "parcel", "identifier"] as const).flatMap((route) =>
      differenceOfMedians(`enumeration-${route}`, times.known[route], times.unknown[route]),
    );
  } finally {
    await world.stop();
  }
}

function none(): Times {
  return { "look-up": [], parcel: [], identifier: [] };
}

interface Both {
  readonly known: Times;
  readonly unknown: Times;
}

/** A pair of each, in random order. */
function pairs(people: Searched, count: number, into: Both): readonly (readonly [Tag, Times])[] {
  return Array.from({ length: count }, (_, at) => {
    const pair: [Tag, Times][] = [
      [people.known[at] as Tag, into.known],
      [people.unknown[at] as Tag, into.unknown],
    ];
    return randomInt(2) === 1 ? pair.reverse() : pair;
  }).flat();
}

/** A physician has 200 look-ups a day, and an account 200 parcels. */
async function lookAll(
  world: Discovery,
  people: Searched,
  round: number,
  into: Both,
): Promise<void> {
  const doctor = await member(world, "practitioner");
  const who = physician(`round-${round}`);
  for (const [tag, times] of pairs(people, PEOPLE, into)) {
    await lookOnce(world, doctor, who, tag, times);
  }
}

async function lookOnce(
  world: Discovery,
  doctor: Member,
  who: Physician,
  tag: Tag,
  times: Times,
): Promise<void> {
  const question = lookUpOf(world, doctor, who, tag);
  const look = await serverTime(world, () => doctor.raw.post("/v1/look-ups", question));
  const { mailbox } = read(look.answered, lookUpAnswerSchema);
  const parcel = await sealParcel(mailbox, "request", Uint8Array.of(1));
  const sent = await serverTime(world, () => doctor.raw.post("/v1/parcels", parcel));
  if (sent.answered.status !== 200) throw new Error("bug: the parcel was not taken");
  times["look-up"].push(look.ms);
  times.parcel.push(sent.ms);
}

/** An account registers 20 identifiers a day. */
async function registerSome(world: Discovery, people: Searched, into: Both): Promise<void> {
  const prober = await member(world, "patient");
  for (const [tag, times] of pairs(people, REGISTERED / 2, into)) {
    const registration = { tag, kind: "email", proof: [] };
    const made = await serverTime(world, () => prober.raw.post("/v1/identifiers", registration));
    if (made.answered.status !== 200) throw new Error("bug: it was not registered");
    times.identifier.push(made.ms);
    // Otherwise what nobody had is somebody's in the next round.
    await prober.raw.request("DELETE", `/v1/identifiers/${Buffer.from(tag).toString("hex")}`);
  }
}
