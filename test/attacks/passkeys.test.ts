import { equalBytes, toHex } from "@salus/base";
import {
  DeviceSecret,
  openRoots,
  passkeySecret,
  prfSalt,
  unlockPair,
  wrapRoots,
} from "@salus/crypto";
import {
  accountInfoSchema,
  openedSessionSchema,
  passkeyOptionsSchema,
  type SessionId,
  signInFinishedSchema,
  splitCredential,
  stepUpDoneSchema,
  stepUpStartedSchema,
} from "@salus/protocol";
import { type Answered, newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Begun } from "../../apps/directory/test/begun.ts";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { must, Person } from "../../apps/directory/test/person.ts";
import { type Forged, Passkeys } from "../browser/authenticator.ts";

// Goal: a passkey finishes a sign-in and steps a session up, and unlocks an account with what never
// leaves the browser; whatever a page, a copy or a replay can change is refused (I-07).
// Method: Debian's Chromium with a virtual authenticator signs for real; the test stands between it
// and a directory on a real database.

let passkeys: Passkeys;
let directory: TestDirectory;
let people = 0;

beforeAll(async () => {
  await ready;
  passkeys = await Passkeys.open();
  const web = { origins: [passkeys.origin, passkeys.sibling], rpId: "localhost" };
  directory = await startTestDirectory(undefined, { web });
});
afterAll(async () => {
  await directory.stop();
  await passkeys.close();
});
beforeEach(async () => {
  await passkeys.plugIn();
  await passkeys.visit(passkeys.origin);
});

function shown(credential: string): string {
  return must(splitCredential(credential)).shown;
}

async function newPerson(): Promise<Person> {
  people += 1;
  const person = new Person(directory, `person-${people}@example.org`);
  await person.signUp();
  return person;
}

async function registrationOptions({ session }: Person): Promise<string> {
  return read(await session.post("/v1/factors/passkey", {}), passkeyOptionsSchema).options;
}

function finish({ session }: Person, attestation: string): Promise<Answered> {
  return session.post("/v1/factors/passkey/finish", { attestation });
}

/** Somebody whose one second factor is a passkey. */
async function owner(): Promise<Person> {
  const person = await newPerson();
  const made = await passkeys.create(await registrationOptions(person));
  expect((await finish(person, shown(made))).status).toBe(200);
  return person;
}

interface Waiting {
  readonly signIn: Begun;
  readonly options: string;
  readonly key: ReturnType<typeof newSigner>;
}

/** A sign-in that waits for a passkey. */
async function waiting(person: Person): Promise<Waiting> {
  const key = newSigner();
  const { signIn, answered } = await person.prove(key);
  expect(read(answered, signInFinishedSchema).factors).toEqual(["passkey"]);
  return { signIn, options: await ask(person, key, signIn), key };
}

async function ask(person: Person, key: Waiting["key"], { path }: Begun): Promise<string> {
  const id = Uint8Array.from(Buffer.from(path.slice(-32), "hex"));
  const asker = person.in({ session: id as SessionId } as never, key);
  const answered = await asker.post("/v1/passkeys/options", { signIn: id });
  return read(answered, passkeyOptionsSchema).options;
}

function second({ signIn }: Waiting, assertion: string): Promise<Answered> {
  return signIn.post("/second", { kind: "passkey", assertion });
}

const REFUSED = { kind: "code-refused" };

describe("a passkey", () => {
  it("finishes a sign-in", async () => {
    const person = await owner();
    const begun = await waiting(person);
    const answered = await second(begun, shown(await passkeys.get(begun.options)));
    person.in(read(answered, openedSessionSchema), begun.key);
    const { factors } = read(await person.session.get("/v1/account"), accountInfoSchema);
    expect(factors).toMatchObject([{ kind: "passkey", hint: "platform" }]);
  });

  it("steps a session up, once for each time that it is asked", async () => {
    const person = await owner();
    directory.clock.ahead += 6 * 60_000;
    const late = await person.session.request("DELETE", "/v1/sessions");
    expect(late.problem).toEqual({ kind: "step-up" });
    const answered = await person.session.post("/v1/step-ups", { kind: "passkey" });
    const started = read(answered, stepUpStartedSchema);
    if (!("options" in started)) throw new Error("no question to a passkey");
    const body = { assertion: shown(await passkeys.get(started.options)) };
    const path = `/v1/step-ups/${toHex(started.stepUp)}/finish`;
    const done = read(await person.session.post(path, body), stepUpDoneSchema);
    expect(done.until).toBeGreaterThan(person.now);
    expect((await person.session.post(path, body)).problem).toEqual(REFUSED);
    expect((await person.session.request("DELETE", "/v1/sessions")).status).toBe(200);
  });

  it("is not made twice by one authenticator", async () => {
    const person = await owner();
    await expect(passkeys.create(await registrationOptions(person))).rejects.toThrow(
      /InvalidStateError/,
    );
  });

  it("unlocks the account by what its prf gives for the account's salt, the same every time", async () => {
    const person = await owner();
    const salt = Buffer.from(prfSalt(person.account)).toString("base64url");
    const begun = await waiting(person);
    const [first, again] = [
      must(splitCredential(await passkeys.get(begun.options, { salt }))),
      must(splitCredential(await passkeys.get(begun.options, { salt }))),
    ];
    if (first.prf === undefined || again.prf === undefined) throw new Error("there is no prf");
    expect(equalBytes(first.prf, again.prf)).toBe(true);
    const { account } = person;
    const [pair, same] = [first.prf, again.prf].map((prf) =>
      unlockPair("passkey", passkeySecret(prf), account),
    );
    if (pair === undefined || same === undefined) throw new Error("there are two");
    const place = { account, seq: 3, to: Uint8Array.from(Buffer.alloc(16)) as never };
    const roots = { roots: [person.root], vault: undefined, secret: DeviceSecret.draw() };
    const wrap = await wrapRoots(pair.public, place, roots);
    expect((await openRoots(same, place, wrap)).ok).toBe(true);
    const other = Buffer.alloc(32, 1).toString("base64url");
    const elsewhere = must(splitCredential(await passkeys.get(begun.options, { salt: other })));
    expect(equalBytes(first.prf, elsewhere.prf ?? first.prf)).toBe(false);
    expect((await second(begun, again.shown)).status).toBe(200);
  });
});

