import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CATEGORIES,
  type ConsentRecord,
  decodeAbdmConsent,
  decodeFhirConsent,
  encodeAbdmConsent,
  encodeAuditEvent,
  encodeFhirConsent,
  type GrantedAccess,
  type Party,
  type Period,
  type TrailRecord,
} from "../src/index.ts";

// Goal: a consent reads back from FHIR and from ABDM exactly as it was, and nothing that it could not
// hold is dropped in silence.
// Method: invented consents there and back, through JSON; then one element changed at a time.

const hex = (bytes: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(..."0123456789abcdef"),
    minLength: 2 * bytes,
    maxLength: 2 * bytes,
  });
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: "grapheme", maxLength: 8 }));
const time = fc.integer({
  min: Date.parse("0001-01-01T00:00:00.000Z"),
  max: Date.parse("9999-12-31T23:59:59.999Z"),
});
const period: fc.Arbitrary<Period> = fc.oneof(fc.constant([] as const), fc.tuple(time, time));
const categories = fc.subarray([...CATEGORIES]);
const purpose = fc.oneof(
  fc.constantFrom("TREAT", "BTG", "PUBHLTH", "HPAYMT", "HRESCH", "PATRQT", "FAMRQT", "CAREMGT"),
  text,
);

const party: fc.Arbitrary<Party> = fc.record({
  role: fc.constantFrom("organisation", "department", "physician", "device"),
  node: text,
  name: text,
  identifiers: fc.array(fc.oneof(text, fc.constant("urn:reg|MH 10|01"), fc.constant("|x")), {
    maxLength: 3,
  }),
  key: hex(32),
  certificate: hex(40),
});

const source = fc.record({ handle: hex(16), node: text, name: text });
const grant: fc.Arbitrary<GrantedAccess> = fc
  .record({
    grant: hex(16),
    grantee: hex(32),
    source: fc.option(source, { nil: undefined }),
    categories,
    purpose,
    notBefore: time,
    expires: time,
    period,
    state: fc.constantFrom("live" as const, "revoked" as const),
  })
  .map(({ source: of, ...rest }) => (of === undefined ? rest : { ...rest, source: of }));

const asked: fc.Arbitrary<ConsentRecord["asked"]> = fc.record({
  request: hex(16),
  digest: hex(32),
  to: hex(16),
  path: fc.array(party, { minLength: 1, maxLength: 4 }),
  devices: fc.array(party, { maxLength: 2 }),
  attestations: fc.array(hex(5), { maxLength: 2 }),
  purpose,
  sources: fc.array(text, { maxLength: 3 }),
  categories,
  period,
  expires: time,
  answerBy: time,
  identifier: text,
  note: text,
  reply: fc.record({ id: hex(16), sign: hex(32), kem: hex(9) }),
  time,
});

/** As approvals are: the same terms for each source and device. */
const grants = fc.array(grant, { minLength: 1, maxLength: 3 }).chain((some) =>
  fc.array(hex(16), { minLength: 0, maxLength: 3 }).map((more) => [
    ...some,
    ...more.map((handle, at) => ({
      ...(some[at % some.length] as GrantedAccess),
      grant: handle,
    })),
  ]),
);

const decision = fc.oneof(
  fc.record({ decision: fc.constant("denied" as const), note: text, time }),
  fc.record({
    decision: fc.constant("approved" as const),
    note: text,
    time,
    vault: hex(32),
    link: hex(32),
    grants,
  }),
);

const consent: fc.Arbitrary<ConsentRecord> = fc.oneof(
  fc.record({ asked }),
  fc.record({ asked, decision }),
);

const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const FORMATS = [
  ["FHIR", encodeFhirConsent, decodeFhirConsent],
  ["ABDM", encodeAbdmConsent, decodeAbdmConsent],
] as const;

