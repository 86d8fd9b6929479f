import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { ok, toHex } from "@salus/base";
import {
  type Directory,
  findPatient,
  readNotice,
  readParcels,
  sendParcel,
  tagsOf,
} from "@salus/client";
import { drawKey, MailboxKeys, sealParcel, signCertificate } from "@salus/crypto";
import { checkMailbox } from "@salus/evaluate";
import {
  DISCOVERY,
  Element,
  type Evaluated,
  encodeMessage,
  type Identifier,
  type LookUp,
  lookUpAnswerSchema,
  type Mailbox,
} from "@salus/protocol";
import { must } from "@salus/testkit";
import { type Answered, newSigner, read } from "@salus/testkit/asker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Discovery,
  found,
  type Member,
  member,
  newIdentity,
  openSession,
  outcome,
  type Physician,
  phone,
  physician,
  registered,
  someNumber,
  startDiscovery,
  trust,
} from "../../apps/directory/test/discovery-world.ts";

// Goal: who has the directory's answers, and a practitioner's certificates, cannot find out who is in
// it, and whoever tries is seen and stopped (I-12).
// Method: a directory on a real database; answers are compared as they come, byte by byte.

const { voprf } = ristretto255_oprf;

let world: Discovery;
let patient: Member;
let doctor: Member;
const anna = physician("anna");
const known = phone(someNumber(1));
const unknown = phone(someNumber(2));
const hidden = phone(someNumber(3));

beforeAll(async () => {
  world = await startDiscovery();
  patient = await member(world, "patient");
  doctor = await member(world, "practitioner");
  await registered(patient, known);
  const shy = await member(world, "patient");
  await registered(shy, hidden);
  const account = toHex(shy.account);
  await world.database.client.query("update account set discoverable = false where account = $1", [
    account,
  ]);
});
afterAll(() => world.stop());

/** What can be seen of an answer without reading what it says. */
function seen({ status, headers, bytes }: Answered): object {
  const names = [...headers].filter(([name]) => name !== "date");
  return { status, headers: names, length: bytes.length };
}

async function question(by: Member, who: Physician, identifier: Identifier): Promise<LookUp> {
  const [tag] = must(await tagsOf(by, [identifier]));
  if (tag === undefined) throw new Error("one identifier has one tag");
  const { session } = by.caller;
  const time = world.now();
  const { signer, certificates, attestations } = who.asker;
  const asked = signer.sign("look-up", {
    ...{ audience: world.info.id, session, tag, reason: "TREAT", time },
  });
  return { asked, certificates, attestations };
}

async function looked(by: Member, identifier: Identifier): Promise<Answered> {
  return by.raw.post("/v1/look-ups", await question(by, anna, identifier));
}

