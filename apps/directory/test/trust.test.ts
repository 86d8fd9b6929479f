import { describe, expect, it } from "vitest";
import { trustOf } from "../src/trust.ts";

// Goal: whom a directory believes is what its environment says, or nobody; never something else.

const [A, B] = ["ab".repeat(32), "cd".repeat(32)];

describe("the authorities of a directory", () => {
  it("are the keys that its environment names", () => {
    const trust = trustOf({ AUTHORITIES: `${A}, ${B}`, AUTHORITIES_NEEDED: "2" });
    expect(trust).toMatchObject({ threshold: 2 });
    expect(trust?.authorities).toHaveLength(2);
    expect(trust?.registries).toEqual(trust?.authorities);
    expect(trustOf({ AUTHORITIES: A })?.threshold).toBe(1);
  });

  it("are nobody when none is named", () => {
    expect([trustOf({}), trustOf({ AUTHORITIES: " , " })]).toEqual([undefined, undefined]);
  });

  it("is told by options, which stand above the variables", () => {
    const given = { authority: [A, B], "authorities-needed": ["2"] };
    expect(trustOf({ AUTHORITIES: "ab" }, given)).toMatchObject({ threshold: 2 });
    expect(trustOf({}, given)?.authorities.map((key) => Buffer.from(key).toString("hex"))).toEqual([
      A,
      B,
    ]);
    expect(() => trustOf({}, { authority: ["oops"] })).toThrow(/--authority/);
    expect(() => trustOf({}, { ...given, "authorities-needed": ["3"] })).toThrow(/needed/);
  });

  it.each([
    [{ AUTHORITIES: "ab" }],
    [{ AUTHORITIES: `${A},oops` }],
    [{ AUTHORITIES: A, AUTHORITIES_NEEDED: "2" }],
    [{ AUTHORITIES: A, AUTHORITIES_NEEDED: "none" }],
  ])("are refused as %j", (env) => {
    expect(() => trustOf(env)).toThrow(/AUTHORITIES/);
  });
});
