import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Reply, type SmallGateway, startSmallGateway } from "./small-gateway.ts";

// Goal: every interaction of R4 that the gateway claims, as ordinary clients use it.
// Method: plain HTTP to a gateway over a real cloud; each test has a record of its own, all of one patient.

let gateway: SmallGateway;

beforeAll(async () => {
  gateway = await startSmallGateway();
  const body = { resourceType: "Patient", id: "shared" };
  const reply = await send("PUT", "/Patient/shared", { body });
  expect(reply.status, reply.text).toBe(201);
});
afterAll(() => gateway.stop());

const send: SmallGateway["send"] = (...args) => gateway.send(...args);

const PATCH_JSON = { "content-type": "application/json-patch+json" };

const SYSTEM = "http://hospital.example/order";

function note(name: string, more: object = {}): Record<string, unknown> {
  return {
    resourceType: "Observation",
    status: "final",
    code: { text: name },
    subject: { reference: "Patient/shared" },
    identifier: [{ system: SYSTEM, value: name }],
    ...more,
  };
}

async function created(name: string, more: object = {}): Promise<Reply> {
  const reply = await send("POST", "/Observation", { body: note(name, more) });
  expect(reply.status, reply.text).toBe(201);
  return reply;
}

/** What an OperationOutcome says of its first issue. */
function issueOf({ body }: Reply): Record<string, unknown> {
  expect(body.resourceType).toBe("OperationOutcome");
  return body.issue[0];
}

describe("create and read", () => {
  it("gives what it stored a place, a version and a time, whatever the client called it", async () => {
    const reply = await created("Ferro", { id: "of-the-client", meta: { versionId: "99" } });
    const { id, meta } = reply.body;
    expect(id).not.toBe("of-the-client");
    expect(meta.versionId).toBe("1");
    expect(reply.headers.get("etag")).toBe('W/"1"');
    expect(reply.headers.get("location")).toBe(`${gateway.base}/Observation/${id}/_history/1`);
    const modified = Date.parse(reply.headers.get("last-modified") ?? "");
    expect(modified).toBe(Math.floor(Date.parse(meta.lastUpdated) / 1000) * 1000);
    const read = await send("GET", `/Observation/${id}`);
    expect(read.status).toBe(200);
    expect(read.headers.get("content-type")).toBe("application/fhir+json; charset=utf-8");
    expect(read.body).toEqual(reply.body);
  });

  it("answers as the client prefers", async () => {
    const with_ = (prefer: string) =>
      send("POST", "/Observation", { body: note("Prefer"), headers: { prefer } });
    const minimal = await with_("return=minimal");
    expect([minimal.status, minimal.text]).toEqual([201, ""]);
    expect(minimal.headers.get("location")).toContain("/Observation/");
    const outcome = await with_("return=OperationOutcome");
    expect(issueOf(outcome)).toMatchObject({ severity: "information" });
    expect((await with_("return=representation")).body.resourceType).toBe("Observation");
  });

  it("does not send again what the client has", async () => {
    const { body, headers } = await created("Known");
    const ask = (headers_: Record<string, string>) =>
      send("GET", `/Observation/${body.id}`, { headers: headers_ });
    const same = await ask({ "if-none-match": 'W/"1"' });
    expect([same.status, same.text]).toEqual([304, ""]);
    expect((await ask({ "if-none-match": 'W/"2"' })).status).toBe(200);
    const since = headers.get("last-modified") ?? "";
    expect((await ask({ "if-modified-since": since })).status).toBe(304);
    expect((await ask({ "if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT" })).status).toBe(200);
  });

  it("answers HEAD like GET, without a body", async () => {
    const { body } = await created("Head");
    const head = await send("HEAD", `/Observation/${body.id}`);
    expect([head.status, head.text, head.headers.get("etag")]).toEqual([200, "", 'W/"1"']);
  });

  it("shows a part where a part is asked for, and says so", async () => {
    const { body } = await created("Part", { issued: "2020-05-11T08:00:00Z" });
    const some = await send("GET", `/Observation/${body.id}?_elements=issued`);
    expect(some.body).toMatchObject({ issued: "2020-05-11T08:00:00Z", meta: { versionId: "1" } });
    expect(some.body.subject).toBeUndefined();
    expect(some.body.meta.tag[0].code).toBe("SUBSETTED");
    const written = await send("PUT", `/Observation/${body.id}`, { body: some.body });
    expect([written.status, issueOf(written).code]).toEqual([422, "business-rule"]);
    const summary = await send("GET", `/Observation/${body.id}?_summary=true`);
    expect(summary.body.meta.tag[0].code).toBe("SUBSETTED");
    expect((await send("GET", `/Observation/${body.id}?_summary=false`)).body).toEqual(body);
    const odd = await send("GET", `/Observation/${body.id}?_summary=most`);
    expect([odd.status, issueOf(odd).expression]).toEqual([400, ["http._summary"]]);
  });
});

