import { fromHex, toHex } from "@salus/base";
import { Key, Signer } from "@salus/crypto";
import { afterEach, describe, expect, it } from "vitest";
import vectors from "../../../vectors/batch-v1.json" with { type: "json" };
import chain from "../../../vectors/chain-v1.json" with { type: "json" };
import { Asker } from "./asker.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { must } from "./patient.ts";

// Goal: the cloud judges every upload of the vectors as the independent reference does, also where
// only a store can: numbers, handles, revisions, whose a record or a scope is.
// Method: one vault for each state that the vectors name; a refused upload changes nothing, so all
// faults of a state are tried on one after the other.

let cloud: TestCloud | undefined;
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
});

const bytes = (text: string): Uint8Array<ArrayBuffer> => must(fromHex(text));
const signers = vectors.signers.map(({ seed }) => new Signer(new Key("sign-seed", bytes(seed))));
const [owner] = signers as [Signer];

/** Who delivers an upload: the source that signed it, or where nobody known did, the first source. */
function deliverer(upload: string): Signer {
  const known = signers.find(({ key }) => upload.includes(`5820${toHex(key)}`));
  return known ?? (signers[1] as Signer);
}

async function vaultAfter(links: number): Promise<(upload: string) => Promise<string>> {
  const started = await startTestCloud();
  cloud = started;
  const all = chain.valid.slice(0, links).map(({ signed }) => bytes(signed));
  const made = await new Asker(started, owner).post("/v1/vaults", { links: all });
  expect(made.problem).toBeUndefined();
  return async (upload) => {
    const path = `/v1/vaults/${vectors.vault}/batches`;
    const answered = await new Asker(started, deliverer(upload)).request(
      "POST",
      path,
      bytes(upload),
    );
    return answered.problem?.kind ?? "ok";
  };
}

const states = new Map(
  vectors.invalid.map(({ links, after }) => [`${links}/${after}`, { links, after }]),
);

describe("uploads of the vectors", () => {
  it.each([...states.values()])("after $links links and $after batches", async (state) => {
    const send = await vaultAfter(state.links);
    for (const { upload } of vectors.valid.slice(0, state.after))
      expect(await send(upload)).toBe("ok");
    const cases = vectors.invalid.filter(
      ({ links, after }) => links === state.links && after === state.after,
    );
    const judged: [string, string][] = [];
    for (const { comment, upload } of cases) judged.push([comment, await send(upload)]);
    expect(judged).toEqual(cases.map(({ comment, error }) => [comment, error]));
  });

  it("are stored in their order, and once", async () => {
    const send = await vaultAfter(vectors.links);
    for (const { upload } of vectors.valid) expect(await send(upload)).toBe("ok");
    for (const { upload } of vectors.valid) expect(await send(upload)).toBe("ok");
  });
});
