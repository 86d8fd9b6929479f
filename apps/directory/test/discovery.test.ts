import { equalBytes, toHex } from "@salus/base";
import {
  claimMailbox,
  collectParcels,
  findPatient,
  listIdentifiers,
  provePhone,
  readNotice,
  readParcels,
  registerIdentifier,
  removeIdentifier,
  removeParcel,
  sendParcel,
  tagsOf,
} from "@salus/client";
import { drawKey, invitationKey, MailboxKeys, sealParcel } from "@salus/crypto";
import { digest } from "@salus/evaluate";
import { DISCOVERY, Element, evaluatedSchema } from "@salus/protocol";
import { lyingDirectory, must } from "@salus/testkit";
import { newSigner, read } from "@salus/testkit/asker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  attested,
  authority,
  certified,
  type Discovery,
  found,
  hospital,
  hospitalCertificate,
  type Member,
  member,
  newIdentity,
  openSession,
  outcome,
  phone,
  physician,
  registered,
  someNumber,
  startDiscovery,
  trust,
} from "./discovery-world.ts";

// Goal: a practitioner finds who wants to be found, learns nothing of who is not there, and is seen;
// parcels reach whom they are sealed to.
// Method: a directory on a real database, the client over HTTP.

let world: Discovery;
let doctor: Member;
let patient: Member;
const anna = physician("anna");

beforeAll(async () => {
  world = await startDiscovery();
  doctor = await member(world, "practitioner");
  patient = await member(world, "patient");
});
afterAll(() => world.stop());

describe("a patient who is registered", () => {
  const number = phone(someNumber(1));

  it("is found, and reads what is sent to her and who looked for her", async () => {
    await registered(patient, number);
    const mailbox = await found(doctor, anna.asker, number);
    expect(mailbox).toEqual(patient.mailbox.mailbox);
    must(await sendParcel(doctor, mailbox, "request", Uint8Array.of(1, 2, 3)));

    const { items, more } = must(await readParcels(patient, [patient.mailbox]));
    expect(more).toBe(false);
    const [notice, parcel] = items;
    if (notice?.type !== "notice" || parcel?.type !== "parcel") throw new Error("what else is it?");
    expect([parcel.kind, toHex(parcel.statement)]).toEqual(["request", "010203"]);
    const seen = must(await readNotice(notice.notice, patient.store, trust, new Map()));
    expect(seen).toMatchObject({ reason: "TREAT", identifier: number });
    expect(Math.abs(seen.time - world.now())).toBeLessThan(60_000);
    const by = must(seen.by);
    expect(by.physician.payload.node).toBe("anna");
    expect(toHex(by.device.payload.subject)).toBe(toHex(anna.device.signer.key));

    for (const { number: at } of items) must(await removeParcel(patient, at));
    expect(must(await readParcels(patient, [patient.mailbox])).items).toEqual([]);
  });

  it("lists and removes her identifiers", async () => {
    const before = must(await listIdentifiers(patient));
    expect(before).toMatchObject([{ kind: "phone", value: number.value, proven: false }]);
    must(await removeIdentifier(patient, (before[0] as (typeof before)[0]).tag));
    expect(must(await listIdentifiers(patient))).toEqual([]);
    const mailbox = await found(doctor, anna.asker, number);
    expect(equalBytes(mailbox.id, patient.mailbox.mailbox.id)).toBe(false);
  });

  it("is a decoy to all who look when she wants to be found by her code alone", async () => {
    const shy = await member(world, "patient");
    await registered(shy, phone(someNumber(2)));
    await world.database.client.query(
      "update account set discoverable = false where account = $1",
      [toHex(shy.account)],
    );
    const mailbox = await found(doctor, anna.asker, phone(someNumber(2)));
    expect(equalBytes(mailbox.id, shy.mailbox.mailbox.id)).toBe(false);
    expect(must(await readParcels(shy, [shy.mailbox])).items).toEqual([]);
  });
});

describe("two who claim one identifier", () => {
  it("both keep it; who has proven it is found, otherwise who came first", async () => {
    const [first, second] = [await member(world, "patient"), await member(world, "patient")];
    const number = phone(someNumber(3));
    await registered(first, number);
    await registered(second, number);
    expect(await found(doctor, anna.asker, number)).toEqual(first.mailbox.mailbox);

    const proof = must(await provePhone(second, number));
    const code = world.codes.at(-1)?.code ?? "";
    must(await registerIdentifier(second, number, [proof, code]));
    expect(await found(doctor, anna.asker, number)).toEqual(second.mailbox.mailbox);
    expect(must(await listIdentifiers(first))).toHaveLength(1);

    // Numbers are given to others: the last who showed that it is hers has it.
    const again = must(await provePhone(first, number));
    must(await registerIdentifier(first, number, [again, world.codes.at(-1)?.code ?? ""]));
    expect(await found(doctor, anna.asker, number)).toEqual(first.mailbox.mailbox);
  });
});

