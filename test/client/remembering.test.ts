import { type Cloud, httpCloud } from "@salus/client";
import {
  type CloudProcess,
  flipped,
  type Lies,
  lyingCloud,
  must,
  newPatient,
  newSource,
  pressure,
  readerOf,
  startCloudProcess,
  type TestPatient,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

// Goal: what a reader remembers of the questions before makes it believe nothing that it would not.
// Method: one reader asks the same again, of a cloud that begins to lie in between, and stops.

let server: CloudProcess;
let cloud: Cloud;
let owner: TestPatient;

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
  owner = await newPatient(cloud);
  const vault = await vaultOf(await newSource(cloud, owner, "org", ["vitals"]), owner.vault);
  must(await vault.upload([{ resource: pressure("a", 120) }, { resource: pressure("b", 130) }]));
});
afterAll(() => server.stop());

type Told = Parameters<NonNullable<Lies["query"]>>[0];

/** A reader over a cloud whose lies can be exchanged while it remembers. */
async function reading() {
  let lie = (answer: Told): Told => answer;
  const reader = await readerOf(lyingCloud(cloud, { query: (answer) => lie(answer) }), owner);
  return async (next: typeof lie = (answer) => answer) => {
    lie = next;
    const answer = must(await reader.search("Observation"));
    const ids: unknown[] = [];
    for await (const { resource } of answer) ids.push(resource.id);
    return { ids: ids.sort(), findings: answer.report().findings.map(({ kind }) => kind) };
  };
}

const BOTH = { ids: ["a", "b"], findings: [] };

it("an envelope that is changed later does not open, and the true one does again", async () => {
  const ask = await reading();
  expect(await ask()).toEqual(BOTH);
  const changed = await ask(({ candidates, ...rest }) => ({
    ...rest,
    candidates: candidates.map((one) => ({ ...one, envelope: flipped(one.envelope, 2000) })),
  }));
  expect(changed).toEqual({ ids: [], findings: ["unreadable", "unreadable"] });
  expect(await ask()).toEqual(BOTH);
});

it("an envelope that was opened is not given for another record or revision", async () => {
  const ask = await reading();
  expect(await ask()).toEqual(BOTH);
  const swapped = await ask(({ candidates, ...rest }) => {
    const [first] = candidates;
    return {
      ...rest,
      candidates: candidates.map((one) => ({ ...one, envelope: first?.envelope ?? one.envelope })),
    };
  });
  expect(swapped.ids).toHaveLength(1);
  expect(swapped.findings).toEqual(["unreadable"]);
  const renumbered = await ask(({ candidates, ...rest }) => ({
    ...rest,
    candidates: candidates.map((one) => ({ ...one, revision: one.revision + 1 })),
  }));
  expect(renumbered).toEqual({ ids: [], findings: ["unreadable", "unreadable"] });
});

it("a wrap that is none is not remembered for the true one", async () => {
  const ask = await reading();
  const exchanged = await ask(({ wraps, ...rest }) => ({
    ...rest,
    wraps: wraps.map((one) => ({ ...one, ct: flipped(one.ct, 9) })),
  }));
  expect(exchanged).toEqual({ ids: [], findings: ["unreadable", "unreadable"] });
  expect(await ask()).toEqual(BOTH);
});
