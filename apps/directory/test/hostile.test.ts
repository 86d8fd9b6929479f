import type { Bytes } from "@salus/base";
import { encodeMessage, LIMITS } from "@salus/protocol";
import { Asker, newSigner } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "./harness.ts";
import { Person } from "./person.ts";

// Goal: whatever is sent to the routes of an account is answered with a typed problem, and what is no
// message of the route changes nothing.
// Method: of each route's message every field is left out, given another type, lengthened and
// shortened, and one is added; then the same for the whole. The tables are compared before and after.

const random = (size: number): Bytes => crypto.getRandomValues(new Uint8Array(size));
const ID = "00".repeat(16);

interface Route {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether it is made in a session, or by any key. */
  readonly session: boolean;
}

const open = (path: string, body: Route["body"]): Route => ({ path, body, session: false });
const inSession = (path: string, body: Route["body"]): Route => ({ path, body, session: true });

const REGISTRATION = { registration: random(32) };
const FINISH = { record: random(192), links: [random(100)] };

const ROUTES: readonly Route[] = [
  open("/v1/sign-ups", { login: random(32), ...REGISTRATION }),
  open(`/v1/sign-ups/${ID}/finish`, { ...FINISH, recovery: random(32), roles: ["patient"] }),
  open("/v1/sign-ins", { login: random(32), start: random(96), role: "patient" }),
  open(`/v1/sign-ins/${ID}/finish`, { finish: random(64) }),
  open(`/v1/sign-ins/${ID}/second`, { kind: "totp", code: "123456" }),
  open("/v1/recoveries", { login: random(32), tag: random(32) }),
  open(`/v1/recoveries/${ID}`, REGISTRATION),
  open(`/v1/recoveries/${ID}/finish`, FINISH),
  inSession("/v1/step-ups", { kind: "password", start: random(96) }),
  inSession("/v1/step-ups", { kind: "totp", code: "123456" }),
  inSession(`/v1/step-ups/${ID}/finish`, { finish: random(64) }),
  inSession("/v1/account", { discoverable: true, roles: ["patient"] }),
  inSession("/v1/account/chain", { links: [random(100)] }),
  inSession("/v1/account/password", REGISTRATION),
  inSession("/v1/account/password/finish", FINISH),
  inSession("/v1/account/phrase", { recovery: random(32), links: [random(100)] }),
  inSession("/v1/factors/totp", {}),
  inSession("/v1/factors/totp/finish", { code: "123456" }),
  open("/v1/passkeys/options", { signIn: random(16) }),
  inSession("/v1/factors/phone", { number: "+919876543210" }),
  inSession("/v1/factors/phone/finish", { code: "12345678" }),
  inSession("/v1/factors/passkey/finish", { attestation: "{}" }),
];

/** Every way to break one value. */
function broken(value: unknown): readonly unknown[] {
  if (value instanceof Uint8Array) {
    return [null, "text", 1, value.slice(1), new Uint8Array([...value, 0]), new Uint8Array(70_000)];
  }
  if (typeof value === "string") return [null, 1, random(4), "", "x".repeat(5000)];
  if (typeof value === "boolean") return [null, 1, "true"];
  if (Array.isArray(value)) {
    const [first] = value as unknown[];
    return [null, "text", {}, [], [null], [first, 1], Array.from({ length: 300 }, () => first)];
  }
  throw new Error("no route has such a field");
}

/** Every message that differs from a route's in one thing that it may not. */
function bodiesOf({ body }: Route): readonly Uint8Array[] {
  const fields = Object.keys(body);
  const messages: object[] = [{ ...body, also: 1 }];
  for (const field of fields) {
    const { [field]: value, ...rest } = body;
    messages.push(rest, ...broken(value).map((other) => ({ ...body, [field]: other })));
  }
  const whole = encodeMessage(body);
  const ends = [whole.slice(0, -1), new Uint8Array([...whole, 0]), new Uint8Array()];
  return [...messages.map(encodeMessage), ...ends, encodeMessage([body])];
}

let directory: TestDirectory;
let person: Person;
beforeAll(async () => {
  await ready;
  directory = await startTestDirectory();
  person = new Person(directory, "hostile@example.org");
  await person.signUp();
  await person.addTotp();
});
afterAll(() => directory.stop());

/** Of a session, what stays while it is used: that it was seen is written down every half minute. */
const SESSION = "(select session, account, key, role, opened, stepped_up, limited from session)";