describe("a phone", () => {
  const number = phone(someNumber(4));

  it("is proven by the code that was sent to it, once", async () => {
    const proof = must(await provePhone(patient, number));
    const sent = world.codes.at(-1);
    expect(sent?.number).toBe(number.value);
    expect(sent?.code).toMatch(/^[0-9]{8}$/);
    const code = sent?.code ?? "";
    must(await registerIdentifier(patient, number, [proof, code]));
    expect(must(await listIdentifiers(patient))).toMatchObject([{ proven: true }]);
    expect(outcome(await registerIdentifier(patient, number, [proof, code]))).toBe("code-refused");
  });

  it("is not proven for another number, by another account, too late, or by guessing", async () => {
    const other = await member(world, "patient");
    const begin = async (): Promise<readonly [never, string]> => [
      must(await provePhone(patient, number)) as never,
      world.codes.at(-1)?.code ?? "",
    ];
    const finish = async (proof: readonly [never, string], by = patient): Promise<string> =>
      outcome(await registerIdentifier(by, number, proof));
    const another = await registerIdentifier(patient, phone(someNumber(5)), await begin());
    expect(outcome(another)).toBe("code-refused");
    expect(await finish(await begin(), other)).toBe("code-refused");

    const late = await begin();
    world.clock.ahead += 300_001;
    expect(await finish(late)).toBe("code-refused");

    const [id, code] = await begin();
    const wrong = code === "00000000" ? "00000001" : "00000000";
    for (let tried = 0; tried < 5; tried += 1) {
      expect(await finish([id, wrong])).toBe("code-refused");
    }
    expect(await finish([id, code])).toBe("code-refused");
  });

  it("stands nowhere in the database", async () => {
    const digits = number.value.slice(1);
    const { rows } = await world.database.client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    for (const { name } of rows) {
      const all = await world.database.client.query(`select t::text as row from ${name} t`);
      const text = all.rows.map(({ row }) => row as string).join("\n");
      expect([name, text.includes(digits)]).toEqual([name, false]);
      expect([name, text.includes(Buffer.from(digits).toString("hex"))]).toEqual([name, false]);
    }
    expect(world.log.join("\n")).not.toContain(digits);
  });
});

describe("an evaluation", () => {
  it("of what is no element is refused", async () => {
    for (const bytes of [new Uint8Array(32), new Uint8Array(32).fill(0xff)]) {
      const elements = [Element.of(bytes)];
      expect(outcome(await patient.directory.evaluate(patient.caller, { elements }))).toBe(
        "malformed",
      );
    }
  });

  it("is counted by elements, for each role apart", async () => {
    const somebody = await member(world, "patient");
    const both = await openSession(world, somebody.account, "practitioner");
    const numbers = [6, 7, 8, 9].map((at) => phone(someNumber(at)));
    for (let some = 0; some < DISCOVERY.registrations; some += numbers.length) {
      must(await tagsOf(somebody, numbers));
    }
    expect(outcome(await tagsOf(somebody, numbers.slice(0, 1)))).toBe("quota");
    must(await tagsOf(both, numbers));
  });

  it("under another key than the pinned one is not used", async () => {
    await patient.store.write("evaluation-key", new Uint8Array(32).fill(1));
    expect(outcome(await tagsOf(patient, [phone(someNumber(6))]))).toBe("server-key-changed");
    await patient.store.remove("evaluation-key");
    const evaluated = read(
      await patient.raw.post("/v1/evaluations", { elements: [world.info.public] }),
      evaluatedSchema,
    );
    expect(evaluated.elements).toHaveLength(1);
  });
});