describe("update", () => {
  it("replaces a version with the next", async () => {
    const { body } = await created("Before");
    const reply = await send("PUT", `/Observation/${body.id}`, {
      body: note("After", { id: body.id }),
    });
    expect([reply.status, reply.headers.get("etag")]).toEqual([200, 'W/"2"']);
    const [now, first] = await Promise.all([
      send("GET", `/Observation/${body.id}`),
      send("GET", `/Observation/${body.id}/_history/1`),
    ]);
    expect(now.body.code.text).toBe("After");
    expect(first.body.code.text).toBe("Before");
    const same = await send("PUT", `/Observation/${body.id}`, { body: now.body });
    expect([same.status, same.body]).toEqual([200, now.body]);
  });

  it("creates what the client has named", async () => {
    const reply = await send("PUT", "/Observation/chosen-1", {
      body: note("Chosen", { id: "chosen-1" }),
    });
    expect([reply.status, reply.body.id]).toEqual([201, "chosen-1"]);
  });

  it.each([
    ["another id", { id: "another" }, ["Observation.id"]],
    ["no id", {}, ["Observation.id"]],
    ["another type", { id: "chosen-2", resourceType: "Group" }, ["resourceType"]],
  ])("refuses %s than the address", async (_, more, expression) => {
    const reply = await send("PUT", "/Observation/chosen-2", { body: note("Odd", more) });
    expect([reply.status, issueOf(reply).expression]).toEqual([400, expression]);
    expect((await send("GET", "/Observation/chosen-2")).status).toBe(404);
  });

  it("replaces only the version that the client has seen", async () => {
    const { body } = await created("Seen");
    const put = (headers: Record<string, string>, family: string) =>
      send("PUT", `/Observation/${body.id}`, { body: note(family, { id: body.id }), headers });
    const stale = await put({ "if-match": 'W/"7"' }, "Stale");
    expect([stale.status, issueOf(stale).code]).toEqual([412, "conflict"]);
    expect((await put({ "if-match": 'W/"1"' }, "Right")).status).toBe(200);
    expect((await put({ "if-match": "*" }, "Any")).status).toBe(200);
    expect((await put({ "if-none-match": "*" }, "None")).status).toBe(412);
    expect((await put({ "if-match": "this one" }, "Odd")).status).toBe(400);
    expect((await send("GET", `/Observation/${body.id}`)).body.code.text).toBe("Any");
  });
});

describe("delete", () => {
  it("leaves nothing to read, and its history", async () => {
    const { body } = await created("Gone");
    const path = `/Observation/${body.id}`;
    const reply = await send("DELETE", path);
    expect([reply.status, reply.text]).toEqual([204, ""]);
    const read = await send("GET", path);
    expect([read.status, issueOf(read).code]).toEqual([410, "deleted"]);
    expect((await send("GET", `${path}/_history/1`)).status).toBe(200);
    expect((await send("GET", `${path}/_history/2`)).status).toBe(410);
    expect((await send("DELETE", path)).status).toBe(204);
    const again = await send("PUT", path, { body: note("Back", { id: body.id }) });
    expect([again.status, again.headers.get("etag")]).toEqual([201, 'W/"3"']);
  });

  it("says what it did to whoever wants to know, and heeds If-Match", async () => {
    const { body } = await created("Told");
    const stale = await send("DELETE", `/Observation/${body.id}`, {
      headers: { "if-match": 'W/"2"' },
    });
    expect(stale.status).toBe(412);
    const headers = { prefer: "return=OperationOutcome" };
    const reply = await send("DELETE", `/Observation/${body.id}`, { headers });
    expect([reply.status, issueOf(reply).severity]).toEqual([200, "information"]);
  });
});