describe("I-12: somebody who looks for people one by one", () => {
  it("sees one and the same answer for who is there, who hides, and who is not", async () => {
    const answers = [];
    for (const who of [known, unknown, hidden]) answers.push(await looked(doctor, who));
    expect(answers[0]?.status).toBe(200);
    expect(answers.slice(1).map(seen)).toEqual([
      seen(answers[0] as Answered),
      seen(answers[0] as Answered),
    ]);
    for (const answer of answers) {
      const { mailbox } = read(answer, lookUpAnswerSchema);
      expect(checkMailbox(mailbox)).toEqual({ ok: true, value: undefined });
      expect(mailbox.kem).toHaveLength(1216);
    }
  });

  it("sees one and the same answer to what is sent to them", async () => {
    const sent = [];
    for (const who of [known, unknown, hidden]) {
      const mailbox = await found(doctor, anna.asker, who);
      const parcel = await sealParcel(mailbox, "request", Uint8Array.of(1));
      sent.push(seen(await doctor.raw.post("/v1/parcels", parcel)));
    }
    expect(new Set(sent.map((one) => JSON.stringify(one))).size).toBe(1);
    const { items } = must(await readParcels(patient, [patient.mailbox]));
    expect(items.filter(({ type }) => type === "parcel")).toHaveLength(1);
  });

  it("is given the same decoy tomorrow, and by a directory that was started again", async () => {
    const before = await found(doctor, anna.asker, unknown);
    const another = await found(doctor, anna.asker, phone(someNumber(4)));
    expect(toHex(another.id)).not.toBe(toHex(before.id));
    world.clock.ahead += 86_400_000;
    const restarted = await world.restart();
    world = {
      ...restarted,
      codes: world.codes,
      clock: Object.assign(restarted.clock, world.clock),
    };
    const tomorrow = await member(world, "practitioner");
    expect(await found(tomorrow, anna.asker, unknown)).toEqual(before);
    doctor = tomorrow;
    const again = await openSession(world, patient.account, "patient");
    patient = { ...patient, ...again };
  });

  it("is seen by whom she finds: every time, by whom, and why", async () => {
    const hers = await member(world, "patient");
    const number = phone(someNumber(5));
    await registered(hers, number);
    const boris = physician("boris");
    for (const who of [anna, boris, anna]) await found(doctor, who.asker, number);
    const { items } = must(await readParcels(hers, [hers.mailbox]));
    const names = [];
    for (const item of items) {
      if (item.type !== "notice") throw new Error("nobody sent her anything");
      const look = must(await readNotice(item.notice, hers.store, trust, new Map()));
      names.push([must(look.by).physician.payload.node, look.reason]);
    }
    expect(names).toEqual([
      ["anna", "TREAT"],
      ["boris", "TREAT"],
      ["anna", "TREAT"],
    ]);
  });

  it("is stopped at the 201st of a day, whatever accounts and devices she has", async () => {
    const carla = physician("carla");
    const number = phone(someNumber(6));
    const hers = await member(world, "patient");
    await registered(hers, number);
    const tablet = newIdentity();
    const further = signCertificate(carla.identity.signer, {
      ...{ subject: tablet.signer.key, ...tablet.kem.public, role: "device", node: "carla" },
      ...{ parent: "carla", name: "carla", identifiers: [], notBefore: 0, expires: 1e14 },
    });
    const certificates = [...carla.asker.certificates.slice(0, 2), further];
    const onTablet: Physician = {
      ...carla,
      asker: { ...carla.asker, signer: tablet.signer, certificates },
    };
    const accounts = [await member(world, "practitioner"), await member(world, "practitioner")];
    const ways: (readonly [Member, LookUp])[] = [];
    for (const account of accounts) {
      for (const who of [carla, onTablet]) {
        ways.push([account, await question(account, who, number)]);
      }
    }
    const answers: Answered[] = [];
    // So many at once as a directory answers to one key.
    for (let wave = 0; wave < 4; wave += 1) {
      const some = Array.from({ length: 53 }, async (_, at) => {
        const [account, asked] = ways[at % ways.length] as (typeof ways)[number];
        return account.raw.post("/v1/look-ups", asked);
      });
      answers.push(...(await Promise.all(some)));
    }
    const refused = answers.filter(({ problem }) => problem?.kind === "quota");
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(DISCOVERY.lookUps);
    expect(refused).toHaveLength(12);
    expect(refused[0]?.status).toBe(429);
    // Another physician is not stopped by that, and what was refused was not written down.
    await found(accounts[0] as Member, anna.asker, number);
    const first = must(await readParcels(hers, [hers.mailbox]));
    const second = must(await readParcels(hers, [hers.mailbox], first.items.at(-1)?.number));
    const third = must(await readParcels(hers, [hers.mailbox], second.items.at(-1)?.number));
    expect([first, second, third].map(({ items }) => items.length)).toEqual([100, 100, 1]);
  });

  it("makes no more than 200 tags a day", async () => {
    const somebody = await member(world, "practitioner");
    const numbers = [1, 2, 3, 4].map((at) => phone(someNumber(at)));
    for (let made = 0; made < DISCOVERY.lookUps; made += numbers.length) {
      must(await tagsOf(somebody, numbers));
    }
    expect(outcome(await tagsOf(somebody, numbers.slice(0, 1)))).toBe("quota");
    expect(outcome(await findPatient(somebody, anna.asker, known, "TREAT"))).toBe("quota");
  });
});

