import { toHex } from "@salus/base";
import {
  checkAccountLog,
  compareMailbox,
  LogWatch,
  registerIdentifier,
  sendParcel,
} from "@salus/client";
import type { LeafKind } from "@salus/protocol";
import { must } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Discovery,
  found,
  type Member,
  member,
  phone,
  physician,
  someNumber,
  startDiscovery,
} from "../../apps/directory/test/discovery-world.ts";
import { Authenticator, connect, type SignedUp, signUp } from "./person.ts";

// Goal: the directory's log holds every head of an account, every look-up of its owner and every
// request to her, and a directory that leaves one out is found out by her.
// Method: a person with an account, and a practitioner who looks for her; the directory's tables
// changed as its administrator can.

let world: Discovery;
let doctor: Member;
let ann: SignedUp;
const anna = physician("anna");
const number = phone(someNumber(77));

beforeAll(async () => {
  world = await startDiscovery();
  doctor = await member(world, "practitioner");
  ann = await signUp(connect(world.url));
});
afterAll(() => world.stop());

/** The kinds of an account's leaves, as she gets them. */
async function kindsOf({ account }: SignedUp): Promise<readonly LeafKind[]> {
  const watch = must(await LogWatch.of(account.store, account.directory, "directory"));
  const { statement } = must(await watch.check());
  const { directory } = account;
  const page = await directory.accountLog(must(account.caller()), 0, statement.payload.size);
  return must(page).leaves.map(({ kind }) => kind);
}

describe("the directory's log", () => {
  it("holds an account's heads, from the first on", async () => {
    const carl = await signUp(connect(world.url), { roles: ["practitioner"] });
    expect(must(await checkAccountLog(carl.account))).toMatchObject({ leaves: 1, scanned: true });
    must(await carl.account.addVault());
    expect(must(await checkAccountLog(carl.account))).toMatchObject({ leaves: 2, scanned: true });
    expect(await kindsOf(carl)).toEqual(["account", "account"]);
  });

  it("holds look-ups and requests, and says of nobody which are whose", async () => {
    must(await registerIdentifier(must(ann.account.inDirectory()), number));
    const mailbox = await found(doctor, anna.asker, number);
    await found(doctor, anna.asker, phone(someNumber(78)));
    must(await sendParcel(doctor, mailbox, "request", Uint8Array.of(1)));
    expect(await kindsOf(ann)).toEqual(["account", "look-up", "request"]);
    must(await checkAccountLog(ann.account, true));
    expect(must(await compareMailbox(ann.account))).toEqual({ lying: 2, unlogged: 0, untold: 0 });
    const { directory } = ann.account;
    const kept = must(await directory.parcels(must(ann.account.caller()), 0)).parcels;
    const [notice] = kept.filter((one) => "notice" in one);
    must(await directory.removeParcel(must(ann.account.caller()), notice?.number ?? 0));
    expect(must(await compareMailbox(ann.account))).toEqual({ lying: 1, unlogged: 0, untold: 1 });
    const { leaves } = must(await ann.account.directory.leaves(0));
    const handle = toHex(ann.account.handle.slice(0, 16));
    expect(leaves.some((leaf) => toHex(leaf).includes(handle))).toBe(false);
    // The look-up of somebody who is not there has left a leaf like any other.
    const lookUp = leaves.filter((leaf) => Buffer.from(leaf).includes("look-up"));
    expect(lookUp).toHaveLength(2);
    expect(new Set(lookUp.map(({ length }) => length)).size).toBe(1);
  });

  it.each([
    ["look-up", "not-logged"],
    ["request", "not-logged"],
  ])("L-01: the directory's administrator hides a %s", async (kind, failure) => {
    const ben = await signUp(connect(world.url));
    await Authenticator.addTo(ben.account);
    const own = phone(someNumber(kind === "request" ? 80 : 81));
    must(await registerIdentifier(must(ben.account.inDirectory()), own));
    const mailbox = await found(doctor, anna.asker, own);
    must(await sendParcel(doctor, mailbox, "request", Uint8Array.of(1)));
    expect(await kindsOf(ben)).toContain(kind);
    const owner = toHex(ben.account.handle.slice(0, 16));
    await world.database.client.query("delete from log_own where owner = $1::uuid and kind = $2", [
      owner,
      kind,
    ]);
    expect(await checkAccountLog(ben.account)).toMatchObject({
      ok: false,
      error: { kind: failure, log: "directory" },
    });
  });
});