describe.each(FORMATS)("a consent as %s", (_, encode, decode) => {
  it("reads back as it was", () => {
    fc.assert(
      fc.property(consent, (record) => {
        const decoded = decode(sent(encode(record)));
        expect(decoded).toEqual({ ok: true, value: record });
        expect(decoded.ok && sent(decoded.value)).toEqual(sent(record));
      }),
      { numRuns: 300 },
    );
  });

  it("has no empty text, list or object below its members, nor anything undefined", () => {
    fc.assert(
      fc.property(asked, (one) => {
        const whole = { ...one, note: "", identifier: "", sources: [], categories: [] };
        const json = encode({ asked: whole });
        expect(sent(json)).toStrictEqual(json);
      }),
    );
  });

  it("is not read from anything else, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything()), (value) => {
        expect(decode(value)).toMatchObject({ ok: false });
      }),
    );
  });

  it("is refused when any member of it is changed, cut or added, and says where", () => {
    fc.assert(
      fc.property(consent, fc.nat(), fc.constantFrom("cut", "add", "change"), (record, at, how) => {
        const json = sent(encode(record));
        const places = placesOf(json);
        const place = places[at % places.length] as Place;
        spoil(place, how);
        const decoded = decode(json);
        // What is read differently is another consent; nothing is read the same.
        if (decoded.ok) expect(decoded.value).not.toEqual(record);
        else expect(decoded.error.kind).toMatch(/^not-(?:a-consent|mapped)$/);
      }),
      { numRuns: 500 },
    );
  });
});

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every member of every object, but those that a server may write. */
function placesOf(value: unknown, top = true): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => {
    const own = top && key === "id" ? [] : [{ holder, key }];
    return [...own, ...placesOf(holder[key], false)];
  });
}

function spoil({ holder, key }: Place, how: "cut" | "add" | "change"): void {
  if (how === "add") holder.added = "more";
  else if (how === "cut") delete holder[key];
  else holder[key] = typeof holder[key] === "string" ? `${holder[key]}x` : "x";
}

const [DEVICE, SOURCE] = ["01".repeat(32), "02".repeat(16)];
const EXAMPLE: ConsentRecord = {
  asked: {
    request: "a1".repeat(16),
    digest: "b2".repeat(32),
    to: "c3".repeat(16),
    path: [
      entry("organisation", "north", "North Hospital", []),
      entry("physician", "bo", "Bo Ek", ["https://registry.example|MH1001"]),
      entry("device", "bo.phone", "", []),
    ],
    devices: [],
    attestations: [],
    purpose: "TREAT",
    sources: [],
    categories: ["laboratory", "vitals"],
    period: [],
    expires: Date.parse("2027-01-01T00:00:00Z"),
    answerBy: Date.parse("2026-12-01T00:00:00Z"),
    identifier: "phone|+46700000000",
    note: "Before your visit",
    reply: { id: "d4".repeat(16), sign: DEVICE, kem: "0304" },
    time: Date.parse("2026-11-22T12:00:00Z"),
  },
  decision: {
    decision: "approved",
    note: "",
    time: Date.parse("2026-11-22T13:00:00Z"),
    vault: "e5".repeat(32),
    link: "f6".repeat(32),
    grants: [
      {
        grant: "11".repeat(16),
        grantee: DEVICE,
        source: { handle: SOURCE, node: "south", name: "South Hospital" },
        categories: ["laboratory"],
        purpose: "TREAT",
        notBefore: Date.parse("2026-11-22T13:00:00Z"),
        expires: Date.parse("2026-12-22T13:00:00Z"),
        period: [],
        state: "live",
      },
    ],
  },
};

function entry(role: Party["role"], node: string, name: string, identifiers: string[]): Party {
  return { role, node, name, identifiers, key: DEVICE, certificate: "0102" };
}

