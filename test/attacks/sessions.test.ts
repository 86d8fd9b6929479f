import type { Bytes } from "@salus/base";
import { GrantHandle, sessionsPageSchema, stepUpStartedSchema } from "@salus/protocol";
import { type Answered, Asker, newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { hex } from "../../apps/directory/test/person.ts";
import { Members } from "./members.ts";

// Goal: a session is worth something to its key alone and for its time, and what is final needs more.
// Method: as in sign-in.test.ts, against a directory in this process, on a real database, over HTTP.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let directory: TestDirectory;
let members: Members;

beforeAll(async () => {
  await ready;
  directory = await startTestDirectory();
  members = new Members(directory);
});
afterAll(() => directory.stop());

describe("I-08: a session", () => {
  it("is another one after every sign-in, and no id that somebody brought is taken", async () => {
    const person = await members.member();
    const ids = new Set<string>();
    for (const step of [0, 1]) {
      await members.later(step * 2 * MINUTE_MS, async () => {
        ids.add(hex((await person.signIn()).session));
      });
    }
    expect(ids.size).toBe(2);
    const brought = new Asker(directory, newSigner(), GrantHandle.of(new Uint8Array(16)));
    expect((await brought.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
  });

  it("is worth nothing without its key", async () => {
    const person = await members.member();
    const opened = await person.signIn();
    const thief = new Asker(directory, newSigner(), GrantHandle.of(opened.session));
    for (const path of ["/v1/account", "/v1/sessions", "/v1/account/chain"]) {
      expect((await thief.get(path)).problem).toEqual({ kind: "session-ended" });
    }
  });

  it("leaves no cookie, so that no other site can use it", async () => {
    const person = await members.member();
    const answered = await person.session.get("/v1/account");
    expect(answered.headers.get("set-cookie")).toBeNull();
    const bare = await fetch(`${directory.url}/v1/account`, { headers: { cookie: "session=1" } });
    expect(bare.status).toBe(401);
  });

  it("that was ended is over, one or all", async () => {
    const person = await members.member();
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
    const [one, other] = [await members.member(), await members.member()];
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
    const person = await members.member([role]);
    await members.later(within, async () => {
      expect((await person.session.get("/v1/account")).status).toBe(200);
    });
    await members.later(within + beyond, async () => {
      expect((await person.session.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
    });
  });

  it("of a practitioner ends after twelve hours, however much it is used", async () => {
    const person = await members.member(["practitioner"]);
    for (let used = 0; used < 12 * HOUR_MS; used += 9 * MINUTE_MS) {
      await members.later(used, async () => {
        expect((await person.session.get("/v1/account")).status).toBe(200);
      });
    }
    await members.later(12 * HOUR_MS + MINUTE_MS, async () => {
      expect((await person.session.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
    });
  });

  it("in a role that was given up is over", async () => {
    const person = await members.member(["patient", "practitioner"]);
    const asPatient = person.session;
    await members.later(2 * MINUTE_MS, async () => {
      await person.signIn(newSigner(), "practitioner");
      const change = { discoverable: true, roles: ["patient"] };
      expect((await asPatient.post("/v1/account", change)).status).toBe(200);
      expect((await person.session.get("/v1/account")).problem).toEqual({ kind: "session-ended" });
      expect((await asPatient.get("/v1/account")).status).toBe(200);
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
    const person = await members.member();
    const ask = (): Promise<Answered> =>
      method === "POST" ? person.session.post(path, body) : person.session.request(method, path);
    await members.later(6 * MINUTE_MS, async () => {
      expect((await ask()).problem).toEqual({ kind: "step-up" });
      expect((await person.stepUp()).status).toBe(200);
      expect((await ask()).problem?.kind).not.toBe("step-up");
    });
  });

  it("is not allowed by a step-up of another session, or one that was begun in it", async () => {
    const person = await members.member();
    const old = person.session;
    await members.later(6 * MINUTE_MS, async () => {
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
    const person = await members.member();
    await members.later(6 * MINUTE_MS, async () => {
      expect((await person.stepUp(person.session, "a guess")).status).toBe(401);
      const message = await person.session.post("/v1/step-ups", { kind: "sms", code: "12345678" });
      expect(message.problem).toMatchObject({ kind: "malformed" });
      const asked = await person.session.request("DELETE", "/v1/sessions");
      expect(asked.problem).toEqual({ kind: "step-up" });
    });
  });

  it("is not allowed by a session that has no second factor, step-up or not", async () => {
    const person = members.stranger();
    await person.signUp();
    for (const [method, path, body] of WANTS.filter(([, path]) => !path.includes("totp"))) {
      const asked =
        method === "POST" ? person.session.post(path, body) : person.session.request(method, path);
      expect((await asked).problem, path).toEqual({ kind: "no-second-factor" });
    }
  });
});
