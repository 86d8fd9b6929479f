import { writeFileSync } from "node:fs";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../running/program.ts";
import { Neighbours, PASSWORD, type SignedUp } from "./neighbours.ts";

// Goal: a person comes in from another device in each way that is promised and in no other, takes a
// device out, and comes back with her phrase; says no, lets a carer read, and hospitals let people go.
// Method: the program against a cloud and a directory.

const town = new Neighbours({ standing: true });
let ann: SignedUp;
let bo: SignedUp;

beforeAll(async () => {
  await town.start();
  await town.clearHome("ann");
  ann = await town.signUp("ann", "patient");
  await town.run("ann", ["identifiers", "add", "email:ann@example.org"]);
  await town.hospital("north");
  bo = await town.physician("bo", "north");
  await town.run("registry", ["org", "attest"]);
}, 300_000);
afterAll(() => town.stop());

/** A code that was not shown yet: the directory takes one step early, and each once. */
function codeOf({ authenticator }: SignedUp): string {
  const totp = new TOTP({ secret: Secret.fromBase32(authenticator) });
  return totp.generate({ timestamp: Date.now() + 30_000 });
}

const login = ["login", "--login", "ann@example.org", "--role", "patient"];

/** A command of hers that says one line of JSON, with other passwords than usual. */
async function jsonOf<T>(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<T> {
  const done = await town.try("ann", [...args, "--json"], { env });
  expect(done.code, done.stderr).toBe(0);
  return JSON.parse(done.stdout) as T;
}

function kindOf({ stderr }: Outcome): string | undefined {
  return /^salus: .*\[([a-z-]+)\]$/m.exec(stderr)?.[1];
}

describe("another device", { timeout: 120_000 }, () => {
  it("is let in neither by the password alone nor by a wrong one", async () => {
    const alone = await town.try("thief", login);
    expect([alone.code, kindOf(alone)]).toEqual([4, "second-factor"]);
    const wrong = await town.try("thief", login, { env: { SALUS_PASSWORD: "guess" } });
    expect([wrong.code, kindOf(wrong)]).toEqual([4, "sign-in-refused"]);
    const nobody = ["login", "--login", "nobody@example.org", "--role", "patient"];
    const unknown = await town.try("thief", nobody);
    expect([unknown.code, kindOf(unknown)]).toEqual([4, "sign-in-refused"]);
  });

  it("opens the account once one of hers has approved its card", async () => {
    const signed = await town.try("tablet", [...login, "--code", codeOf(ann)]);
    expect([signed.code, signed.stderr]).toEqual([1, expect.stringContaining("salus devices add")]);
    expect(kindOf(await town.try("tablet", ["requests"]))).toBe("locked");
    const { card } = await town.json<{ card: string }>("tablet", ["devices", "add"]);
    expect(card).toMatch(/^salus:device:/);
    expect(kindOf(await town.try("ann", ["devices", "approve", `${card}x`]))).toBe("bad-card");
    const { device } = await jsonOf<Device>(["devices", "approve", card]);
    expect(await town.json("tablet", ["login"])).toMatchObject({
      ...{ login: "ann@example.org", role: "patient", unlocked: true },
    });
    expect((await town.run("tablet", ["requests"])).stdout).toContain("No request waits");
    const { stdout } = await town.run("ann", ["devices"]);
    expect(stdout.trim().split("\n")).toEqual([expect.stringContaining("this device"), device]);
  });

  it("is out when she takes it out, and what it is told is refused", async () => {
    const { stdout } = await town.run("tablet", ["devices", "--json"]);
    const devices = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Device);
    const own = devices.find(({ current }) => current)?.device ?? "";
    const wrong = { SALUS_PASSWORD: "guess" };
    const args = ["devices", "remove", own.slice(0, 8)];
    expect(kindOf(await town.try("ann", args, { env: wrong }))).toBe("sign-in-refused");
    expect(await jsonOf(args)).toEqual({ device: own, state: "removed" });
    const out = await town.try("tablet", ["requests"]);
    expect([4, 5]).toContain(out.code);
    expect((await town.run("ann", ["devices"])).stdout).not.toContain(own);
  });
});

interface Device {
  readonly device: string;
  readonly current: boolean;
}