describe("what a stranger finds in a consent", () => {
  it("in FHIR: who may read what of whom, until when, and nothing wider", () => {
    expect(encodeFhirConsent(EXAMPLE)).toMatchObject({
      resourceType: "Consent",
      status: "active",
      policyRule: { coding: [{ code: "OPTOUT" }] },
      sourceReference: { reference: "#asked" },
      provision: {
        provision: [
          {
            type: "permit",
            period: { start: "2026-11-22T13:00:00.000Z", end: "2026-12-22T13:00:00.000Z" },
            actor: [
              { reference: { type: "Device", identifier: { value: DEVICE } } },
              { reference: { display: "South Hospital", identifier: { value: SOURCE } } },
            ],
            purpose: [{ code: "TREAT" }],
            class: [{ code: "laboratory" }],
          },
        ],
      },
    });
  });

  it("in FHIR: no permission in what was revoked, denied, or only asked for", () => {
    fc.assert(
      fc.property(consent, (record) => {
        const { status, provision } = encodeFhirConsent(record) as Drawn;
        const permits = (provision?.provision ?? []).filter(({ type }) => type === "permit");
        const live =
          record.decision?.decision === "approved"
            ? record.decision.grants.filter(({ state }) => state === "live").length
            : 0;
        if (status === "active") expect(permits).toHaveLength(live);
        else expect(status === "proposed" || permits.length === 0).toBe(true);
      }),
    );
  });

  it("in ABDM: one artefact for each source, with registration number and types", () => {
    const { consentRequest, consentArtefacts } = encodeAbdmConsent(EXAMPLE);
    expect(consentRequest).toMatchObject({
      status: "GRANTED",
      consent: {
        purpose: { code: "CAREMGT" },
        hiu: { id: "north", name: "North Hospital" },
        requester: { name: "Bo Ek", identifier: { type: "REGNO", value: "MH1001" } },
        hiTypes: ["DiagnosticReport", "OPConsultation", "WellnessRecord"],
      },
    });
    expect(consentArtefacts).toMatchObject([
      {
        status: "GRANTED",
        consentDetail: {
          hip: { id: SOURCE, name: "South Hospital" },
          hiTypes: ["DiagnosticReport"],
          permission: { accessMode: "VIEW", dataEraseAt: "2026-12-22T13:00:00.000Z" },
        },
        signature: `https://salus.health/fhir/approval#${"f6".repeat(32)}`,
      },
    ]);
  });

  it("and takes back with what a server has added", () => {
    const stored = {
      ...(encodeFhirConsent(EXAMPLE) as object),
      id: "17",
      meta: { versionId: "1" },
    };
    expect(decodeFhirConsent(sent(stored))).toEqual({ ok: true, value: EXAMPLE });
  });
});

interface Drawn {
  readonly status: string;
  readonly provision?: { readonly provision: readonly { readonly type: string }[] };
}

describe("an entry of the trail as an AuditEvent", () => {
  const told = {
    action: "search",
    query: "Observation?code=ä",
    name: "Bo Ek",
    node: "bo",
  } as const;
  const record: TrailRecord = {
    number: 7,
    time: Date.parse("2026-11-22T13:00:00Z"),
    vault: "e5".repeat(32),
    grant: "11".repeat(16),
    purpose: "TREAT",
    key: DEVICE,
    route: "query",
    candidates: 3,
    requests: 2,
    findings: [],
    told,
  };

  it("says who asked what, why, and under which grant", () => {
    const event = encodeAuditEvent(record, "cloud-1");
    expect(event).toMatchObject({
      resourceType: "AuditEvent",
      type: { code: "rest" },
      subtype: [{ code: "search-type" }],
      action: "E",
      recorded: "2026-11-22T13:00:00.000Z",
      purposeOfEvent: [{ coding: [{ code: "TREAT" }] }],
      agent: [{ who: { display: "Bo Ek" }, altId: "bo", requestor: true }],
      source: { observer: { display: "cloud-1" } },
    });
    const [, query] = (event as { entity: [object, { query: string }] }).entity;
    expect(Buffer.from(query.query, "base64").toString("utf8")).toBe("Observation?code=ä");
  });

  it("that the cloud does not tell of still says that something was done", () => {
    const { time, vault } = record;
    const missing = {
      number: 8,
      time,
      vault,
      candidates: 0,
      requests: 1,
      findings: ["entry-missing"],
    };
    expect(encodeAuditEvent(missing, "cloud-1")).toMatchObject({
      agent: [{ who: { display: "unknown" }, requestor: true }],
      extension: expect.arrayContaining([
        { url: "https://salus.health/fhir/finding", valueCode: "entry-missing" },
      ]),
    });
  });

  it("that does not open says so, and no more", () => {
    const { told: _, ...sealed } = record;
    const event = encodeAuditEvent(sealed, "cloud-1");
    expect(JSON.stringify(event)).not.toContain('query":');
    expect(event).toMatchObject({
      subtype: [{ code: "search-type" }],
      extension: expect.arrayContaining([
        { url: "https://salus.health/fhir/not-readable", valueBoolean: true },
      ]),
    });
  });
});