describe("I-12: enumeration of identifiers and phones", () => {
  it("by registering: what somebody has answers as what nobody has", async () => {
    const prober = await member(world, "patient");
    const numbers = [known, unknown, hidden];
    const tags = must(await tagsOf(prober, numbers));
    const answers = [];
    for (const tag of tags) {
      const registration = { tag, kind: "phone", proof: [] };
      answers.push(seen(await prober.raw.post("/v1/identifiers", registration)));
    }
    const removed = [];
    for (const tag of [...tags, tags[0] as Uint8Array]) {
      removed.push(seen(await prober.raw.request("DELETE", `/v1/identifiers/${toHex(tag)}`)));
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(new Set(removed.map((one) => JSON.stringify(one))).size).toBe(1);
    // What she claimed for a while changed nothing for whom it leads to.
    expect(await found(doctor, anna.asker, known)).toEqual(patient.mailbox.mailbox);
  });

  it("by proving phones: the answer and the code tell nothing", async () => {
    const prober = await member(world, "patient");
    const answers = [];
    for (const { value: number } of [known, unknown, hidden]) {
      const answer = await prober.raw.post("/v1/identifiers/proofs", { number });
      expect(answer.status).toBe(202);
      answers.push(seen(answer));
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it("by claiming the mailboxes that look-ups gave: refused alike", async () => {
    const prober = await member(world, "patient");
    const claim = async (mailbox: Mailbox, by = newSigner()): Promise<object> => {
      const { session } = prober.caller;
      const time = world.now();
      const said = { audience: world.info.id, session, mailbox, time };
      const signed = by.sign("mailbox", said);
      return seen(
        await prober.raw.request("PUT", "/v1/mailbox", encodeMessage({ mailbox: signed })),
      );
    };
    const answers = [];
    for (const who of [known, unknown, hidden]) {
      answers.push(await claim(await found(doctor, anna.asker, who)));
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401 });
    const own = new MailboxKeys(drawKey("account-root"));
    expect(await claim(own.mailbox, own.signer)).toMatchObject({ status: 200 });
  });

  it("by waiting: what lies in nobody's mailbox is forgotten, and nobody can tell", async () => {
    const decoy = await found(doctor, anna.asker, unknown);
    must(await sendParcel(doctor, decoy, "request", Uint8Array.of(1)));
    const count = async (): Promise<number> => {
      const { rows } = await world.database.client.query<{ n: number }>(
        "select count(*)::int as n from parcel where box = $1",
        [toHex(decoy.id)],
      );
      return rows[0]?.n ?? 0;
    };
    expect(await count()).toBeGreaterThan(0);
    const { rows } = await world.database.client.query<{ expires: string }>(
      "select max(expires) as expires from parcel where box = $1",
      [toHex(decoy.id)],
    );
    expect(Number(rows[0]?.expires)).toBeLessThanOrEqual(world.now());
  });
});

describe("a directory that lies", () => {
  const own = voprf.generateKeyPair();
  const evaluated = (elements: readonly Element[]): Evaluated => {
    const made = voprf.blindEvaluateBatch(own.secretKey, own.publicKey, [...elements]);
    return {
      elements: made.evaluated.map((one) => Element.of(one)),
      proof: Uint8Array.from(made.proof),
    };
  };
  const under = (lies: Partial<Directory>): Member => ({
    ...doctor,
    directory: { ...doctor.directory, ...lies },
  });
  const asked = async (lies: Partial<Directory>): Promise<string> =>
    outcome(await findPatient(under(lies), anna.asker, known, "TREAT"));
  const evaluate: Directory["evaluate"] = async (_, { elements }) => ok(evaluated(elements));

  it("cannot give one practitioner tags of her own", async () => {
    const about = must(await doctor.directory.about());
    const key = Element.of(own.publicKey);
    const holders = [{ index: 1, url: "", key }];
    expect(await asked({ evaluate })).toBe("bad-proof");
    expect(await asked({ evaluate, about: async () => ok({ ...about, holders }) })).toBe(
      "wrong-holders",
    );
    expect(
      await asked({ evaluate, about: async () => ok({ ...about, holders, public: key }) }),
    ).toBe("server-key-changed");
    expect(await asked({})).toBe("ok");
  });

  it("cannot name a mailbox whose id is not its key's", async () => {
    const { mailbox } = new MailboxKeys(drawKey("account-root"));
    const { id } = patient.mailbox.mailbox;
    const lookUp: Directory["lookUp"] = async () => ok({ mailbox: { ...mailbox, id } });
    expect(await asked({ lookUp })).toBe("malformed-answer");
  });

  it("cannot invent who looked, nor say another reason", async () => {
    const good = await question(doctor, anna, known);
    const read = async (notice: LookUp): Promise<string> => {
      const look = await readNotice(notice, patient.store, trust, new Map());
      return look.ok ? outcome(look.value.by) : look.error.kind;
    };
    expect(await read(good)).toBe("ok");
    const boris = physician("boris");
    const { certificates, attestations } = boris.asker;
    expect(await read({ ...good, certificates, attestations })).toBe("certificate-path");
    const spoilt = Uint8Array.from(good.asked);
    const at = Buffer.from(spoilt).indexOf("TREAT");
    spoilt.set(Buffer.from("ETREA"), at);
    expect(await read({ ...good, asked: spoilt })).toBe("bad-signature");
  });
});
