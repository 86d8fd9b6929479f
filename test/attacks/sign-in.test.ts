import type { Bytes } from "@salus/base";
import {
  type AccountRole,
  GrantHandle,
  type SecondProof,
  sessionsPageSchema,
  signInFinishedSchema,
  signInStartedSchema,
  stepUpStartedSchema,
} from "@salus/protocol";
import { type Answered, Asker, newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { hex, Person } from "../../apps/directory/test/person.ts";

// Goal: the attacks on signing in that docs/threat-model.md names end as it says.
// Method: each is run against a directory in this process, on a real database, over HTTP. What the
// directory did, beside what it said, is read from the database.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let directory: TestDirectory;
let people = 0;

beforeAll(async () => {
  await ready;
  directory = await startTestDirectory();
});
afterAll(() => directory.stop());

function newPerson(): Person {
  people += 1;
  return new Person(directory, `victim-${people}@example.org`);
}

/** Somebody who has an account with an authenticator. */
async function newMember(roles?: readonly AccountRole[]): Promise<Person> {
  const person = newPerson();
  await person.signUp(newSigner(), roles);
  await person.addTotp();
  return person;
}

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
    const person = await newMember();
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
    const person = await newMember();
    const guess = wrongCode(person);
    const answers = await repeated(500, () => person.session.post("/v1/step-ups", guess));
    const { "code-refused": refused } = kinds(answers);
    expect(refused).toBe(20);
    const late = await person.session.post("/v1/step-ups", person.totpProof());
    expect(late.problem).toEqual({ kind: "factor-locked" });
  });

  it("at a password, exactly 10 are answered", async () => {
    const person = await newMember();
    const { start } = person.logIn("a guess");
    const body = { login: person.login, start, role: "patient" };
    const answers = await repeated(500, () =>
      new Asker(directory, newSigner()).post("/v1/sign-ins", body),
    );
    expect(kinds(answers)).toEqual({ 200: 10, quota: 490 });
  });

  it("at a password in one session, exactly 10 are answered", async () => {
    const person = await newMember();
    const { start } = person.logIn("a guess");
    const body = { kind: "password", start };
    const answers = await repeated(40, () => person.session.post("/v1/step-ups", body));
    expect(kinds(answers)).toEqual({ 200: 10, quota: 30 });
  });
});