describe("patch", () => {
  const patch = (id: string, operations: unknown, headers: Record<string, string> = {}) =>
    send("PATCH", `/Observation/${id}`, {
      body: JSON.stringify(operations),
      headers: { ...PATCH_JSON, ...headers },
    });

  it("changes what it names, and nothing else", async () => {
    const { body } = await created("Patched");
    const reply = await patch(body.id, [
      { op: "test", path: "/code/text", value: "Patched" },
      { op: "replace", path: "/code/text", value: "Mended" },
      { op: "add", path: "/identifier/-", value: { value: "second" } },
      { op: "add", path: "/valueBoolean", value: true },
    ]);
    expect(reply.status, reply.text).toBe(200);
    expect(reply.body.identifier[1]).toEqual({ value: "second" });
    expect(reply.body).toMatchObject({ code: { text: "Mended" }, valueBoolean: true });
    expect(reply.body.meta.versionId).toBe("2");
  });

  it.each([
    [
      "a test that fails",
      { op: "test", path: "/code/text", value: "X" },
      422,
      "Observation.code.text",
    ],
    ["what is not there", { op: "remove", path: "/bodySite" }, 422, "Observation.bodySite"],
    [
      "a place behind an array",
      { op: "add", path: "/identifier/7", value: {} },
      422,
      "Observation.identifier[7]",
    ],
    ["the id", { op: "replace", path: "/id", value: "other" }, 422, "Observation.id"],
    [
      "what every object inherits",
      { op: "remove", path: "/toString" },
      422,
      "Observation.toString",
    ],
    ["a prototype", { op: "add", path: "/__proto__", value: {} }, 422, "Observation.__proto__"],
    ["no operation", { op: "increase", path: "/code" }, 400, "Observation"],
    ["no value", { op: "add", path: "/valueBoolean" }, 400, "Observation"],
    [
      "what makes it no Observation",
      { op: "add", path: "/valueBoolean", value: 7 },
      422,
      "Observation.value",
    ],
  ])("refuses %s, and names it", async (_, operation, status, expression) => {
    const { body } = await created("Whole");
    const reply = await patch(body.id, [{ op: "add", path: "/language", value: "en" }, operation]);
    expect([reply.status, issueOf(reply).expression]).toEqual([status, [expression]]);
    expect((await send("GET", `/Observation/${body.id}`)).body).toEqual(body);
  });

  it("heeds If-Match, and takes no other kind of patch", async () => {
    const { body } = await created("Held");
    const operations = [{ op: "add", path: "/valueBoolean", value: true }];
    expect((await patch(body.id, operations, { "if-match": 'W/"3"' })).status).toBe(412);
    const merge = { "content-type": "application/merge-patch+json" };
    expect((await patch(body.id, operations, merge)).status).toBe(415);
    expect((await patch("nobody", operations)).status).toBe(404);
  });
});

