import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Reply, type SmallGateway, startSmallGateway } from "./small-gateway.ts";

// Goal: batches and transactions by the rules of R4: the order, links within the bundle, all or nothing.
// Method: plain HTTP to a gateway over a real cloud; what a failed transaction names is read afterwards.

let gateway: SmallGateway;

beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.stop());

const MRN = "http://hospital.example/mrn";
const URN = "urn:uuid:6f1a0bb8-3c2e-4d0c-8a4f-0f9b0a6c";

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: object;
  readonly request: Readonly<Record<string, string>>;
}

const send: SmallGateway["send"] = (...args) => gateway.send(...args);
const bundle = (type: string, entry: readonly object[]): object => ({
  resourceType: "Bundle",
  type,
  entry,
});
const transact = (entry: readonly Entry[], headers: Record<string, string> = {}) =>
  send("POST", "", { body: bundle("transaction", entry), headers });
const patient = (value: string, more: object = {}): object => ({
  resourceType: "Patient",
  identifier: [{ system: MRN, value }],
  name: [{ family: value }],
  ...more,
});
const observation = (reference: string, more: object = {}): object => ({
  resourceType: "Observation",
  status: "final",
  code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
  subject: { reference },
  valueQuantity: { value: 72, unit: "/min", system: "http://unitsofmeasure.org", code: "/min" },
  ...more,
});
const post = (resource: object, fullUrl?: string, more: object = {}): Entry => ({
  ...(fullUrl && { fullUrl }),
  resource,
  request: {
    method: "POST",
    url: (resource as { resourceType: string }).resourceType,
    ...more,
  },
});
const put = (resource: object, url: string, more: object = {}): Entry => ({
  resource,
  request: { method: "PUT", url, ...more },
});
const get = (url: string): Entry => ({ request: { method: "GET", url } });
const del = (url: string): Entry => ({ request: { method: "DELETE", url } });

const statuses = ({ body }: Reply): readonly string[] =>
  body.entry.map((entry: { response: { status: string } }) => entry.response.status);
const issueOf = ({ body }: Reply) => body.issue[0];
const statusOf = async (path: string): Promise<number> => (await send("GET", path)).status;