describe("her account", { timeout: 120_000 }, () => {
  it("keeps its last second factor, and gets another in its place", async () => {
    const { factor, kind } = await jsonOf<{ factor: string; kind: string }>(["account"]);
    expect(kind).toBe("totp");
    const last = await town.try("ann", ["account", "remove", factor.slice(0, 8)]);
    expect([last.code, last.stderr]).toEqual([5, expect.stringContaining("last-factor")]);
    const added = await jsonOf<SignedUp>(["account", "authenticator", "--yes"]);
    const old = await town.try("thief", [...login, "--code", codeOf(ann)]);
    expect(old.code).toBe(4);
    ann = { ...ann, authenticator: added.authenticator };
    expect((await jsonOf<{ factor: string }>(["account", "factors"])).factor).not.toBe(factor);
  });

  it("gets another password, and then the first again", async () => {
    const second = { SALUS_NEW_PASSWORD: "another password" };
    const changed = await town.try("ann", ["account", "password"], { env: second });
    expect([changed.code, changed.stdout], changed.stderr).toEqual([0, "password changed\n"]);
    expect(kindOf(await town.try("ann", ["login"]))).toBe("sign-in-refused");
    const back = { SALUS_PASSWORD: "another password", SALUS_NEW_PASSWORD: PASSWORD };
    const again = await jsonOf(["account", "password"], back);
    expect(again).toEqual({ login: "ann@example.org", changed: "password" });
    await town.run("ann", ["login"]);
  });

  it("gets another phrase, and the old one brings nobody back", async () => {
    const before = ann.phrase;
    ann = { ...ann, phrase: (await jsonOf<SignedUp>(["account", "phrase", "--yes"])).phrase };
    writeFileSync(town.path("old.txt"), before.join(" "));
    const args = ["recover", "--login", "ann@example.org", "--phrase-file", town.path("old.txt")];
    expect(kindOf(await town.try("thief", [...args, "--yes"]))).toBe("sign-in-refused");
  });
});

describe("a practitioner's second device", { timeout: 120_000 }, () => {
  it("finds and asks as hers once she has certified it", async () => {
    const first = { SALUS_DEVICE_SECRET: bo.deviceSecret };
    const on = ["login", "--login", "bo@example.org", "--role", "practitioner"];
    const args = [...on, "--code", codeOf(bo), "--authority", town.authority];
    const signed = await town.try("bos-tablet", args, { env: first });
    expect(signed.code, signed.stderr).toBe(0);
    const find = ["find", "email:ann@example.org"];
    expect(kindOf(await town.try("bos-tablet", find))).toBe("not-certified");
    const card = (await town.run("bos-tablet", ["devices", "add", "--practitioner"])).stdout.trim();
    const certified = await town.json("bo", ["devices", "certify", card]);
    expect(certified).toMatchObject({ role: "device", node: "bo", name: "bo of Town" });
    await town.run("bos-tablet", find);
    const { stdout } = await town.run("ann", ["requests"]);
    expect(stdout).toContain("bo of Town [bo] looked for you");
  });
});

describe("a session", { timeout: 120_000 }, () => {
  it("ends here, or everywhere, and only her password begins another", async () => {
    const here = await jsonOf(["logout"]);
    expect(here).toEqual({ login: "ann@example.org", everywhere: false });
    expect(kindOf(await town.try("ann", ["requests"]))).toBe("signed-out");
    await town.run("ann", ["login"]);
    await town.run("ann", ["logout", "--everywhere"]);
    expect(kindOf(await town.try("ann", ["requests"]))).toBe("signed-out");
    await town.run("ann", ["login"]);
  });
});

describe("a patient", { timeout: 120_000 }, () => {
  const ask = ["request", "email:ann@example.org", "--category", "vitals", "--until", "9d"];

  it("says no, with a word", async () => {
    const { request } = await town.json<{ request: string }>("bo", ask);
    const name = request.slice(0, 8);
    await town.run("ann", ["deny", name, "--note", "Ask my family doctor", "--yes"]);
    expect(kindOf(await town.try("ann", ["approve", name, "--yes"]))).toBe("unknown-name");
    expect(await town.json("bo", ["requests"])).toMatchObject({
      state: "denied",
      note: "Ask my family doctor",
    });
    expect((await town.run("bo", ["grants", "--all"])).stdout).toBe("Nobody lets you read.\n");
  });

  it("is asked by her own code without a look-up, and hides from those who only know her", async () => {
    const code = (await town.run("ann", ["invite", "self"])).stdout.trim();
    expect(await jsonOf(["identifiers", "hide"])).toEqual({ discoverable: false });
    const [, , ...rest] = ask;
    await town.run("bo", ["request", code, ...rest, "--note", "By your code"]);
    const { stdout } = await town.run("ann", ["requests"]);
    expect(stdout).toMatch(/looked up by +your own code/);
    expect(stdout).toContain("By your code");
    await town.run("ann", ["identifiers", "unhide"]);
  });

  it("lets a carer read everything, for a time, and takes it back", async () => {
    await town.clearHome("kim");
    await town.signUp("kim", "patient");
    const vault = await town.associate("ann", "north");
    await town.upload("north", vault, [
      { resource: { resourceType: "Condition", id: "c1", code: { text: "Asthma" } }, path: ["bo"] },
    ]);
    const { stdout } = await town.run("kim", ["keys", "card", "kim"]);
    writeFileSync(town.path("kim.card"), stdout);
    const proxy = ["proxy", town.path("kim.card"), "--yes", "--until"];
    expect(kindOf(await town.try("ann", [...proxy, "500d"]))).toBe("proxy-too-long");
    const herself = ["proxy", "ann", "--yes", "--until", "9d"];
    expect(kindOf(await town.try("ann", herself))).toBe("proxy-self");
    const granted = await jsonOf<{ grant: string }>([...proxy, "100d"]);
    expect(granted).toMatchObject({ vault, purpose: "FAMRQT", state: "live" });
    // She is the only patient of her folder, so nobody has to name her.
    const shown = (await town.run("ann", ["show"])).stdout;
    expect(shown).toContain(granted.grant);
    const query = ["search", "Condition", "--as", "kim", "--json"];
    expect((await town.run("kim", query)).stdout).toContain('"id":"c1"');
    await town.run("ann", ["revoke", granted.grant.slice(0, 8)]);
    expect(await town.try("kim", query)).toMatchObject({ code: 5 });
  });
});

