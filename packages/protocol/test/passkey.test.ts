import { describe, expect, it } from "vitest";
import { parseNewCredential, parseUsedCredential, splitCredential } from "../src/index.ts";

// Goal: no output of a passkey's `prf` is ever read by a directory, nor left in what a client sends.
// Method: credentials as browsers write them, whole and after they were split.

const OUTPUT = Buffer.alloc(32, 0xfb).toString("base64url");
const credential = { id: "AQID", rawId: "AQID", type: "public-key" };
const used = {
  ...credential,
  authenticatorAttachment: "platform",
  response: { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA", userHandle: "AA" },
};
const made = {
  ...credential,
  authenticatorAttachment: "platform",
  response: {
    ...{ clientDataJSON: "e30", attestationObject: "AA", publicKey: "AA", publicKeyAlgorithm: -7 },
    ...{ authenticatorData: "AA", transports: ["internal"] },
  },
};

function json(whole: object, clientExtensionResults: object): string {
  return JSON.stringify({ ...whole, clientExtensionResults });
}

const KINDS = [
  ["a new credential", made, parseNewCredential],
  ["a used credential", used, parseUsedCredential],
] as const;

describe.each(KINDS)("%s", (_, whole, parse) => {
  it("is read with what shows no secret", () => {
    for (const shown of [{}, { credProps: { rk: true } }, { prf: { enabled: true } }]) {
      const read = parse(json(whole, shown));
      expect(read).toMatchObject({
        ok: true,
        value: { id: "AQID", clientExtensionResults: shown },
      });
    }
  });

  it.each([
    ["an output", { prf: { results: { first: OUTPUT } } }],
    ["an empty output", { prf: { enabled: true, results: {} } }],
    ["an output of the authenticator's own", { hmacGetSecret: { output1: OUTPUT } }],
    ["a blob", { largeBlob: { blob: OUTPUT } }],
  ])("is malformed with %s", (__, results) => {
    expect(parse(json(whole, results))).toMatchObject({ ok: false, error: { kind: "malformed" } });
  });

  it("is read after it was split, and not before", () => {
    const before = json(whole, { prf: { results: { first: OUTPUT } }, credProps: { rk: true } });
    expect(parse(before).ok).toBe(false);
    const split = splitCredential(before);
    if (!split.ok) throw new Error("it did not split");
    expect(split.value.prf).toEqual(Uint8Array.from(Buffer.alloc(32, 0xfb)));
    expect(split.value.shown).not.toContain(OUTPUT);
    expect(parse(split.value.shown)).toMatchObject({ ok: true });
  });

  it("is malformed when it is none", () => {
    for (const text of ["", "null", "[]", "{}", json({ ...whole, type: "password" }, {})]) {
      expect(parse(text).ok, text).toBe(false);
    }
  });
});

describe("splitting", () => {
  it("gives no output where there is none, and refuses one of another length", () => {
    expect(splitCredential(json(used, {}))).toMatchObject({ ok: true, value: { prf: undefined } });
    for (const first of ["", "AQID", `${OUTPUT}AAAA`, "not base64!"]) {
      expect(splitCredential(json(used, { prf: { results: { first } } })).ok, first).toBe(false);
    }
  });
});