describe("a transaction", () => {
  it("points what refers to an entry at the place that it has got", async () => {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${URN}0001">her</a></div>`;
    const reply = await transact([
      post(
        observation(`${URN}0001`, {
          text: { status: "generated", div },
          note: [{ text: `of ${URN}0001` }],
          derivedFrom: [{ reference: `${URN}0003` }],
        }),
        `${URN}0002`,
      ),
      post(patient("linked", { photo: [{ url: `${URN}0002` }] }), `${URN}0001`),
      post(observation(`${URN}0001`), `${URN}0003`),
    ]);
    expect(reply.status, reply.text).toBe(200);
    expect(reply.body.type).toBe("transaction-response");
    expect(statuses(reply)).toEqual(["201 Created", "201 Created", "201 Created"]);
    const [first, her, second] = reply.body.entry;
    const name = `Patient/${her.resource.id}`;
    expect(first.resource.subject.reference).toBe(name);
    expect(first.resource.derivedFrom[0].reference).toBe(`Observation/${second.resource.id}`);
    expect(first.resource.text.div).toContain(`<a href="${name}">`);
    expect(first.resource.note[0].text).toBe(`of ${URN}0001`);
    expect(her.resource.photo[0].url).toBe(`Observation/${first.resource.id}`);
    expect(her.response).toMatchObject({ location: `${name}/_history/1`, etag: 'W/"1"' });
    expect(her.fullUrl).toBe(`${gateway.base}/${name}`);
    const read = await send("GET", `/Observation/${first.resource.id}`);
    expect(read.body).toEqual(first.resource);
  });

  it("deletes first, then creates, then changes, then reads, and answers in the order it was asked", async () => {
    await transact([put(patient("order", { id: "t-order" }), "Patient/t-order")]);
    await send("PUT", "/Observation/t-old", {
      body: observation("Patient/t-order", { id: "t-old" }),
    });
    const reply = await transact([
      get("Patient/t-order"),
      put(patient("order", { id: "t-order", active: true }), "Patient/t-order", {
        ifMatch: 'W/"1"',
      }),
      post(observation("Patient/t-order")),
      del("Observation/t-old"),
    ]);
    expect(reply.status, reply.text).toBe(200);
    expect(statuses(reply)).toEqual(["200 OK", "200 OK", "201 Created", "204 No Content"]);
    expect(reply.body.entry[0].resource).toMatchObject({ active: true, meta: { versionId: "2" } });
    expect(await statusOf("/Observation/t-old")).toBe(410);
  });

  it("finds what conditional references and conditions mean", async () => {
    await transact([put(patient("known", { id: "t-known" }), "Patient/t-known")]);
    const reply = await transact([
      post(patient("known"), `${URN}0011`, { ifNoneExist: `identifier=${MRN}|known` }),
      post(observation(`${URN}0011`)),
      post(observation(`Patient?identifier=${MRN}|known`)),
    ]);
    expect(reply.status, reply.text).toBe(200);
    expect(statuses(reply)).toEqual(["200 OK", "201 Created", "201 Created"]);
    const subjects = reply.body.entry
      .slice(1)
      .map(
        (entry: { resource: { subject: { reference: string } } }) =>
          entry.resource.subject.reference,
      );
    expect(subjects).toEqual(["Patient/t-known", "Patient/t-known"]);
    const nobody = await transact([
      put(
        observation(`Patient?identifier=${MRN}|unknown`, { id: "t-nobody" }),
        "Observation/t-nobody",
      ),
    ]);
    expect([nobody.status, issueOf(nobody).expression]).toEqual([
      412,
      ["Bundle.entry[0].resource"],
    ]);
    expect(await statusOf("/Observation/t-nobody")).toBe(404);
  });

  it("stores across vaults all or nothing", async () => {
    const two = [
      put(patient("vault-a", { id: "t-va" }), "Patient/t-va"),
      put(patient("vault-b", { id: "t-vb" }), "Patient/t-vb"),
    ];
    expect((await transact(two)).status).toBe(200);
    const failed = await transact([
      put(patient("vault-a", { id: "t-va", active: true }), "Patient/t-va"),
      put(patient("vault-b", { id: "t-vb", active: true }), "Patient/t-vb", { ifMatch: 'W/"5"' }),
    ]);
    expect([failed.status, issueOf(failed).expression]).toEqual([
      412,
      ["Bundle.entry[1].resource.meta.versionId"],
    ]);
    for (const id of ["t-va", "t-vb"]) {
      const { body } = await send("GET", `/Patient/${id}`);
      expect([body.active, body.meta.versionId]).toEqual([undefined, "1"]);
    }
  });

  const good = put(patient("never", { id: "t-never" }), "Patient/t-never");
  it.each<[string, Entry, number, string]>([
    [
      "an invalid resource",
      put({ resourceType: "Patient", id: "t-x", active: 7 }, "Patient/t-x"),
      422,
      "Bundle.entry[1].resource.active",
    ],
    [
      "another id than the address",
      put(patient("x", { id: "t-y" }), "Patient/t-x"),
      400,
      "Bundle.entry[1].resource.id",
    ],
    ["the same resource twice", good, 400, "Bundle.entry[0].resource"],
    [
      "the deletion of what it writes, and what was not there",
      { request: { method: "DELETE", url: "Patient/t-never" } },
      400,
      "Bundle.entry[1].resource",
    ],
    ["a read of what is not there", get("Patient/t-nobody"), 404, "Bundle.entry[1].resource.id"],
    [
      "a search that cannot be asked",
      get("Patient?colour=red"),
      400,
      "Bundle.entry[1].request.url",
    ],
    ["an unknown type", get("Dragon/1"), 404, "Bundle.entry[1].request"],
    ["no request", {} as Entry, 400, "Bundle.entry[1].request"],
    [
      "a method of another protocol",
      { request: { method: "TRACE", url: "Patient" } },
      400,
      "Bundle.entry[1].request.method",
    ],
    [
      "a bundle within it",
      { request: { method: "POST", url: "/" }, resource: bundle("batch", []) },
      400,
      "Bundle.entry[1].request",
    ],
    [
      "a patch of nothing",
      {
        request: { method: "PATCH", url: "Patient/t-nobody" },
        resource: {
          resourceType: "Binary",
          contentType: "application/json-patch+json",
          data: "W10=",
        },
      },
      404,
      "Bundle.entry[1].resource.id",
    ],
  ])("stores nothing with %s", async (_, bad, status, expression) => {
    const reply = await transact([good, bad]);
    expect([reply.status, issueOf(reply).expression[0]]).toEqual([status, expression]);
    expect(await statusOf("/Patient/t-never")).toBe(404);
  });

  it("patches what stands there, by a Binary", async () => {
    const before = await send("GET", "/Patient/t-order");
    expect(before.body.active).toBe(true);
    const operations = [{ op: "add", path: "/gender", value: "other" }];
    const data = Buffer.from(JSON.stringify(operations)).toString("base64");
    const resource = { resourceType: "Binary", contentType: "application/json-patch+json", data };
    const reply = await transact([
      { request: { method: "PATCH", url: "Patient/t-order" }, resource },
    ]);
    expect(reply.body.entry[0].resource).toMatchObject({ active: true, gender: "other" });
  });
});