describe("I-02: what was used once", () => {
  it("is no code any more, in no other sign-in and for no step-up", async () => {
    const person = await newMember();
    const used = person.totpProof();
    const first = await person.prove(newSigner());
    expect((await first.signIn.post("/second", used)).status).toBe(200);
    const second = await person.prove(newSigner());
    expect((await second.signIn.post("/second", used)).problem).toEqual({ kind: "code-refused" });
    const stepUp = await person.session.post("/v1/step-ups", used);
    expect(stepUp.problem).toEqual({ kind: "code-refused" });
  });

  it("opens one session of a hundred that are asked for at once", async () => {
    const person = await newMember();
    const { signIn } = await person.prove(newSigner());
    const answers = await repeated(40, () => signIn.post("/second", person.totpProof()));
    expect(kinds(answers)[200]).toBe(1);
  });

  it("is no last message of a password any more, whoever repeats it", async () => {
    const person = await newMember();
    const { asker, path, finish } = await halfway(person);
    const stranger = await new Asker(directory, newSigner()).post(path, { finish });
    expect(stranger.problem).toEqual({ kind: "sign-in-refused" });
    const answers = await repeated(40, () => asker.post(path, { finish }));
    expect(kinds(answers)).toEqual({ 200: 1, "sign-in-refused": 39 });
  });

  it("is a sign-in of the key that began it", async () => {
    const person = await newMember();
    const { signIn } = await person.prove(newSigner());
    const stolen = await new Asker(directory, newSigner()).post(
      `${signIn.path}/second`,
      person.totpProof(),
    );
    expect(stolen.problem).toEqual({ kind: "code-refused" });
    expect(await failuresOf(person)).toBe(0);
  });

  it("is a sign-in for ten minutes", async () => {
    const person = await newMember();
    const { signIn } = await person.prove(newSigner());
    await later(11 * MINUTE_MS, async () => {
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
      const member = newPerson();
      await member.signUp(member.device);
      for (let turn = 0; turn < 4; turn += 1) {
        known.push(await ask(member));
        unknown.push(await ask(newPerson()));
      }
    }
    const shapes = new Set(
      [...known, ...unknown].map((answers) => JSON.stringify(answers.map(shape))),
    );
    expect([...shapes]).toHaveLength(1);
    expect(known[0]?.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
  });

  it("have the same first evaluation whenever they are asked for", async () => {
    const member = newPerson();
    await member.signUp(member.device);
    for (const person of [member, newPerson()]) {
      const { start } = person.logIn("a guess");
      const [first, second] = [await evaluated(person, start), await evaluated(person, start)];
      expect(hex(first)).toBe(hex(second));
    }
  });

  it("have one budget of guesses each", async () => {
    const member = newPerson();
    await member.signUp(member.device);
    for (const person of [member, newPerson()]) {
      const { start } = person.logIn("a guess");
      const body = { login: person.login, start, role: "patient" };
      const answers = await repeated(20, () =>
        new Asker(directory, newSigner()).post("/v1/sign-ins", body),
      );
      expect(kinds(answers)).toEqual({ 200: 10, quota: 10 });
    }
  });

  it("give a sign-up no evaluation of the password that is known", async () => {
    const member = newPerson();
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
    const member = await newMember();
    const taken = new Person(directory, `victim-${people}@example.org`);
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

describe("I-08: a session", () => {
  it("is another one after every sign-in, and no id that somebody brought is taken", async () => {
    const person = await newMember();
    const ids = new Set<string>();
    for (const step of [0, 1]) {
      await later(step * 2 * MINUTE_MS, async () => {
        ids.add(hex((await person.signIn()).session));
      });
    }
    expect(ids.size).toBe(2);
    const brought = new Asker(directory, newSigner(), GrantHandle.of(new Uint8Array(16)));
    expect((await brought.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
  });

  it("is worth nothing without its key", async () => {
    const person = await newMember();
    const opened = await person.signIn();
    const thief = new Asker(directory, newSigner(), GrantHandle.of(opened.session));
    for (const path of ["/v1/account", "/v1/sessions", "/v1/account/chain"]) {
      expect((await thief.get(path)).problem).toEqual({ kind: "session-ended" });
    }
  });

  it("leaves no cookie, so that no other site can use it", async () => {
    const person = await newMember();
    const answered = await person.session.get("/v1/account");
    expect(answered.headers.get("set-cookie")).toBeNull();
    const bare = await fetch(`${directory.url}/v1/account`, { headers: { cookie: "session=1" } });
    expect(bare.status).toBe(401);
  });

  it("that was ended is over, one or all", async () => {
    const person = await newMember();
    const first = person.session;
    const { session } = await person.signIn();
    const second = person.session;
    const path = `/v1/sessions/${hex(session)}`;
    expect((await first.request("DELETE", path)).status).toBe(200);
    expect((await second.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
    expect((await first.request("DELETE", "/v1/sessions")).status).toBe(200);
    expect((await first.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
  });

  it("of somebody else cannot be ended", async () => {
    const [one, other] = [await newMember(), await newMember()];
    const { sessions } = read(await one.session.get("/v1/sessions"), sessionsPageSchema);
    const path = `/v1/sessions/${hex(sessions[0]?.session ?? new Uint8Array())}`;
    expect((await other.session.request("DELETE", path)).status).toBe(200);
    expect((await one.session.get("/v1/account")).status).toBe(200);
  });

  it.each([
    ["patient", 29 * DAY_MS, 31 * DAY_MS],
    ["practitioner", 9 * MINUTE_MS, 11 * MINUTE_MS],
    ["administrator", 9 * MINUTE_MS, 11 * MINUTE_MS],
  ] as const)("of a %s ends when it is not used", async (role, within, beyond) => {
    const person = await newMember([role]);
    await later(within, async () => {
      expect((await person.session.get("/v1/account")).status).toBe(200);
    });
    await later(within + beyond, async () => {
      expect((await person.session.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
    });
  });

  it("of a practitioner ends after twelve hours, however much it is used", async () => {
    const person = await newMember(["practitioner"]);
    for (let used = 0; used < 12 * HOUR_MS; used += 9 * MINUTE_MS) {
      await later(used, async () => {
        expect((await person.session.get("/v1/account")).status).toBe(200);
      });
    }
    await later(12 * HOUR_MS + MINUTE_MS, async () => {
      expect((await person.session.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
    });
  });

  it("in a role that was given up is over", async () => {
    const person = await newMember(["patient", "practitioner"]);
    const asPatient = person.session;
    await later(2 * MINUTE_MS, async () => {
      await person.signIn(newSigner(), "practitioner");
      const change = { discoverable: true, roles: ["patient"] };
      expect((await asPatient.post("/v1/account", change)).status).toBe(200);
      expect((await person.session.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
      expect((await asPatient.get("/v1/account")).status).toBe(200);
    });
  });
});

describe("I-11: whoever guesses", () => {
  it("uses up a login's guesses, and its owner signs in from her device", async () => {
    const person = await newMember();
    const { start } = person.logIn("a guess");
    const body = { login: person.login, start, role: "patient" };
    await repeated(40, () => new Asker(directory, newSigner()).post("/v1/sign-ins", body));
    await expect(person.prove(newSigner())).rejects.toThrow("quota");
    const { answered } = await person.prove(person.device);
    expect(read(answered, signInFinishedSchema).session).not.toBeNull();
  });

  it("and knows the password, locks the authenticator and not the account", async () => {
    const person = await newMember();
    for (let round = 0; round < 4; round += 1) {
      const { signIn } = await person.prove(newSigner());
      for (let turn = 0; turn < 5; turn += 1) await signIn.post("/second", wrongCode(person));
    }
    const locked = await person.prove(newSigner());
    const refused = await locked.signIn.post("/second", person.totpProof());
    expect(refused.problem).toEqual({ kind: "factor-locked" });
    await person.signIn(person.device);
    await person.addTotp();
    await later(2 * MINUTE_MS, async () => {
      await person.signIn();
    });
  });
});

describe("I-13: what needs a step-up", () => {
  const random = (size: number): Bytes => crypto.getRandomValues(new Uint8Array(size));
  const WANTS: readonly (readonly ["POST" | "DELETE", string, object])[] = [
    ["POST", "/v1/account", { discoverable: false, roles: ["patient"] }],
    ["POST", "/v1/account/chain", { links: [random(100)] }],
    ["POST", "/v1/account/password", { registration: random(32) }],
    ["POST", "/v1/account/password/finish", { record: random(192), links: [random(100)] }],
    ["POST", "/v1/account/phrase", { recovery: random(32), links: [random(100)] }],
    ["POST", "/v1/factors/totp", {}],
    ["POST", "/v1/factors/totp/finish", { code: "123456" }],
    ["DELETE", `/v1/factors/${"00".repeat(16)}`, {}],
    ["DELETE", "/v1/sessions", {}],
  ];

  it.each(WANTS)("%s %s is refused five minutes after the last", async (method, path, body) => {
    const person = await newMember();
    const ask = (): Promise<Answered> =>
      method === "POST" ? person.session.post(path, body) : person.session.request(method, path);
    await later(6 * MINUTE_MS, async () => {
      expect((await ask()).problem).toEqual({ kind: "step-up" });
      expect((await person.stepUp()).status).toBe(200);
      expect((await ask()).problem?.kind).not.toBe("step-up");
    });
  });

  it("is not allowed by a step-up of another session, or one that was begun in it", async () => {
    const person = await newMember();
    const old = person.session;
    await later(6 * MINUTE_MS, async () => {
      await person.signIn();
      expect((await old.request("DELETE", "/v1/sessions")).problem).toEqual({ kind: "step-up" });
      const login = person.logIn();
      const begun = await person.session.post("/v1/step-ups", {
        kind: "password",
        start: login.start,
      });
      const started = read(begun, stepUpStartedSchema);
      if (!("response" in started)) throw new Error("no answer to a password");
      const path = `/v1/step-ups/${hex(started.stepUp)}/finish`;
      const finished = await old.post(path, { finish: login.finish(started.response) });
      expect(finished.problem).toEqual({ kind: "sign-in-refused" });
      expect((await old.request("DELETE", "/v1/sessions")).problem).toEqual({ kind: "step-up" });
    });
  });

  it("is not allowed by a wrong password, nor by a text message", async () => {
    const person = await newMember();
    await later(6 * MINUTE_MS, async () => {
      expect((await person.stepUp(person.session, "a guess")).status).toBe(401);
      const message = await person.session.post("/v1/step-ups", { kind: "sms", code: "12345678" });
      expect(message.problem).toMatchObject({ kind: "malformed" });
      const asked = await person.session.request("DELETE", "/v1/sessions");
      expect(asked.problem).toEqual({ kind: "step-up" });
    });
  });

  it("is not allowed by a session that has no second factor, step-up or not", async () => {
    const person = newPerson();
    await person.signUp();
    for (const [method, path, body] of WANTS.filter(([, path]) => !path.includes("totp"))) {
      const asked =
        method === "POST" ? person.session.post(path, body) : person.session.request(method, path);
      expect((await asked).problem, path).toEqual({ kind: "no-second-factor" });
    }
  });
});

/** Do something when the directory's clock is so far ahead of now. */
async function later(ahead: number, work: () => Promise<void>): Promise<void> {
  directory.clock.ahead += ahead;
  try {
    await work();
  } finally {
    directory.clock.ahead -= ahead;
  }
}

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
