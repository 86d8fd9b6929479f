import type { Bytes } from "@salus/base";
import { type SecondProof, signInFinishedSchema, signInStartedSchema } from "@salus/protocol";
import { type Answered, Asker, newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { hex, type Person } from "../../apps/directory/test/person.ts";
import { Members } from "./members.ts";

// Goal: the attacks on signing in that docs/threat-model.md names end as it says.
// Method: each is run against a directory in this process, on a real database, over HTTP. What the
// directory did, beside what it said, is read from the database.

const MINUTE_MS = 60_000;

let directory: TestDirectory;
let members: Members;

beforeAll(async () => {
  await ready;
  directory = await startTestDirectory();
  members = new Members(directory);
});
afterAll(() => directory.stop());

/** A code that is not the authenticator's, of any step near now. */
function wrongCode(person: Person): SecondProof {
  const right = [-2, -1, 0, 1, 2, 3].map((step) => person.code(step));
  const code = ["000000", "111111", "222222", "333333", "444444", "555555", "777777"].find(
    (guess) => !right.includes(guess),
  );
  return { kind: "totp", code: code ?? "666666" };
}

async function failuresOf(person: Person): Promise<number> {
  const account = Buffer.from(person.account.slice(0, 16));
  const { rows } = await directory.database.client.query<{ failures: number }>(
    "select failures from factor where account = $1::uuid and added > 0",
    [account.toString("hex")],
  );
  return rows[0]?.failures ?? -1;
}

function kinds(answers: readonly Answered[]): Readonly<Record<string, number>> {
  const count: Record<string, number> = {};
  for (const { problem, status } of answers) {
    const kind = problem?.kind ?? String(status);
    count[kind] = (count[kind] ?? 0) + 1;
  }
  return count;
}

function repeated(times: number, ask: () => Promise<Answered>): Promise<readonly Answered[]> {
  return Promise.all(Array.from({ length: times }, ask));
}

describe("I-01: of 500 guesses at once", () => {
  it("at the second factor of one sign-in, exactly 5 are looked at", async () => {
    const person = await members.member();
    const { signIn } = await person.prove(newSigner());
    const guess = wrongCode(person);
    const answers = await repeated(500, () => signIn.post("/second", guess));
    const answered = kinds(answers);
    expect((answered["code-refused"] ?? 0) + (answered["too-many"] ?? 0)).toBe(500);
    expect(await failuresOf(person)).toBe(5);
    const late = await signIn.post("/second", person.totpProof());
    expect(late.problem).toEqual({ kind: "code-refused" });
  });

  it("at the factor by steps of one session, exactly 20 are looked at, and it is locked", async () => {
    const person = await members.member();
    const guess = wrongCode(person);
    const answers = await repeated(500, () => person.session.post("/v1/step-ups", guess));
    const { "code-refused": refused } = kinds(answers);
    expect(refused).toBe(20);
    const late = await person.session.post("/v1/step-ups", person.totpProof());
    expect(late.problem).toEqual({ kind: "factor-locked" });
  });

  it("at a password, exactly 10 are answered", async () => {
    const person = await members.member();
    const { start } = person.logIn("a guess");
    const body = { login: person.login, start, role: "patient" };
    const answers = await repeated(500, () =>
      new Asker(directory, newSigner()).post("/v1/sign-ins", body),
    );
    expect(kinds(answers)).toEqual({ 200: 10, quota: 490 });
  });

  it("at a password in one session, exactly 10 are answered", async () => {
    const person = await members.member();
    const { start } = person.logIn("a guess");
    const body = { kind: "password", start };
    const answers = await repeated(40, () => person.session.post("/v1/step-ups", body));
    expect(kinds(answers)).toEqual({ 200: 10, quota: 30 });
  });
});

describe("I-02: what was used once", () => {
  it("is no code any more, in no other sign-in and for no step-up", async () => {
    const person = await members.member();
    const used = person.totpProof();
    const first = await person.prove(newSigner());
    expect((await first.signIn.post("/second", used)).status).toBe(200);
    const second = await person.prove(newSigner());
    expect((await second.signIn.post("/second", used)).problem).toEqual({ kind: "code-refused" });
    const stepUp = await person.session.post("/v1/step-ups", used);
    expect(stepUp.problem).toEqual({ kind: "code-refused" });
  });

  it("opens one session of a hundred that are asked for at once", async () => {
    const person = await members.member();
    const { signIn } = await person.prove(newSigner());
    const answers = await repeated(40, () => signIn.post("/second", person.totpProof()));
    expect(kinds(answers)[200]).toBe(1);
  });

  it("is no last message of a password any more, whoever repeats it", async () => {
    const person = await members.member();
    const { asker, path, finish } = await halfway(person);
    const stranger = await new Asker(directory, newSigner()).post(path, { finish });
    expect(stranger.problem).toEqual({ kind: "sign-in-refused" });
    const answers = await repeated(40, () => asker.post(path, { finish }));
    expect(kinds(answers)).toEqual({ 200: 1, "sign-in-refused": 39 });
  });

  it("is a sign-in of the key that began it", async () => {
    const person = await members.member();
    const { signIn } = await person.prove(newSigner());
    const stolen = await new Asker(directory, newSigner()).post(
      `${signIn.path}/second`,
      person.totpProof(),
    );
    expect(stolen.problem).toEqual({ kind: "code-refused" });
    expect(await failuresOf(person)).toBe(0);
  });

  it("is a sign-in for ten minutes", async () => {
    const person = await members.member();
    const { signIn } = await person.prove(newSigner());
    await members.later(11 * MINUTE_MS, async () => {
      const answered = await signIn.post("/second", person.totpProof());
      expect(answered.problem).toEqual({ kind: "code-refused" });
    });
  });
});

describe("I-03: a login that exists and one that does not", () => {
  it("are answered alike by every route that names one", async () => {
    const known: Answered[][] = [];
    const unknown: Answered[][] = [];
    for (let round = 0; round < 10; round += 1) {
      const member = members.stranger();
      await member.signUp(member.device);
      for (let turn = 0; turn < 4; turn += 1) {
        known.push(await ask(member));
        unknown.push(await ask(members.stranger()));
      }
    }
    const shapes = new Set(
      [...known, ...unknown].map((answers) => JSON.stringify(answers.map(shape))),
    );
    expect([...shapes]).toHaveLength(1);
    expect(known[0]?.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
  });

  it("have the same first evaluation whenever they are asked for", async () => {
    const member = members.stranger();
    await member.signUp(member.device);
    for (const person of [member, members.stranger()]) {
      const { start } = person.logIn("a guess");
      const [first, second] = [await evaluated(person, start), await evaluated(person, start)];
      expect(hex(first)).toBe(hex(second));
    }
  });

  it("have one budget of guesses each", async () => {
    const member = members.stranger();
    await member.signUp(member.device);
    for (const person of [member, members.stranger()]) {
      const { start } = person.logIn("a guess");
      const body = { login: person.login, start, role: "patient" };
      const answers = await repeated(20, () =>
        new Asker(directory, newSigner()).post("/v1/sign-ins", body),
      );
      expect(kinds(answers)).toEqual({ 200: 10, quota: 10 });
    }
  });

  it("give a sign-up no evaluation of the password that is known", async () => {
    const member = members.stranger();
    await member.signUp(member.device);
    // The element of a registration and of a login is blinded in the same way: the same bytes will do.
    const { start } = member.logIn("a guess");
    const registration = start.slice(0, 32);
    const asker = new Asker(directory, newSigner());
    const body = { login: member.login, registration };
    const answered = await asker.post("/v1/sign-ups", body);
    const inLogin = await evaluated(member, start);
    expect(Buffer.from(answered.bytes).includes(Buffer.from(inLogin))).toBe(false);
  });

  it("differ at the end of a sign-up only, when all of its work is done", async () => {
    const member = await members.member();
    const taken = members.namesake();
    const { begun, record } = await taken.startSignUp(newSigner());
    const links = await taken.found();
    const recovery = new Uint8Array(32);
    const cut = { record: record.map(() => 0), links, recovery, roles: ["patient"] };
    expect((await begun.post("/finish", cut)).problem).toMatchObject({ kind: "malformed" });
    const whole = { ...cut, record };
    expect((await begun.post("/finish", whole)).problem).toEqual({ kind: "login-taken" });
    await member.signIn();
  });
});

describe("I-11: whoever guesses", () => {
  it("uses up a login's guesses, and its owner signs in from her device", async () => {
    const person = await members.member();
    const { start } = person.logIn("a guess");
    const body = { login: person.login, start, role: "patient" };
    await repeated(40, () => new Asker(directory, newSigner()).post("/v1/sign-ins", body));
    await expect(person.prove(newSigner())).rejects.toThrow("quota");
    const { answered } = await person.prove(person.device);
    expect(read(answered, signInFinishedSchema).session).not.toBeNull();
  });

  it("and knows the password, locks the authenticator and not the account", async () => {
    const person = await members.member();
    for (let round = 0; round < 4; round += 1) {
      const { signIn } = await person.prove(newSigner());
      for (let turn = 0; turn < 5; turn += 1) await signIn.post("/second", wrongCode(person));
    }
    const locked = await person.prove(newSigner());
    const refused = await locked.signIn.post("/second", person.totpProof());
    expect(refused.problem).toEqual({ kind: "factor-locked" });
    await person.signIn(person.device);
    await person.addTotp();
    await members.later(2 * MINUTE_MS, async () => {
      await person.signIn();
    });
  });
});

/** Everything that a stranger can ask about a login: a sign-up, a sign-in to its end, a recovery. */
async function ask(person: Person): Promise<Answered[]> {
  const asker = new Asker(directory, newSigner());
  const { registration } = person.register();
  const { start } = person.logIn("a guess");
  const signUp = await asker.post("/v1/sign-ups", { login: person.login, registration });
  const signIn = await asker.post("/v1/sign-ins", { login: person.login, start, role: "patient" });
  const started = read(signIn, signInStartedSchema);
  const path = `/v1/sign-ins/${hex(started.signIn)}/finish`;
  const finish = await asker.post(path, { finish: new Uint8Array(64) });
  const tag = new Uint8Array(32);
  const recovery = await asker.post("/v1/recoveries", { login: person.login, tag });
  return [signUp, signIn, finish, recovery];
}

/** What an answer shows that is not drawn anew each time. */
function shape({ status, headers, bytes, problem }: Answered): unknown {
  const shown = [...headers].filter(([name]) => name !== "date");
  return { status, headers: shown, bytes: problem === undefined ? bytes.length : hex(bytes) };
}

/** The evaluated element in the answer to a login's first message. */
async function evaluated(person: Person, start: Bytes): Promise<Bytes> {
  const asker = new Asker(directory, newSigner());
  const body = { login: person.login, start, role: "patient" };
  const { response } = read(await asker.post("/v1/sign-ins", body), signInStartedSchema);
  return response.slice(0, 32);
}

/** A sign-in before its last message, which is made and not sent. */
async function halfway(
  person: Person,
): Promise<{ readonly asker: Asker; readonly path: string; readonly finish: Bytes }> {
  const asker = new Asker(directory, newSigner());
  const login = person.logIn();
  const body = { login: person.login, start: login.start, role: "patient" };
  const started = read(await asker.post("/v1/sign-ins", body), signInStartedSchema);
  const finish = login.finish(started.response);
  if (finish === undefined) throw new Error("the password is right");
  return { asker, path: `/v1/sign-ins/${hex(started.signIn)}/finish`, finish };
}
