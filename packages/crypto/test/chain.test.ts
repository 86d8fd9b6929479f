import { type Bytes, equalBytes, toHex } from "@salus/base";
import {
  applyLinks,
  type ChainState,
  checkSeen,
  liveDevice,
  named,
  readChain,
} from "@salus/evaluate";
import {
  type ChainHead,
  Digest,
  encodeCbor,
  encodeSigned,
  splitSigned,
  VerifyKey,
} from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  drawDevice,
  drawGrant,
  drawSource,
  encodeTerms,
  scopeHandle,
  signLink,
} from "../src/index.ts";
import { must, outcome } from "./checks/check.ts";
import {
  begin,
  cellOf,
  doctor,
  GRANT,
  NORTH,
  NOW,
  north,
  type Person,
  patient,
  SOUTH,
  Story,
  scopeOf,
  south,
  stranger,
  tablet,
  termsFor,
} from "./people.ts";

// Goal: a chain only grows, by its devices, in one order; what is closed stays closed.
// Method: named attacks on a small vault, then random histories in which every link, taken or refused,
// must leave the invariants standing.

/** The state after one more link. */
const applyLink = (state: ChainState, link: Uint8Array): ReturnType<typeof applyLinks> =>
  applyLinks(state, [link]);

const wrap = { suite: 2, enc: new Uint8Array(32).fill(1), ct: new Uint8Array(48) } as const;
const lab = cellOf(NORTH, "laboratory", 1);
const closes = { cells: [lab.cell], scopes: [scopeHandle(scopeOf(NORTH, "laboratory", 1))] };

describe("grants", () => {
  const fields = { grant: drawGrant(), terms: encodeTerms(termsFor()), wrap };

  it("G-01: come from a live device of the patient and nobody else", () => {
    const story = begin();
    for (const forger of [stranger, doctor, north, tablet]) {
      expect(outcome(applyLink(story.state, story.link("chain/grant", fields, forger)))).toBe(
        "unknown-device",
      );
    }
    const forged = withKey(story.link("chain/grant", fields, stranger), patient);
    expect(outcome(applyLink(story.state, forged))).toBe("bad-signature");
  });

  it("G-02: are what was signed, bit by bit", () => {
    const story = begin();
    const link = story.link("chain/grant", fields);
    for (let bit = 0; bit < link.length * 8; bit += 3) {
      const changed = link.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(applyLink(story.state, changed).ok, `bit ${bit}`).toBe(false);
    }
  });

  it("G-02: with other terms inside are no longer signed", () => {
    const story = begin();
    const link = must(splitSigned(story.link("chain/grant", fields)));
    const wider = encodeTerms(termsFor({ expires: NOW + 10 ** 9 }));
    const payload = encodeCbor({
      ...fields,
      terms: wider,
      seq: story.state.head.seq + 1,
      prev: story.state.head.hash,
      time: NOW,
    });
    expect(outcome(applyLink(story.state, encodeSigned({ ...link, payload })))).toBe(
      "bad-signature",
    );
  });

  it("cover no cell of a source that they do not name, and no key that is no good", () => {
    const story = begin();
    const refused = (terms: Parameters<typeof termsFor>[0]): string => {
      const link = story.link("chain/grant", { ...fields, terms: encodeTerms(termsFor(terms)) });
      return outcome(applyLink(story.state, link));
    };
    expect(refused({})).toBe("ok");
    expect(refused({ sources: [SOUTH] })).toBe("chain-fields");
    expect(refused({ scopes: [scopeHandle(scopeOf(SOUTH, "laboratory", 1))] })).toBe(
      "chain-fields",
    );
    expect(refused({ scopes: [scopeHandle(scopeOf(undefined, "laboratory", 1))] })).toBe("ok");
    expect(refused({ expires: NOW - 1 })).toBe("chain-fields");
    const identity = VerifyKey.of(Uint8Array.from([1, ...new Uint8Array(31)]));
    expect(refused({ grantee: identity })).toBe("bad-key");
  });

  it("carry a wrap of their grantee's suite", () => {
    const story = begin();
    const other = { suite: 1, enc: new Uint8Array(1120), ct: new Uint8Array(48) } as const;
    const links = [
      story.link("chain/grant", { ...fields, wrap: other }),
      story.link("chain/keys", { to: NORTH, wrap: other }),
    ];
    for (const link of links) expect(outcome(applyLink(story.state, link))).toBe("chain-fields");
  });

  it("G-04: once revoked stay revoked, and their link does not enter twice", () => {
    const story = begin().tell("chain/revoke", { grant: GRANT, closes });
    expect(named(story.state.grants, GRANT)?.status).toBe("revoked");
    const again = story.link("chain/grant", { ...fields, grant: GRANT });
    expect(outcome(applyLink(story.state, again))).toBe("chain-duplicate");
    expect(outcome(applyLink(story.state, story.links.at(-2) as Bytes))).toBe("chain-gap");
  });
});