describe("conditions", () => {
  const by = (family: string): string => `identifier=${SYSTEM}|${family}`;

  it("creates only what is not there yet", async () => {
    const create = (family: string) =>
      send("POST", "/Observation", {
        body: note(family),
        headers: { "if-none-exist": by(family) },
      });
    const first = await create("Once");
    const second = await create("Once");
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    await created("Twice");
    await created("Twice");
    expect((await create("Twice")).status).toBe(412);
    const race = await Promise.all([create("Race"), create("Race"), create("Race")]);
    expect(race.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  });

  it("updates the one that is meant, or creates it", async () => {
    const put = (family: string, more: object = {}) =>
      send("PUT", `/Observation?${by(family)}`, { body: note(family, more) });
    const first = await put("Upsert");
    const second = await put("Upsert", { valueBoolean: true });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toMatchObject({ id: first.body.id, valueBoolean: true });
    expect((await put("Upsert", { id: "another" })).status).toBe(400);
    expect((await put("Named", { id: "named-1" })).body.id).toBe("named-1");
    await created("Several");
    await created("Several");
    const several = await put("Several");
    expect([several.status, issueOf(several).code]).toEqual([412, "multiple-matches"]);
  });

  it("patches and deletes the one that is meant", async () => {
    const { body } = await created("Single");
    const operations = JSON.stringify([{ op: "add", path: "/valueBoolean", value: false }]);
    const patched = await send("PATCH", `/Observation?${by("Single")}`, {
      body: operations,
      headers: PATCH_JSON,
    });
    expect(patched.body).toMatchObject({ id: body.id, valueBoolean: false });
    expect((await send("DELETE", `/Observation?${by("Single")}`)).status).toBe(204);
    expect((await send("GET", `/Observation/${body.id}`)).status).toBe(410);
    expect((await send("DELETE", `/Observation?${by("Single")}`)).status).toBe(204);
    const none = await send("PATCH", `/Observation?${by("Single")}`, {
      body: operations,
      headers: PATCH_JSON,
    });
    expect(none.status).toBe(404);
  });

  it("leaves out no criterion, whatever the client prefers", async () => {
    const headers = { prefer: "handling=lenient" };
    const { body } = await created("Strict");
    expect((await send("DELETE", "/Observation", { headers })).status).toBe(412);
    const odd = await send("DELETE", `/Observation?${by("Strict")}&colour=red`, { headers });
    expect([odd.status, issueOf(odd).expression]).toEqual([400, ["http.colour"]]);
    const shaped = await send("DELETE", `/Observation?${by("Strict")}&_count=1`, { headers });
    expect(shaped.status).toBe(400);
    expect((await send("GET", `/Observation/${body.id}`)).status).toBe(200);
  });
});

describe("history", () => {
  it("lists every version, newest first, and pages to the end", async () => {
    const { body } = await created("History");
    const path = `/Observation/${body.id}`;
    await send("PUT", path, { body: note("History-2", { id: body.id }) });
    await send("DELETE", path);
    const all = await send("GET", `${path}/_history`);
    expect(all.body).toMatchObject({ type: "history", total: 3 });
    const rows = all.body.entry.map(
      (entry: { request: { method: string }; response: { status: string; etag: string } }) =>
        `${entry.request.method} ${entry.response.status} ${entry.response.etag}`,
    );
    expect(rows).toEqual([
      'DELETE 204 No Content W/"3"',
      'PUT 200 OK W/"2"',
      'PUT 201 Created W/"1"',
    ]);
    expect(all.body.entry[0].resource).toBeUndefined();
    const seen: string[] = [];
    let next: string | undefined = `${path}/_history?_count=2`;
    while (next !== undefined) {
      const page: Reply = await send("GET", next);
      seen.push(...page.body.entry.map((e: { response: { etag: string } }) => e.response.etag));
      next = page.body.link.find((link: { relation: string }) => link.relation === "next")?.url;
    }
    expect(seen).toEqual(['W/"3"', 'W/"2"', 'W/"1"']);
    const since = all.body.entry[1].response.lastModified;
    const recent = await send("GET", `${path}/_history?_since=${encodeURIComponent(since)}`);
    expect(recent.body.total).toBe(2);
    const odd = await send("GET", `${path}/_history?_since=lately`);
    expect([odd.status, issueOf(odd).expression]).toEqual([400, ["http._since"]]);
  });

  it("is not claimed where it would not be whole", async () => {
    for (const path of ["/_history", "/Observation/_history"]) {
      const reply = await send("GET", path);
      expect([reply.status, issueOf(reply).code]).toEqual([405, "not-supported"]);
    }
    expect((await send("GET", "/Observation/nobody/_history")).status).toBe(404);
    expect((await send("GET", "/Observation/nobody/_history/1")).status).toBe(404);
  });
});

describe("metadata", () => {
  it("lists what works, and where each parameter is judged", async () => {
    const { status, body } = await send("GET", "/metadata");
    expect([status, body.resourceType, body.fhirVersion]).toEqual([
      ...[200, "CapabilityStatement", "4.0.1"],
    ]);
    const [{ resource, interaction }] = body.rest;
    const codes = interaction.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(["transaction", "batch", "search-system"]);
    const known = resource.find(({ type }: { type: string }) => type === "Observation");
    expect(known).toMatchObject({
      versioning: "versioned-update",
      updateCreate: true,
      conditionalCreate: true,
      conditionalDelete: "single",
    });
    expect(known.searchInclude).toContain("Observation:subject");
    expect(known.searchRevInclude).toContain("Provenance:target");
    const code = known.searchParam.find(({ name }: { name: string }) => name === "code");
    expect(code).toMatchObject({ type: "token" });
    expect(code.documentation).toContain("in the cloud, under encryption");
    const listed = resource.flatMap((each: { interaction: { code: string }[] }) =>
      each.interaction.map((one) => one.code),
    );
    expect(listed).not.toContain("history-type");
  });

  it("has a part and other modes, and is no place to write to", async () => {
    const part = await send("GET", "/metadata?_elements=fhirVersion");
    expect(part.body.rest?.[0]?.resource).toBeUndefined();
    const terms = await send("GET", "/metadata?mode=terminology");
    expect(terms.body.resourceType).toBe("TerminologyCapabilities");
    expect((await send("GET", "/metadata?mode=all")).status).toBe(400);
    const written = await send("POST", "/metadata", { body: {} });
    expect([written.status, written.headers.get("allow")]).toEqual([405, "HEAD, GET"]);
  });
});