/** Everything that is stored, but for used nonces; of the log, which moves by itself, how much. */
async function stored(): Promise<string> {
  const { client } = directory.database;
  const { rows: tables } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'nonce'
      and tablename not like 'log%' order by 1`,
  );
  const { rows: log } = await client.query<{ size: string }>(
    "select (select count(*) from log_leaf) + (select count(*) from log_pending) as size",
  );
  const all = [`log ${log[0]?.size ?? ""}`];
  for (const { name } of tables) {
    const { rows } = await client.query<{ sum: string | null }>(
      `select md5(string_agg(t::text, ',' order by t::text)) as sum
        from ${name === "session" ? SESSION : name} t`,
    );
    all.push(`${name} ${rows[0]?.sum ?? "empty"}`);
  }
  return all.join("\n");
}

describe.each(ROUTES)("POST $path", (route) => {
  const asker = (): Asker => (route.session ? person.session : new Asker(directory, newSigner()));

  it("takes no message but its own, and changes nothing for another", async () => {
    const before = await stored();
    for (const body of bodiesOf(route)) {
      const answered = await asker().request("POST", route.path, body);
      const { kind } = answered.problem ?? { kind: answered.status };
      expect(["malformed", "too-large"], Buffer.from(body).toString("hex").slice(0, 200)).toContain(
        kind,
      );
    }
    expect(await stored()).toBe(before);
  });

  it("takes no parameter, no other key's body, and no request that is not signed", async () => {
    const before = await stored();
    const body = encodeMessage(route.body);
    const asked = await asker().request("POST", `${route.path}?from=1`, body);
    expect(asked.problem).toEqual({ kind: "unknown-parameter" });
    const other = await asker().request("POST", route.path, body, { body: random(3) });
    expect(other.problem).toEqual({ kind: "capability-mismatch" });
    const bare = await asker().request("POST", route.path, body, { header: undefined });
    expect(bare.problem).toEqual({ kind: "unsigned" });
    expect(await stored()).toBe(before);
  });

  it("takes no more than it needs", async () => {
    const before = await stored();
    const body = new Uint8Array(LIMITS.bodyBytes);
    const answered = await asker().request("POST", route.path, body);
    expect(answered.problem).toEqual({ kind: "too-large" });
    expect(await stored()).toBe(before);
  });
});

describe("a path", () => {
  it.each([
    ["POST", "/v1/sign-ups/zz/finish"],
    ["POST", `/v1/sign-ins/${ID}00/finish`],
    ["POST", "/v1/sign-ins/%00/second"],
    ["POST", "/v1/recoveries/1"],
    ["POST", `/v1/step-ups/${ID.toUpperCase().replaceAll("0", "A")}/finish`],
    ["DELETE", "/v1/sessions/1"],
    ["DELETE", "/v1/factors/1"],
    ["GET", "/v1/recoveries/1/chain"],
  ] as const)("%s %s names nothing", async (method, path) => {
    const answered = await person.session.request(method, path, new Uint8Array());
    expect(answered.problem).toMatchObject({ kind: "malformed" });
  });

  it.each(["/v1/account/chain?from=-1", "/v1/account/chain?from=01", "/v1/account/chain?from=x"])(
    "%s has no such number",
    async (path) => {
      expect((await person.session.get(path)).problem).toMatchObject({ kind: "malformed" });
    },
  );

  it("asks beyond a chain's end for nothing", async () => {
    expect((await person.session.get("/v1/account/chain?from=1000000")).status).toBe(200);
  });
});

describe("a message that is well formed and means nothing", () => {
  it.each([
    ["/v1/sign-ups", { login: random(32), registration: new Uint8Array(32).fill(255) }],
    ["/v1/sign-ins", { login: random(32), start: new Uint8Array(96), role: "patient" }],
  ])("to %s is malformed, for every login alike", async (path, body) => {
    for (const login of [person.login, random(32)]) {
      const answered = await new Asker(directory, newSigner()).post(path, { ...body, login });
      expect(answered.problem).toMatchObject({ kind: "malformed" });
    }
  });

  it("is no chain of an account", async () => {
    const before = await stored();
    const links = [random(100)];
    const answered = await person.session.post("/v1/account/chain", { links });
    expect(answered.problem).toMatchObject({ kind: "malformed" });
    expect(await stored()).toBe(before);
  });

  it("is no new password, without its way to unlock", async () => {
    const { registration } = person.register();
    expect((await person.session.post("/v1/account/password", { registration })).status).toBe(200);
    const before = await stored();
    // Of random bytes a few would do: this is no point of the group.
    const body = { record: new Uint8Array(192).fill(255), links: [...person.links] };
    const answered = await person.session.post("/v1/account/password/finish", body);
    expect(answered.problem).toMatchObject({ kind: "malformed" });
    expect(await stored()).toBe(before);
  });
});