describe("keys", () => {
  const identity = VerifyKey.of(Uint8Array.from([1, ...new Uint8Array(31)]));

  it("K-08: of small order enter under no name", () => {
    const story = begin();
    const device = { ...tablet.device, sign: identity };
    const links = [
      story.link("chain/device", { op: "add", device }),
      story.link("chain/roster", {
        op: "add",
        source: drawSource(),
        key: identity,
        ...north.kem.public,
      }),
    ];
    for (const link of links) expect(outcome(applyLink(story.state, link))).toBe("bad-key");
  });

  it("K-03: of a ghost device enter only by a live one", () => {
    const story = begin();
    const ghost = story.link("chain/device", { op: "add", device: stranger.device }, stranger);
    expect(outcome(applyLink(story.state, ghost))).toBe("unknown-device");
  });

  it("of a removed device do not come back under another id", () => {
    const story = begin()
      .tell("chain/device", { op: "add", device: tablet.device })
      .tell("chain/device", { op: "remove", device: tablet.device });
    const device = { ...tablet.device, id: drawDevice() };
    expect(outcome(applyLink(story.state, story.link("chain/device", { op: "add", device })))).toBe(
      "chain-duplicate",
    );
  });

  it("of a live source are not in the roster twice, and may return after its end", () => {
    const story = begin();
    const entry = { key: north.signer.key, ...north.kem.public };
    const again = { op: "add", source: drawSource(), ...entry } as const;
    expect(outcome(applyLink(story.state, story.link("chain/roster", again)))).toBe(
      "chain-duplicate",
    );
    story.tell("chain/roster", { op: "end", source: NORTH, ...entry });
    expect(outcome(applyLink(story.state, story.link("chain/roster", again)))).toBe("ok");
  });
});

describe("K-10: an old or other chain", () => {
  it("is a rollback to whoever saw the newer one", () => {
    const story = begin();
    const seen = story.state.head;
    const old = must(readChain(story.links.slice(0, -1)));
    expect(outcome(checkSeen(old, seen))).toBe("rollback");
    expect(outcome(checkSeen(story.state, seen))).toBe("ok");
    const head = story.tell("chain/device", { op: "add", device: tablet.device }).state;
    expect(outcome(checkSeen(head, seen))).toBe("ok");
  });

  it("that forked after what was seen is no other, and before it is", () => {
    const story = begin();
    const at = story.state;
    const [a, b] = [NOW, NOW + 1].map((time) => {
      const device = { op: "add", device: tablet.device } as const;
      return signLink(patient.signer, "chain/device", at.head, time, device).signed;
    }) as [Bytes, Bytes];
    const [left, right] = [must(applyLink(at, a)), must(applyLink(at, b))];
    expect(outcome(checkSeen(right, at.head))).toBe("ok");
    expect(outcome(checkSeen(right, left.head))).toBe("rollback");
    expect(outcome(applyLink(left, b))).toBe("chain-gap");
  });

  it("cannot stand under the same handle", () => {
    const [mine, other] = [begin(), new Story()];
    other.tell(
      "chain/genesis",
      {
        device: stranger.device,
        merge: "sources",
        policy: "balanced",
        policyVersion: 1,
        salt: new Uint8Array(16),
      },
      stranger,
    );
    expect(equalBytes(mine.state.vault, other.state.vault)).toBe(false);
  });
});

describe("a genesis", () => {
  it("is signed by the device that it names, bit by bit", () => {
    const [link] = begin().links as [Bytes];
    for (let bit = 0; bit < link.length * 8; bit += 3) {
      const changed = link.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(readChain([changed]).ok, `bit ${bit}`).toBe(false);
    }
    const spoilt = link.slice();
    spoilt[link.length - 1] = (spoilt[link.length - 1] as number) ^ 1;
    expect(outcome(readChain([spoilt]))).toBe("bad-signature");
  });
});

describe("a list of links", () => {
  it("is applied whole or not at all", () => {
    const story = begin();
    const before = JSON.stringify(summary(story.state));
    const good = story.link("chain/device", { op: "add", device: tablet.device });
    expect(outcome(applyLinks(story.state, [good, good]))).toBe("chain-gap");
    expect(JSON.stringify(summary(story.state))).toBe(before);
    expect(outcome(readChain([]))).toBe("chain-gap");
  });

  it("leaves the state before it as it was", () => {
    const story = begin();
    const before = story.state;
    story.tell("chain/generation", { closes });
    expect(named(before.cells, lab.cell)?.status).toBe("live");
    expect(named(story.state.cells, lab.cell)?.status).toBe("closed");
  });
});