describe("a look-up", () => {
  const number = phone(someNumber(10));
  const ask = async (asker: Parameters<typeof findPatient>[1], by = doctor): Promise<string> =>
    outcome(await findPatient(by, asker, number, "TREAT"));
  const { asker, identity, device } = anna;
  const [, own = new Uint8Array(), further = new Uint8Array()] = asker.certificates;

  it("needs the path down to the key that signs", async () => {
    expect(await ask(asker)).toBe("ok");
    const spoilt = (change: Partial<typeof asker>): Promise<string> => ask({ ...asker, ...change });
    expect(await spoilt({ signer: newSigner() })).toBe("certificate-path");
    expect(await spoilt({ certificates: [hospitalCertificate, own] })).toBe("certificate-path");
    expect(await spoilt({ certificates: [own, further] })).toBe("certificate-path");
    expect(await spoilt({ certificates: [] })).toBe("certificate-path");
    expect(await spoilt({ attestations: [] })).toBe("key-unattested");
    const byOther = attested(own, identity, newIdentity());
    expect(await spoilt({ attestations: [byOther] })).toBe("key-unattested");
  });

  it("needs certificates that are valid", async () => {
    const stale = certified(identity, device, {
      ...{ role: "device", node: "anna", parent: "anna", expires: Date.now() - 1000 },
    });
    const certificates = [hospitalCertificate, own, stale];
    expect(await ask({ ...asker, certificates })).toBe("certificate-expired");
    const forged = Uint8Array.from(own);
    forged.set([(forged.at(-1) ?? 0) ^ 1], forged.length - 1);
    const broken = [hospitalCertificate, forged, further];
    expect(await ask({ ...asker, certificates: broken })).toBe("bad-signature");
  });

  it("needs a session of a practitioner, and is for that session alone", async () => {
    expect(await ask(asker, patient)).toBe("not-yours");
    const { session } = doctor.caller;
    const [tag] = must(await tagsOf(doctor, [number]));
    if (tag === undefined) throw new Error("one identifier has one tag");
    const said = { audience: world.info.id, session, tag, reason: "TREAT", time: world.now() };
    const { certificates, attestations } = asker;
    const send = async (changed: Partial<typeof said>): Promise<string> => {
      const asked = asker.signer.sign("look-up", { ...said, ...changed });
      const question = { asked, certificates, attestations };
      return outcome(await doctor.directory.lookUp(doctor.caller, question));
    };
    expect(await send({})).toBe("ok");
    expect(await send({ session: patient.caller.session })).toBe("capability-mismatch");
    expect(await send({ audience: "another" })).toBe("capability-mismatch");
    expect(await send({ time: said.time - 301_000 })).toBe("capability-expired");
    expect(await send({ time: said.time + 301_000 })).toBe("capability-expired");
    const statement = asker.signer.sign("mailbox", {
      ...{ audience: world.info.id, session, mailbox: doctor.mailbox.mailbox, time: world.now() },
    });
    const other = { asked: statement, certificates, attestations };
    expect(outcome(await doctor.directory.lookUp(doctor.caller, other))).toBe("wrong-type");
  });

  it("is refused to who is suspended, as soon as the directory is told", async () => {
    const boris = physician("boris");
    const [top, his = new Uint8Array(), last = new Uint8Array()] = boris.asker.certificates;
    const path = [top as Uint8Array<ArrayBuffer>, his];
    const stated = (by: ReturnType<typeof newIdentity>, seq: number, certificate = his) =>
      by.signer.sign("certificate/status", {
        certificate: digest(certificate),
        status: seq % 2 === 1 ? "suspended" : "reinstated",
        seq,
        time: world.now(),
      });
    const tell = async (statuses: Uint8Array<ArrayBuffer>[]): Promise<string> => {
      const caller = { signer: newSigner() };
      const told = { statuses, certificates: path };
      return outcome(await doctor.directory.tellStatuses(caller, told));
    };
    expect(await ask(boris.asker)).toBe("ok");
    expect(await tell([stated(newIdentity(), 1)])).toBe("not-yours");
    expect(await tell([stated(boris.identity, 1)])).toBe("not-yours");
    expect(await tell([stated(hospital, 1, last)])).toBe("not-yours");
    expect(await ask(boris.asker)).toBe("ok");
    expect(await tell([stated(hospital, 1)])).toBe("ok");
    expect(await ask(boris.asker)).toBe("certificate-suspended");
    expect(await tell([stated(authority, 2)])).toBe("ok");
    expect(await ask(boris.asker)).toBe("ok");
  });

  it("leaves a leaf for a patient and for nobody alike", async () => {
    const count = async (): Promise<number> => {
      const { rows } = await world.database.client.query<{ leaves: number }>(
        `select (select count(*) from log_pending where kind = 'look-up')::int
          + (select size from log_head)::int as leaves`,
      );
      return rows[0]?.leaves ?? 0;
    };
    await registered(patient, phone(someNumber(11)));
    for (const at of [11, 12]) {
      const before = await count();
      await found(doctor, asker, phone(someNumber(at)));
      expect(await count()).toBe(before + 1);
    }
  });
});

