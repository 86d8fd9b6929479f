import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClient } from "../src/access/client.ts";
import { isFailure } from "../src/outcome.ts";
import { validate } from "../src/validation/index.ts";
import { observation, ofPatient, patient, type Resource } from "./plain-records.ts";
import { type SmallGateway, startSmallGateway } from "./small-gateway.ts";

// Goal: a summary is a sound document that holds all it lists, a judgement stores nothing, and a program gets no more
// than its scopes have, whichever way it asks.
// Method: a gateway over a real cloud with one patient who has something of everything, and one who has nothing.

const LOINC = "http://loinc.org";
const CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
const TOKEN = "local-token-of-this-test";

let gateway: SmallGateway;
let clientToken: (scope: string) => Promise<string>;

/** As whoever holds the local token, unless told otherwise. */
const send: SmallGateway["send"] = (method, path, { headers, ...sending } = {}) =>
  gateway.send(method, path, {
    ...sending,
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
  });

const problem = (id: string, state: string | undefined): Resource => ({
  resourceType: "Condition",
  id,
  ...(state && { clinicalStatus: { coding: [{ system: CLINICAL, code: state }] } }),
  code: { text: `problem ${id}` },
  subject: { reference: "Patient/ada" },
  encounter: { reference: "Encounter/visit" },
});

const RECORDS: readonly Resource[] = [
  problem("active", "active"),
  problem("stateless", undefined),
  problem("over", "resolved"),
  {
    ...ofPatient("ada", observation("pressure", 140)),
    category: [{ coding: [{ system: CATEGORY, code: "vital-signs" }] }],
  },
  {
    resourceType: "Medication",
    id: "aspirin",
    code: { coding: [{ system: LOINC, code: "1" }], text: "Aspirin 100 mg" },
  },
  {
    resourceType: "MedicationRequest",
    id: "daily",
    status: "active",
    intent: "order",
    medicationReference: { reference: "Medication/aspirin" },
    subject: { reference: "Patient/ada" },
  },
];

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES384", { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k" }];
  const scope = "system/*.cruds";
  const client = await readClient({ client_id: "lab", scope, jwks: { keys } }, ".");
  if (!client.ok) throw new Error(client.error.problem);
  gateway = await startSmallGateway({ access: { token: TOKEN, clients: [client.value] } });
  clientToken = async (asked) => {
    const aud = `${gateway.base}/token`;
    const signed = await new SignJWT({ iss: "lab", sub: "lab", aud, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: "ES384", kid: "k" })
      .setExpirationTime("1m")
      .sign(privateKey);
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: signed,
      scope: asked,
    });
    const answer = await fetch(aud, { method: "POST", body });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  for (const one of [patient("ada", "Lovelace"), patient("bo", "Nobody"), ...RECORDS]) {
    const put = await send("PUT", `/${one.resourceType}/${one.id}`, { body: one });
    expect([put.status, put.text]).toEqual([201, expect.anything()]);
  }
});

afterAll(() => gateway.stop());

interface Entry {
  readonly fullUrl: string;
  readonly resource: Resource;
}