describe("random histories", () => {
  // Each command is a number: which link, by whom, about what. Most are refused, as they should be.
  const command = fc.record({
    kind: fc.nat({ max: 8 }),
    by: fc.nat({ max: 5 }),
    a: fc.nat({ max: 3 }),
    b: fc.nat({ max: 3 }),
    gap: fc.nat({ max: 20 }),
  });
  const people: readonly Person[] = [patient, patient, patient, patient, tablet, stranger];

  it("keep every rule", () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(command, { minLength: 30, maxLength: 40 }), (commands) => {
        let state = begin().state;
        for (const { kind, by, a, b, gap } of commands) {
          const signer = people[by] as Person;
          // Now and then a head that is not the newest: a gap or a fork.
          const head: ChainHead =
            gap === 0
              ? { seq: state.head.seq + 1, hash: state.head.hash }
              : gap === 1
                ? { seq: state.head.seq, hash: Digest.of(new Uint8Array(32)) }
                : state.head;
          const next = applyLink(state, randomLink(signer, head, kind, a, b));
          if (!next.ok) continue;
          taken += 1;
          expect(gap).toBeGreaterThan(1);
          expect(liveDevice(state, signer.signer.key)).toBeDefined();
          checkStep(state, next.value);
          state = next.value;
        }
      }),
      { numRuns: 60 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

const sources = [NORTH, SOUTH, drawSource(), drawSource()] as const;

function randomLink(signer: Person, head: ChainHead, kind: number, a: number, b: number): Bytes {
  const sign: typeof signLink = signLink;
  const by = signer.signer;
  const source = sources[a] ?? NORTH;
  const category = ["laboratory", "vitals"][b % 2] as string;
  const cell = cellOf(source, category, 1 + (b >> 1));
  const scope = scopeHandle(scopeOf(source, category, 1 + (b >> 1)));
  const replaces = b > 1;
  switch (kind) {
    case 0:
    case 1: {
      const device = ([patient, tablet, stranger, doctor][a] as Person).device;
      return sign(by, "chain/device", head, NOW, { op: kind === 0 ? "add" : "remove", device })
        .signed;
    }
    case 2:
    case 3: {
      const person = [north, south, stranger, doctor][a] as Person;
      const entry = { source, key: person.signer.key, ...person.kem.public };
      return sign(by, "chain/roster", head, NOW, { op: kind === 2 ? "add" : "end", ...entry })
        .signed;
    }
    case 4:
      return sign(by, "chain/cell", head, NOW, {
        cell: cell.cell,
        source,
        generation: 1 + (b >> 1),
        ...cell.kem.public,
        replaces: replaces ? [cellOf(source, category, 1).cell] : [],
      }).signed;
    case 5:
      return sign(by, "chain/scope", head, NOW, {
        scope,
        node: source,
        version: 1 + (b >> 1),
        replaces: replaces ? [scopeHandle(scopeOf(source, category, 1))] : [],
      }).signed;
    case 6:
      return sign(by, "chain/revoke", head, NOW, {
        grant: GRANT,
        closes: { cells: [cell.cell], scopes: [] },
      }).signed;
    case 7:
      return sign(by, "chain/generation", head, NOW, {
        closes: { cells: [cell.cell], scopes: [scope] },
      }).signed;
    default:
      return sign(by, "chain/keys", head, NOW, { to: source, wrap }).signed;
  }
}

/** What must hold of any two states of which the second follows the first. */
function checkStep(before: ChainState, after: ChainState): void {
  expect(after.head.seq).toBe(before.head.seq + 1);
  expect(after.hashes.length).toBe(after.head.seq + 1);
  expect(after.hashes.slice(0, -1)).toEqual(before.hashes);
  expect(after.vault).toEqual(before.vault);
  const tables = ["devices", "sources", "cells", "scopes", "grants"] as const;
  for (const table of tables) {
    for (const [handle, { status }] of before[table]) {
      const now = after[table].get(handle)?.status;
      // Nothing is forgotten, and what is over stays over.
      expect(now).toBeDefined();
      if (status !== "live") expect(now).toBe(status);
    }
  }
  expect([...after.devices.values()].some(({ status }) => status === "live")).toBe(true);
  for (const { cell, replaces, generation, source } of after.cells.values()) {
    const old = replaces === undefined ? undefined : named(after.cells, replaces);
    if (replaces !== undefined) {
      expect(old?.status).toBe("closed");
      expect(toHex(old?.successor ?? new Uint8Array(0))).toBe(toHex(cell));
      expect(old?.source).toEqual(source);
    }
    expect(generation).toBe((old?.generation ?? 0) + 1);
  }
}

function summary(state: ChainState): unknown {
  return { head: state.head, devices: [...state.devices], cells: [...state.cells] };
}

/** The same link with another key beside its signature. */
function withKey(link: Bytes, person: Person): Bytes {
  return encodeSigned({ ...must(splitSigned(link)), key: person.signer.key });
}