describe("a mailbox", () => {
  it("is claimed by its own key, in this session, with a step-up", async () => {
    const somebody = await member(world, "patient");
    const other = await member(world, "patient");
    const { mailbox, signer } = new MailboxKeys(drawKey("account-root"));
    const { session } = somebody.caller;
    const claim = { audience: world.info.id, session, mailbox, time: world.now() };
    const send = async (signed: Uint8Array<ArrayBuffer>, by: Member = somebody): Promise<string> =>
      outcome(await by.directory.setMailbox(by.caller, { mailbox: signed }));
    expect(await send(newSigner().sign("mailbox", claim))).toBe("wrong-key");
    expect(await send(signer.sign("mailbox", claim), other)).toBe("capability-mismatch");
    const { id } = other.mailbox.mailbox;
    const renamed = { ...claim, mailbox: { ...mailbox, id } };
    expect(await send(signer.sign("mailbox", renamed))).toBe("malformed");
    await world.database.client.query("update session set stepped_up = 0 where session = $1", [
      toHex(session),
    ]);
    expect(await send(signer.sign("mailbox", claim))).toBe("step-up");
  });

  it("of an older root still receives, and the newest is answered", async () => {
    const somebody = await member(world, "patient");
    const number = phone(someNumber(13));
    await registered(somebody, number);
    const newer = new MailboxKeys(drawKey("account-root"));
    world.clock.ahead += 1;
    must(await claimMailbox(somebody, newer));
    expect(await found(doctor, anna.asker, number)).toEqual(newer.mailbox);
    for (const { mailbox } of [somebody.mailbox, newer]) {
      must(await sendParcel(doctor, mailbox, "answer", Uint8Array.of(7)));
    }
    const { items } = must(await readParcels(somebody, [somebody.mailbox, newer]));
    expect(items.map(({ type }) => type)).toEqual(["notice", "parcel", "parcel"]);
    expect(items.map(({ number: at }) => at)).toEqual([1, 2, 3]);
  });

  it("pages, and opens what is its own", async () => {
    const somebody = await member(world, "patient");
    const stranger = new MailboxKeys(drawKey("account-root"));
    const sealed = await sealParcel(stranger.mailbox, "request", Uint8Array.of(1));
    const misplaced = { ...sealed, to: somebody.mailbox.mailbox.id };
    must(await doctor.directory.sendParcel(doctor.caller, misplaced));
    await world.database.client.query(
      `insert into parcel select box, n, time, expires, notice, bytes from parcel,
         generate_series(2, 130) as n where box = $1`,
      [toHex(somebody.account)],
    );
    const first = must(await readParcels(somebody, [somebody.mailbox]));
    expect([first.items.length, first.more]).toEqual([DISCOVERY.pageParcels, true]);
    expect(new Set(first.items.map(({ type }) => type))).toEqual(new Set(["unreadable"]));
    const last = first.items.at(-1)?.number;
    const second = must(await readParcels(somebody, [somebody.mailbox], last));
    expect([second.items.length, second.more]).toEqual([30, false]);
    // One that gives the same for ever would keep whoever reads to the end for ever.
    for (const kept of [0, 1]) {
      const { parcels } = must(await somebody.directory.parcels(somebody.caller, 0));
      const same = { parcels: parcels.slice(0, kept), more: true };
      const directory = lyingDirectory(somebody.directory, { parcels: () => same });
      const stuck = await readParcels({ ...somebody, directory }, [somebody.mailbox], kept);
      expect(outcome(stuck)).toBe("malformed-answer");
    }
  });

  it("of an invitation is collected by its key, and an account's is not", async () => {
    const keys = new MailboxKeys(invitationKey(new Uint8Array(16).fill(9)));
    must(await sendParcel(patient, keys.mailbox, "association", Uint8Array.of(5)));
    const first = must(await collectParcels(patient.directory, keys));
    expect(first.items).toMatchObject([{ type: "parcel", kind: "association", number: 1 }]);
    const done = { after: 1, done: [1] };
    expect(must(await collectParcels(patient.directory, keys, done)).items).toEqual([]);
    expect(must(await collectParcels(patient.directory, keys)).items).toEqual([]);
    expect(outcome(await collectParcels(patient.directory, patient.mailbox))).toBe("not-yours");
  });

  it("takes 200 parcels a day from one account, and none that is too long", async () => {
    const sender = await member(world, "patient");
    const to = patient.mailbox.mailbox;
    must(await sendParcel(sender, to, "request", Uint8Array.of(1)));
    const parcel = await sealParcel(to, "request", Uint8Array.of(2));
    // The sender's is the newest count, and the only one of one.
    const used = DISCOVERY.parcels - 1;
    await world.database.client.query("update attempt set tries = $1 where tries = 1", [used]);
    must(await sender.directory.sendParcel(sender.caller, parcel));
    expect(outcome(await sender.directory.sendParcel(sender.caller, parcel))).toBe("quota");
    const long = new Uint8Array(DISCOVERY.parcelBytes + 1);
    const answer = await sender.raw.request("POST", "/v1/parcels", long);
    expect([answer.status, answer.problem?.kind]).toEqual([413, "too-large"]);
  });
});
