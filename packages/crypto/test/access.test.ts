import { concat } from "@salus/base";
import {
  certificateBook,
  certificatePath,
  certifiesOrganisation,
  checkCapability,
  digest,
  type RequestFacts,
  roleIn,
  verifyCertificate,
} from "@salus/evaluate";
import { CAPABILITY_LIFE_MS, type Certificate, GrantHandle } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { signCapability, signCertificate } from "../src/index.ts";
import { must, outcome } from "./checks/check.ts";
import {
  ABSENT,
  begin,
  cellOf,
  doctor,
  GRANT,
  NORTH,
  NOW,
  north,
  type Person,
  patient,
  south,
  stranger,
  tablet,
} from "./people.ts";

// Goal: a request is made by somebody who may make it, now, and a record is signed by somebody who may.
// Method: a request with one fact changed at a time; trees of certificates with gaps, rings and renewals.

describe("a capability", () => {
  const body = Uint8Array.of(1, 2, 3);
  const request = {
    audience: "cloud",
    method: "POST",
    path: "/v1/vaults/00/query?x=1",
    body,
    expires: NOW + CAPABILITY_LIFE_MS,
    grant: ABSENT,
  } as const;
  const facts: RequestFacts = { ...request, body: digest(body), now: NOW };
  const signed = signCapability(patient.signer, request);

  it("is good for its request, at once and until it expires", () => {
    for (const now of [NOW, NOW + CAPABILITY_LIFE_MS]) {
      expect(outcome(checkCapability(signed, { ...facts, now }))).toBe("ok");
    }
    expect(must(checkCapability(signed, facts)).signer).toEqual(patient.signer.key);
  });

  it("is good for no other request, and not before or after its time", () => {
    const other = (changes: Partial<RequestFacts>): string =>
      outcome(checkCapability(signed, { ...facts, ...changes }));
    expect(other({ audience: "other" })).toBe("capability-mismatch");
    expect(other({ method: "GET" })).toBe("capability-mismatch");
    expect(other({ path: "/v1/vaults/00/query" })).toBe("capability-mismatch");
    expect(other({ body: digest(concat(body, body)) })).toBe("capability-mismatch");
    expect(other({ now: NOW + CAPABILITY_LIFE_MS + 1 })).toBe("capability-expired");
    expect(other({ now: NOW - 1 })).toBe("capability-expired");
  });

  it("has a nonce of its own each time", () => {
    const nonces = [1, 2].map(() =>
      must(checkCapability(signCapability(patient.signer, request), facts)),
    );
    expect(nonces[0]?.nonce).not.toEqual(nonces[1]?.nonce);
  });
});

describe("who somebody is to a vault", () => {
  const story = begin();
  const { cell } = cellOf(NORTH, "laboratory", 1);
  const role = (
    person: Person,
    grant: GrantHandle | typeof ABSENT = ABSENT,
    now = NOW,
    state = story.state,
  ): string => {
    const found = roleIn(state, { signer: person.signer.key, grant }, now);
    return found.ok ? found.value.role : found.error.kind;
  };

  it("is a device, a source, or a grantee who names the grant", () => {
    expect(role(patient)).toBe("device");
    expect(role(north)).toBe("source");
    expect(role(doctor, GRANT)).toBe("grantee");
  });

  it("is nobody: a stranger, a grantee without a grant, another's grant, a grant that is none", () => {
    const none = GrantHandle.of(new Uint8Array(16));
    for (const [person, grant] of [
      [stranger, ABSENT],
      [doctor, ABSENT],
      [stranger, GRANT],
      [patient, GRANT],
      [doctor, none],
    ] as const) {
      expect(role(person, grant)).toBe("no-such-vault");
    }
  });

  it("G-03: is a grantee from the first to the last millisecond of the grant", () => {
    expect(role(doctor, GRANT, NOW - 1)).toBe("grant-expired");
    expect(role(doctor, GRANT, NOW + 1000)).toBe("grantee");
    expect(role(doctor, GRANT, NOW + 1001)).toBe("grant-expired");
  });

  it("G-04: is no grantee after the grant is revoked, and no source or device after its end", () => {
    const later = begin()
      .tell("chain/device", { op: "add", device: tablet.device })
      .tell("chain/revoke", { grant: GRANT, closes: { cells: [cell], scopes: [] } })
      .tell("chain/roster", {
        op: "end",
        source: NORTH,
        key: north.signer.key,
        ...north.kem.public,
      })
      .tell("chain/device", { op: "remove", device: tablet.device }).state;
    expect(role(doctor, GRANT, NOW, later)).toBe("grant-revoked");
    expect(role(north, ABSENT, NOW, later)).toBe("no-such-vault");
    expect(role(tablet, ABSENT, NOW, later)).toBe("no-such-vault");
    expect(role(patient, ABSENT, NOW, later)).toBe("device");
  });
});