describe("a batch", () => {
  it("does each entry on its own", async () => {
    const reply = await send("POST", "/", {
      body: bundle("batch", [
        put(observation("Patient/t-order", { id: "t-batch" }), "Observation/t-batch"),
        get("Patient/t-nobody"),
        put(observation("Patient/t-order", { id: "t-other" }), "Observation/t-third"),
        get(`${gateway.base}/Observation/t-batch`),
        get("Observation?_id=t-batch"),
        { resource: patient("x") },
      ]),
    });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.body.type).toBe("batch-response");
    expect(statuses(reply)).toEqual([
      ...["201 Created", "404 Not Found", "400 Bad Request"],
      ...["200 OK", "200 OK", "400 Bad Request"],
    ]);
    const [, missing, odd, , found] = reply.body.entry;
    expect(missing.response.outcome.issue[0].code).toBe("not-found");
    expect(odd.response.outcome.issue[0].expression).toEqual(["Bundle.entry[2].resource.id"]);
    expect(found.resource).toMatchObject({ type: "searchset", total: 1 });
  });

  it("keeps one entry from no other, where they are stored together", async () => {
    const url = "Observation/t-together";
    const whole = observation("Patient/t-order", { id: "t-together" });
    const stale = observation("Patient/t-order", { id: "t-stale" });
    const reply = await send("POST", "", {
      body: bundle("batch", [
        put(whole, url),
        put(stale, "Observation/t-stale", { ifMatch: 'W/"4"' }),
        put({ ...whole, status: "amended" }, url),
        post(observation("Patient/t-order")),
        del(url),
        del(url),
      ]),
    });
    expect(statuses(reply)).toEqual([
      ...["201 Created", "412 Precondition Failed", "200 OK", "201 Created"],
      ...["204 No Content", "204 No Content"],
    ]);
    expect(await statusOf("/Observation/t-stale")).toBe(404);
    expect(await statusOf(`/${url}`)).toBe(410);
  });

  it("sends back no more than the client prefers", async () => {
    const reply = await send("POST", "", {
      body: bundle("batch", [post(observation("Patient/t-order"))]),
      headers: { prefer: "return=minimal" },
    });
    expect(reply.body.entry[0].resource).toBeUndefined();
    expect(reply.body.entry[0].response.location).toMatch(/^Observation\/.*\/_history\/1$/);
  });

  it.each([
    ["no bundle", { resourceType: "Patient" }, "Bundle"],
    ["a bundle to be kept", bundle("collection", []), "Bundle.type"],
    ["entries that are none", { resourceType: "Bundle", type: "batch", entry: {} }, "Bundle.entry"],
  ])("is not made of %s", async (_, body, expression) => {
    const reply = await send("POST", "", { body });
    expect([reply.status, issueOf(reply).expression]).toEqual([400, [expression]]);
  });
});
