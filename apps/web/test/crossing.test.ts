import { DeviceId, VaultHandle, VerifyKey } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { deviceOf } from "../src/device/account/security.ts";
import { Once } from "../src/device/once.ts";
import { type Failure, toProblem } from "../src/device/problem.ts";
import { readSite } from "../src/device/site.ts";

// Goal: what crosses from the device to the page, and from the site to the device, is what it should be
// and nothing more.
// Method: failures with everything in them that they can carry; sites that say odd things.

const vault = VaultHandle.of(new Uint8Array(32).fill(0xab));
const ORIGIN = "https://salus.example";

describe("a problem", () => {
  it.each<[string, Failure, object]>([
    [
      "names what a service refused",
      { kind: "refused", status: 429, problem: "quota", detail: { kind: "quota" } },
      { kind: "refused/quota" },
    ],
    [
      "asks for a step-up in one way, whoever does",
      { kind: "refused", status: 403, problem: "step-up", detail: { kind: "step-up" } },
      { kind: "step-up" },
    ],
    [
      "says which state went back, not whose",
      { kind: "rollback", what: "chain", vault },
      { kind: "rollback", reason: "chain" },
    ],
    [
      "keeps evidence on the device",
      { kind: "log-fork", log: "cloud", evidence: new Uint8Array([1, 2]) },
      { kind: "log-fork", service: "cloud" },
    ],
    [
      "names the parameter of a question, not its value",
      { kind: "bad-query", error: { kind: "bad-date", parameter: "date" } },
      { kind: "bad-query", reason: "bad-date", parameter: "date" },
    ],
    ["names no file of a home", { kind: "store-damaged", name: "held" }, { kind: "store-damaged" }],
  ])("%s", (_, failure, problem) => {
    expect(toProblem(failure)).toEqual(problem);
  });
});

describe("a site", () => {
  const said = { cloud: "/", directory: "/directory/", authorities: [], authoritiesNeeded: 1 };
  const read = (change: object) => readSite(JSON.stringify({ ...said, ...change }), ORIGIN);

  it("says where its services are, below itself", () => {
    expect(read({})).toMatchObject({
      value: { cloud: `${ORIGIN}/`, directory: `${ORIGIN}/directory/`, authoritiesNeeded: 1 },
    });
  });

  it("is believed about no other place, and about no key that is none", () => {
    for (const change of [
      { cloud: "https://elsewhere.example/" },
      { directory: "//elsewhere.example/" },
      { directory: "/\\elsewhere.example/" },
      { authorities: ["zz"] },
      { authorities: "none" },
      { authoritiesNeeded: "1" },
    ]) {
      expect(read(change), JSON.stringify(change)).toEqual({
        ok: false,
        error: { kind: "site-unreadable" },
      });
    }
    expect(readSite("<html>", ORIGIN).ok).toBe(false);
  });
});

describe("what is made once", () => {
  it("is made for all who ask at the same time, and again after a failure", async () => {
    let made = 0;
    const once = new Once<number, string>(async () => {
      made += 1;
      return made === 1 ? { ok: false, error: "first" } : { ok: true, value: made };
    });
    expect(await Promise.all([once.get(), once.get()])).toEqual(
      Array(2).fill({ ok: false, error: "first" }),
    );
    expect([await once.get(), await once.get()]).toEqual(Array(2).fill({ ok: true, value: 2 }));
    once.forget();
    expect(await once.get()).toEqual({ ok: true, value: 3 });
  });
});

describe("a device", () => {
  const [own, other] = [1, 2].map((byte) => VerifyKey.of(new Uint8Array(32).fill(byte)));
  const id = DeviceId.of(new Uint8Array(16).fill(3));

  it("was used when the last of its own sessions was, and is signed out without one", () => {
    if (own === undefined || other === undefined) throw new Error("two keys");
    const sessions = [
      { key: own, seen: 1_000 },
      { key: other, seen: 3_000 },
      { key: own, seen: 2_000 },
    ];
    const device = { id, sign: own, current: false };
    expect(deviceOf(device, sessions).seen).toBe("1970-01-01T00:00:02.000Z");
    expect(deviceOf(device, sessions.slice(1, 2)).seen).toBeUndefined();
  });
});