describe("I-07", () => {
  const HOSTILE: readonly (readonly [string, () => string, Forged])[] = [
    ["from another origin", () => passkeys.stranger, {}],
    ["for another site", () => passkeys.sibling, { rpId: "app.localhost" }],
    ["whose owner was not verified", () => passkeys.origin, { userVerification: "discouraged" }],
  ];

  it.each(HOSTILE)("a passkey made %s is refused", async (_, site, forged) => {
    const person = await newPerson();
    const options = await registrationOptions(person);
    await passkeys.visit(site());
    if (forged.userVerification) await passkeys.plugIn(false);
    const made = shown(await passkeys.create(options, forged));
    expect((await finish(person, made)).problem).toEqual(REFUSED);
    expect((await person.session.get("/v1/sessions")).problem).toEqual({
      kind: "no-second-factor",
    });
  });

  it.each(HOSTILE)("a signature %s is refused", async (_, site, forged) => {
    const person = await owner();
    const begun = await waiting(person);
    if (forged.rpId) {
      // An authenticator keeps sites apart: only a copy of the key signs for another one.
      const [kept] = await passkeys.kept();
      await passkeys.plugIn();
      await passkeys.keep({ ...(kept as NonNullable<typeof kept>), rpId: forged.rpId });
    }
    await passkeys.visit(site());
    if (forged.userVerification) await passkeys.verifyOwner(false);
    const used = shown(await passkeys.get(begun.options, forged));
    expect((await second(begun, used)).problem).toEqual(REFUSED);
    // The same key, asked as it should be, is taken: nothing else was wrong.
    await passkeys.verifyOwner(true);
    await passkeys.visit(passkeys.origin);
    if (forged.rpId) return;
    const options = await ask(person, begun.key, begun.signIn);
    expect((await second(begun, shown(await passkeys.get(options)))).status).toBe(200);
  });

  it("a challenge is answered once: not again, not in another sign-in, not when it was replaced", async () => {
    const person = await owner();
    const [one, other] = [await waiting(person), await waiting(person)];
    const used = shown(await passkeys.get(one.options));
    expect((await second(other, used)).problem).toEqual(REFUSED);
    expect((await second(one, used)).status).toBe(200);
    expect((await second(one, used)).problem).toEqual(REFUSED);
    const next = await waiting(person);
    await ask(person, next.key, next.signIn);
    const old = shown(await passkeys.get(next.options));
    expect((await second(next, old)).problem).toEqual(REFUSED);
  });

  it("a challenge of a registration is answered once", async () => {
    const person = await newPerson();
    const made = shown(await passkeys.create(await registrationOptions(person)));
    expect((await finish(person, made)).status).toBe(200);
    expect((await finish(person, made)).problem).toEqual(REFUSED);
  });

  it("a counter that falls back is refused, and one that stands still", async () => {
    const person = await owner();
    const [copy] = await passkeys.kept();
    if (copy === undefined) throw new Error("the authenticator keeps nothing");
    const begun = await waiting(person);
    expect((await second(begun, shown(await passkeys.get(begun.options)))).status).toBe(200);
    for (const signCount of [copy.signCount - 1, copy.signCount]) {
      await passkeys.plugIn();
      await passkeys.keep({ ...copy, signCount });
      const next = await waiting(person);
      const used = shown(await passkeys.get(next.options));
      expect((await second(next, used)).problem).toEqual(REFUSED);
    }
  });

  it("another account's passkey is refused", async () => {
    const [mallory, person] = [await owner(), await owner()];
    const begun = await waiting(person);
    const own = await waiting(mallory);
    const challenge = JSON.parse(begun.options).challenge as string;
    const options = JSON.stringify({ ...JSON.parse(own.options), challenge });
    expect((await second(begun, shown(await passkeys.get(options)))).problem).toEqual(REFUSED);
  });

  it("a signature that was changed is refused", async () => {
    const person = await owner();
    const begun = await waiting(person);
    const used = JSON.parse(shown(await passkeys.get(begun.options)));
    const data = Buffer.from(used.response.authenticatorData, "base64url");
    data.writeUInt32BE(data.readUInt32BE(33) + 7, 33);
    used.response.authenticatorData = data.toString("base64url");
    expect((await second(begun, JSON.stringify(used))).problem).toEqual(REFUSED);
  });

  it("an output of prf is refused as malformed, wherever a credential is shown, and in no log", async () => {
    const person = await owner();
    const salt = Buffer.from(prfSalt(person.account)).toString("base64url");
    const begun = await waiting(person);
    const whole = await passkeys.get(begun.options, { salt });
    const { first } = JSON.parse(whole).clientExtensionResults.prf.results;
    const malformed = await second(begun, whole);
    expect([malformed.status, malformed.problem?.kind]).toEqual([400, "malformed"]);
    const again = await newPerson();
    await passkeys.plugIn();
    const made = JSON.parse(await passkeys.create(await registrationOptions(again)));
    made.clientExtensionResults = { prf: { enabled: true, results: { first } } };
    expect((await finish(again, JSON.stringify(made))).problem?.kind).toBe("malformed");
    expect(directory.log.join("")).not.toContain(first);
  });
});