describe("a hospital that a patient has let in", { timeout: 120_000 }, () => {
  const north = { reference: "Organization/north" };
  const subject = { reference: "Patient/4711" };
  const about = (id: string, more: object): object => ({
    ...{ resourceType: "Condition", id, subject, code: { text: "Eczema" } },
    ...more,
  });
  const chart = [
    { resourceType: "Patient", id: "4711", name: [{ family: "Lind" }] },
    { resourceType: "Practitioner", id: "bo", name: [{ family: "Ek" }] },
    { resourceType: "Organization", id: "north", name: "North Hospital" },
    { resourceType: "Organization", id: "elsewhere", name: "Elsewhere" },
    {
      ...{
        resourceType: "Encounter",
        id: "e1",
        status: "finished",
        class: { code: "AMB" },
        subject,
      },
      ...{ serviceProvider: north, period: { start: "2024-03-01T09:00:00Z" } },
    },
    about("i1", {
      encounter: { reference: "Encounter/e1" },
      recorder: { reference: "Practitioner/bo" },
    }),
    about("i2", {}),
    about("i3", { recorder: { reference: "Organization/elsewhere" } }),
  ];

  it("imports what it has of her into her vault, and nothing that is another's", async () => {
    writeFileSync(town.path("chart.ndjson"), chart.map((one) => JSON.stringify(one)).join("\n"));
    const args = ["invite", "patients", "--org", "north"];
    expect(kindOf(await town.try("north", [...args, "nobody", "--patient", "1"]))).toBe(
      "unknown-name",
    );
    await town.run("north", [...args, "ann", "--patient", "4711"]);
    const listed = await town.json<{ vault: string }>("north", args);
    expect(listed).toMatchObject({ label: "ann", patient: "4711" });
    const imported = await town.try("north", ["import", town.path("chart.ndjson"), "--json"]);
    expect(imported.code, imported.stderr).toBe(1);
    expect(JSON.parse(imported.stdout)).toMatchObject({
      stored: 4,
      refused: { count: 1, kinds: { "not-associated": 1 } },
    });
    const found = await town.run("ann", ["search", "Condition", "--json"]);
    expect(found.stdout).toContain('"id":"i1"');
    expect(found.stdout).toContain('"id":"i2"');
    expect(found.stdout).not.toContain('"id":"i3"');
    // She whom it certified by an invitation has no other key by this.
    const tree = await town.run("ann", ["org", "tree"]);
    expect(tree.stdout.match(/\[bo\]/g)).toHaveLength(1);
    const again = await town.try("north", ["import", town.path("chart.ndjson"), "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ stored: 0, unchanged: 4 });
  });
});

describe("a physician who is suspended", { timeout: 120_000 }, () => {
  it("finds and asks nobody, until she is reinstated", async () => {
    const suspended = await town.json("north", ["org", "suspend", "bo"]);
    expect(suspended).toMatchObject({ node: "bo", standing: "suspended" });
    expect((await town.run("ann", ["org", "tree"])).stdout).toContain("[bo]  suspended");
    const find = ["find", "email:ann@example.org"];
    const refused = await town.try("bo", find);
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining("suspended")]);
    await town.run("north", ["org", "reinstate", "bo"]);
    await town.run("bo", find);
  });
});

describe("who has lost everything but the phrase", { timeout: 120_000 }, () => {
  it("comes back with it, and with nothing less, and the old password is gone", async () => {
    const words = town.path("words.txt");
    const recover = ["recover", "--login", "ann@example.org", "--phrase-file", words, "--yes"];
    const env = { SALUS_PASSWORD: "a new password" };
    writeFileSync(words, [...ann.phrase].reverse().join(" "));
    const wrong = await town.try("new", recover, { env });
    expect([wrong.code, ["bad-phrase", "sign-in-refused"]]).toEqual([
      4,
      expect.arrayContaining([kindOf(wrong)]),
    ]);
    writeFileSync(words, ann.phrase.join(" "));
    const back = await town.try("new", [...recover, "--remove-devices"], { env });
    expect([back.code, back.stdout], back.stderr).toEqual([0, "recovered ann@example.org\n"]);
    const found = await town.try("new", ["search", "Condition", "--json"], { env });
    expect(found.stdout, found.stderr).toContain('"id":"c1"');
    expect(kindOf(await town.try("thief", login))).toBe("sign-in-refused");
    expect(await town.try("ann", ["requests"])).toMatchObject({ code: 4 });
  });
});