describe("a path of certificates", () => {
  // north > cardiology (south's key, for want of another) > doctor
  const issue = (
    issuer: Person,
    subject: Person,
    fields: Partial<Certificate>,
  ): ReturnType<typeof verifyCertificate> =>
    verifyCertificate(
      signCertificate(issuer.signer, {
        subject: subject.signer.key,
        ...subject.kem.public,
        role: "physician",
        node: "p",
        parent: "north",
        name: "",
        identifiers: [],
        notBefore: NOW,
        expires: NOW + 10,
        ...fields,
      }),
    );
  const department = must(issue(north, south, { role: "department", node: "cardiology" }));
  const physician = must(issue(south, doctor, { parent: "cardiology" }));
  const path = (
    certificates: readonly (typeof department)[],
    author: Person = doctor,
    at: number = NOW,
  ): string => {
    const book = certificateBook(certificates);
    const found = certificatePath(
      book,
      { key: north.signer.key, node: "north" },
      author.signer.key,
      at,
    );
    return found.ok ? found.value.map(({ payload }) => payload.node).join(">") : found.error.kind;
  };

  it("leads from the organisation down, in whatever order they come", () => {
    expect(path([department, physician])).toBe("cardiology>p");
    expect(path([physician, department])).toBe("cardiology>p");
    expect(path([], north)).toBe("");
  });

  it("has no gap, no other end, and no other parent", () => {
    expect(path([physician])).toBe("certificate-path");
    expect(path([department])).toBe("certificate-path");
    expect(path([department, physician], stranger)).toBe("certificate-path");
    const elsewhere = must(issue(south, doctor, { parent: "neurology" }));
    expect(path([department, elsewhere])).toBe("certificate-path");
    const foreign = must(
      issue(north, south, { role: "department", parent: "south", node: "cardiology" }),
    );
    expect(path([foreign, physician])).toBe("certificate-path");
  });

  it("is valid at every step when the author acted; a renewed step serves", () => {
    expect(path([department, physician], doctor, NOW + 10)).toBe("cardiology>p");
    expect(path([department, physician], doctor, NOW + 11)).toBe("certificate-expired");
    expect(path([department, physician], doctor, NOW - 1)).toBe("certificate-expired");
    const renewed = must(
      issue(south, doctor, { parent: "cardiology", notBefore: NOW + 11, expires: NOW + 20 }),
    );
    const wider = must(
      issue(north, south, { role: "department", node: "cardiology", expires: NOW + 20 }),
    );
    expect(path([department, physician, renewed], doctor, NOW + 11)).toBe("certificate-expired");
    expect(path([department, wider, physician, renewed], doctor, NOW + 11)).toBe("cardiology>p");
  });

  it("ends though certificates form a ring, and never climbs", () => {
    const ring = [
      must(issue(south, doctor, { role: "department", node: "a", parent: "b" })),
      must(issue(doctor, south, { role: "department", node: "b", parent: "a" })),
      must(issue(doctor, north, { role: "organisation", node: "c", parent: "" })),
    ];
    expect(path(ring)).toBe("certificate-path");
    const climbs = must(issue(doctor, stranger, { role: "department", node: "d", parent: "p" }));
    expect(path([department, physician, climbs], stranger)).toBe("certificate-path");
  });

  it("begins at an organisation that a pinned registry certified", () => {
    const top = must(issue(stranger, north, { role: "organisation", node: "north", parent: "" }));
    const pinned = [stranger.signer.key];
    expect(outcome(certifiesOrganisation(top.payload, pinned, NOW))).toBe("ok");
    expect(outcome(certifiesOrganisation(top.payload, [patient.signer.key], NOW))).toBe(
      "wrong-key",
    );
    expect(outcome(certifiesOrganisation(top.payload, [], NOW))).toBe("wrong-key");
    expect(outcome(certifiesOrganisation(top.payload, pinned, NOW + 11))).toBe(
      "certificate-expired",
    );
    const low = must(issue(stranger, north, { role: "department" }));
    expect(outcome(certifiesOrganisation(low.payload, pinned, NOW))).toBe("certificate-path");
  });

  it("counts no certificate that its issuer did not sign", () => {
    const signed = signCertificate(stranger.signer, { ...physician.payload });
    // `signCertificate` names its signer as issuer; a forger names another.
    const forged = stranger.signer.sign("certificate", physician.payload);
    expect(outcome(verifyCertificate(signed))).toBe("ok");
    expect(outcome(verifyCertificate(forged))).toBe("wrong-key");
  });
});
