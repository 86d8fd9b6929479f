import { expect, it } from "vitest";
import { shownCredential } from "../src/account/shown-credential.ts";

// Goal: what a passkey's `prf` gave never leaves the device: with it goes the key to the account.
// Method: a credential as a browser writes it, with an output; the output is nowhere in what is sent.

const OUTPUT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

const credential = (results: object): string =>
  JSON.stringify({
    id: "aWQ",
    rawId: "aWQ",
    type: "public-key",
    response: { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA", userHandle: "AA" },
    clientExtensionResults: { prf: { results } },
  });

it("keeps the output of prf", () => {
  const shown = shownCredential(credential({ first: OUTPUT }));
  expect(shown).not.toContain(OUTPUT);
  expect(shown).not.toContain("results");
  expect(JSON.parse(shown)).toMatchObject({ id: "aWQ", type: "public-key" });
});

it("takes nothing that is no credential", () => {
  expect(() => shownCredential("{}")).toThrow();
});