/** Every reference in it. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === "reference" && typeof one === "string" ? [one] : references(one),
  );
}

describe("$summary", () => {
  it("is a document that is sound by R4 and holds everything that it lists", async () => {
    const { status, body } = await send("GET", "/Patient/ada/$summary");
    expect(status).toBe(200);
    expect(await validate(body)).toEqual([]);
    const entries = body.entry as readonly Entry[];
    const [composition] = entries.map(({ resource }) => resource);
    expect(composition).toMatchObject({ resourceType: "Composition", status: "final" });
    const held = new Set(entries.map(({ fullUrl }) => fullUrl));
    for (const reference of references(composition)) expect(held).toContain(reference);
    // What is not in the document is named in full: nothing says what else it would be relative to.
    for (const reference of references(body)) {
      expect(held.has(reference) || reference.startsWith(gateway.base), reference).toBe(true);
    }
    const names = entries.map(({ resource }) => `${resource.resourceType}/${resource.id}`);
    expect(names).toEqual(
      expect.arrayContaining(["Condition/active", "Condition/stateless", "Observation/pressure"]),
    );
    // A prescription that only points to its medication would not name it.
    expect(names).toEqual(
      expect.arrayContaining(["MedicationRequest/daily", "Medication/aspirin"]),
    );
    expect(names).not.toContain("Condition/over");
  });

  it("says of a patient without records that nothing is known, and never that there is nothing", async () => {
    const { body } = await send("GET", "/Patient/bo/$summary");
    expect(await validate(body)).toEqual([]);
    const codes = JSON.stringify(body).match(/no-\w+-info/g);
    expect(codes?.sort()).toEqual(["no-allergy-info", "no-medication-info", "no-problem-info"]);
  });

  it.each([
    ["nobody", "/Patient/nobody/$summary", 404],
    ["no patient", "/Condition/active/$summary", 404],
    ["a parameter that it has not", "/Patient/ada/$summary?_since=2020", 400],
  ])("of %s is refused", async (_, path, status) => {
    expect((await send("GET", path)).status).toBe(status);
  });
});

describe("$validate", () => {
  const sound = patient("new", "Hopper");
  const faulty = { ...sound, gender: "f" };
  const parameters = (...list: readonly object[]): object => ({
    resourceType: "Parameters",
    parameter: list,
  });
  const judged = (path: string, body?: unknown) =>
    send(body === undefined ? "GET" : "POST", path, body === undefined ? {} : { body });
  const errors = (reply: { readonly body: { readonly issue: readonly { severity: string }[] } }) =>
    reply.body.issue.filter(({ severity }) => severity === "error").length;

  it.each<[string, string, unknown, boolean]>([
    ["a sound resource", "/Patient/$validate", sound, true],
    ["a faulty resource", "/Patient/$validate", faulty, false],
    [
      "a resource in Parameters",
      "/Patient/$validate",
      parameters({ name: "resource", resource: faulty }),
      false,
    ],
    ["what stands here", "/Patient/ada/$validate", undefined, true],
    [
      "an update of what stands here",
      "/Patient/ada/$validate?mode=update",
      { ...sound, id: "ada" },
      true,
    ],
    ["an update under another id", "/Patient/ada/$validate?mode=update", sound, false],
    ["a deletion", "/Patient/ada/$validate?mode=delete", undefined, true],
    [
      "a profile that is not known",
      "/Patient/ada/$validate",
      parameters({ name: "mode", valueCode: "profile" }, { name: "profile", valueUri: "urn:x" }),
      false,
    ],
  ])("judges %s and stores nothing", async (_, path, body, well) => {
    const reply = await judged(path, body);
    expect([reply.status, reply.body?.resourceType]).toEqual([200, "OperationOutcome"]);
    expect(errors(reply) === 0).toBe(well);
    expect((await send("GET", "/Patient/new")).status).toBe(404);
  });

  it.each<[string, string, unknown, number]>([
    ["nothing", "/Patient/$validate", undefined, 400],
    ["a resource of another type", "/Patient/$validate", observation("x", 1), 400],
    ["a mode that is none", "/Patient/$validate?mode=burn", sound, 400],
    [
      "a parameter that is none",
      "/Patient/$validate",
      parameters({ name: "colour", valueCode: "x" }),
      400,
    ],
    ["what does not stand here", "/Patient/nobody/$validate", undefined, 404],
    ["the whole gateway", "/$validate", sound, 404],
  ])("of %s is refused", async (_, path, body, status) => {
    expect((await judged(path, body)).status).toBe(status);
  });

  it("says what a write would say", async () => {
    const written = await send("PUT", "/Patient/new", { body: faulty });
    expect(written.status).toBe(422);
    expect(isFailure(await validate(faulty))).toBe(true);
    expect(written.body.issue[0].expression).toEqual(["Patient.gender"]);
  });
});

describe("the scopes of a program", () => {
  const bundle = (
    ...requests: readonly (readonly [method: string, url: string, body?: object])[]
  ) => ({
    resourceType: "Bundle",
    type: "batch",
    entry: requests.map(([method, url, resource]) => ({ request: { method, url }, resource })),
  });
  const as = async (scope: string) => ({ authorization: `Bearer ${await clientToken(scope)}` });

  it.each([
    ["search", "GET", "/Condition?patient=Patient/ada", "system/Condition.s", 200],
    [
      "search of another type",
      "GET",
      "/Condition?patient=Patient/ada",
      "system/Observation.s",
      403,
    ],
    ["read", "GET", "/Condition/active", "system/Condition.r", 200],
    ["read with a scope to search", "GET", "/Condition/active", "system/Condition.s", 403],
    ["history", "GET", "/Condition/active/_history", "system/Condition.s", 403],
    [
      "a chain into another type",
      "GET",
      "/Condition?patient.family=Lovelace",
      "system/Condition.rs",
      403,
    ],
    [
      "an inclusion backwards",
      "GET",
      "/Patient?_revinclude=Condition:subject",
      "system/Patient.rs",
      403,
    ],
    [
      "_has",
      "GET",
      "/Patient?_has:Condition:subject:clinical-status=active",
      "system/Patient.rs",
      403,
    ],
    ["$everything with a part", "GET", "/Patient/ada/$everything", "system/Patient.rs", 403],
    [
      "$summary with a part",
      "GET",
      "/Patient/ada/$summary",
      "system/Patient.rs system/Condition.rs",
      403,
    ],
    ["$summary with all", "GET", "/Patient/ada/$summary", "system/*.read", 200],
    ["$validate of what stands here", "GET", "/Patient/ada/$validate", "system/Condition.rs", 403],
    ["a deletion with a scope to read", "DELETE", "/Condition/active", "system/*.rs", 403],
  ])("hold over %s", async (_, method, path, scope, status) => {
    expect((await send(method, path, { headers: await as(scope) })).status).toBe(status);
  });

  it("leave out what an inclusion would bring in of another type", async () => {
    const path = "/Condition?_id=active&_include=Condition:subject";
    const types = async (scope: string): Promise<readonly string[]> => {
      const { body } = await send("GET", path, { headers: await as(scope) });
      return (body.entry as readonly Entry[]).map(({ resource }) => resource.resourceType);
    };
    expect(await types("system/Condition.rs")).toEqual(["Condition"]);
    expect(await types("system/*.rs")).toEqual(["Condition", "Patient"]);
  });

  it("hold over each entry of a batch, and over the whole of a transaction", async () => {
    const body = bundle(["GET", "Condition/active"], ["PUT", "Patient/eve", patient("eve", "Eve")]);
    const headers = await as("system/Condition.rs");
    const batch = await send("POST", "/", { body, headers });
    const statuses = batch.body.entry.map(({ response }: { response: { status: string } }) =>
      response.status.slice(0, 3),
    );
    expect(statuses).toEqual(["200", "403"]);
    const transaction = await send("POST", "/", {
      body: { ...body, type: "transaction" },
      headers,
    });
    expect(transaction.status).toBe(403);
    expect((await send("GET", "/Patient/eve")).status).toBe(404);
  });

  it("keep further pages of one answer from whoever may see less", async () => {
    const wide = await as("system/*.rs");
    const same = await as("system/*.rs");
    const narrow = await as("system/Patient.rs");
    const path = "/Condition?patient=Patient/ada&_count=1";
    const { body } = await send("GET", path, { headers: wide });
    const next = body.link.find(({ relation }: { relation: string }) => relation === "next").url;
    expect((await send("GET", next, { headers: narrow })).status).toBeGreaterThanOrEqual(400);
    // A token is for five minutes, and a program that pages may well need the next one.
    expect((await send("GET", next, { headers: same })).status).toBe(200);
  });

  it("let a program write that may write", async () => {
    const headers = await as("system/Condition.u");
    const body = problem("written", "active");
    expect((await send("PUT", "/Condition/written", { body, headers })).status).toBe(201);
    expect((await send("GET", "/Condition/written", { headers })).status).toBe(403);
  });
});
