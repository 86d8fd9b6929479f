import { findPatient } from "@salus/client";
import { signCertificate } from "@salus/crypto";
import { digest } from "@salus/evaluate";
import { STATUSES_KEPT_MAX } from "@salus/protocol";
import { newSigner } from "@salus/testkit/asker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  authority,
  hospital,
  hospitalCertificate,
  member,
  outcome,
  phone,
  physician,
  someNumber,
  trust,
} from "./discovery-world.ts";
import { startTestDirectory, type TestDirectory } from "./harness.ts";
import { Person } from "./person.ts";

// Goal: what nobody stands behind is bounded for all together, and a directory that believes nobody
// says so.
// Method: a directory for two sign-ups an hour, with and without an authority.

const HOUR_MS = 3_600_000;
let directory: TestDirectory;
beforeAll(async () => {
  directory = await startTestDirectory(undefined, { signUpsPerHour: 2, trust });
});
afterAll(() => directory.stop());

describe("sign-ups", () => {
  it("are so many in an hour, whoever they are, and go on in the next", async () => {
    const people = [0, 1, 2].map((at) => new Person(directory, `flood${at}@example.org`));
    const [one, two, three] = people as [Person, Person, Person];
    // From the beginning of an hour on, whenever this runs.
    directory.clock.ahead = HOUR_MS - (Date.now() % HOUR_MS) + 1000;
    await one.signUp();
    await two.signUp();
    await expect(three.signUp()).rejects.toThrow("sign-ups-paused");
    // Who has an account is not kept out.
    await one.addTotp();
    directory.clock.ahead += HOUR_MS;
    await three.signUp();
    directory.clock.ahead = 0;
  });
});

describe("what is said of a certificate", () => {
  it("is bounded for each who says it, and others are heard all the same", async () => {
    const { identity } = physician("loud");
    const certificate = signCertificate(hospital.signer, {
      ...{ subject: identity.signer.key, ...identity.kem.public, role: "physician" },
      ...{ node: "loud", parent: "north", name: "loud", identifiers: [] },
      ...{ notBefore: Date.now() - HOUR_MS, expires: Date.now() + HOUR_MS },
    });
    const doctor = await member(directory, "practitioner");
    const tell = async (by: typeof hospital, from: number, count: number): Promise<string> => {
      const said = (seq: number) =>
        by.signer.sign("certificate/status", {
          ...{ certificate: digest(certificate), status: "suspended" },
          ...{ seq, time: Date.now() },
        });
      const statuses = Array.from({ length: count }, (_, at) => said(from + at));
      const told = { statuses, certificates: [hospitalCertificate, certificate] };
      return outcome(await doctor.directory.tellStatuses({ signer: newSigner() }, told));
    };
    for (let from = 1; from <= STATUSES_KEPT_MAX; from += 50) {
      expect(await tell(hospital, from, 50)).toBe("ok");
    }
    expect(await tell(hospital, STATUSES_KEPT_MAX + 1, 1)).toBe("quota");
    expect(await tell(authority, 1, 1)).toBe("ok");
  });
});

describe("a directory that believes nobody", () => {
  it("says so, instead of finding fault with certificates", async () => {
    const world = await startTestDirectory();
    try {
      const doctor = await member(world, "practitioner");
      const { asker } = physician("anna");
      const found = await findPatient(doctor, asker, phone(someNumber(1)), "TREAT");
      expect(outcome(found)).toBe("no-authority");
    } finally {
      await world.stop();
    }
  });
});
