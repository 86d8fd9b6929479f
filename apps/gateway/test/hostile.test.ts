import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJson } from "../src/http/json.ts";
import { type Reply, type SmallGateway, startSmallGateway } from "./small-gateway.ts";

// Goal: whatever is sent, the answer is one of FHIR: never 500, always an OperationOutcome that names what is
// wrong, and nothing half-written.
// Method: what is known to break servers, by hand; then properties over addresses, parameters and bodies.

let gateway: SmallGateway;
const send: SmallGateway["send"] = (...args) => gateway.send(...args);

const observation = (id: string, more: object = {}): Record<string, unknown> => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
  subject: { reference: "Patient/victim" },
  ...more,
});

beforeAll(async () => {
  gateway = await startSmallGateway();
  const body = { resourceType: "Patient", id: "victim" };
  expect((await send("PUT", "/Patient/victim", { body })).status).toBe(201);
});
afterAll(() => gateway.stop());

const issueOf = ({ body }: Reply) => body.issue[0];

describe("JSON", () => {
  const read = (text: string | Uint8Array) =>
    readJson(typeof text === "string" ? new TextEncoder().encode(text) : text, "Patient");

  it.each([
    ["two members of one name", '{"name":[{"family":"A","family":"B"}]}', "Patient.name[0].family"],
    ["a prototype", '{"a":{"__proto__":{"b":1}}}', "Patient.a.__proto__"],
    ["half of a character", '{"id":"\\ud800"}', "Patient.id"],
    ["a control character", '{"id":"\\u0000"}', "Patient.id"],
    ["a line break within a text", '{"id":"a\nb"}', "Patient.id"],
    ["what stands behind it", '{"id":"a"} {}', "Patient"],
    ["a number larger than any", '{"value":1e999}', "Patient.value"],
    ["a number smaller than any", '{"value":1e-999}', "Patient.value"],
    ["a number that begins with 0", '{"value":01}', "Patient"],
    ["a comma too many", '{"name":[1,]}', "Patient.name[1]"],
    ["an escape that is none", '{"id":"\\x"}', "Patient.id"],
    ["an end that comes too early", '{"name":[{"given":["A"', "Patient.name[0].given"],
    ["nothing", "", "Patient"],
    ["depth", "[".repeat(100_000), "Patient"],
  ])("refuses %s, and names the element", (_, text, expression) => {
    const found = read(text);
    expect(found.ok).toBe(false);
    const [issue] = found.ok ? [] : found.error.issues;
    expect(issue?.expression?.[0]).toMatch(expression.startsWith("Patient") ? /^Patient/ : /./);
    if (_ !== "depth") expect(issue?.expression).toEqual([expression]);
  });

  it("takes a byte order mark, refuses what is not UTF-8", () => {
    expect(read('\ufeff{"id":"a"}')).toEqual({ ok: true, value: { id: "a" } });
    expect(read(new Uint8Array([0x22, 0xff, 0x22])).ok).toBe(false);
  });

  it("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const back = JSON.parse(text);
        const odd = /\\u00(?:0[0-8bcef]|1)|\\[bf]|\\ud[89a-f]|"__proto__"/i.test(text);
        if (!odd) expect(read(text)).toEqual({ ok: true, value: back });
      }),
    );
  });
});

describe("formats and headers", () => {
  it.each(["json", "application/json", "application/fhir%2Bjson", "application/fhir+json"])(
    "answers _format=%s in JSON",
    async (format) => {
      const reply = await send("GET", `/Patient/victim?_format=${format}`, {
        headers: { accept: "application/fhir+xml" },
      });
      expect(reply.status).toBe(200);
    },
  );

  it.each(["application/fhir+xml", "text/html", "application/fhir+json;fhirVersion=3.0", "x;q=0"])(
    "refuses to answer in %s",
    async (accept) => {
      const reply = await send("GET", "/Patient/victim", { headers: { accept } });
      expect([reply.status, issueOf(reply).code]).toEqual([406, "not-supported"]);
    },
  );

  it("hears in a form how it shall be answered, and takes no body for one without a type", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const form = await send("POST", "/Patient/_search", {
      body: "_id=victim&_format=xml",
      headers,
    });
    expect([form.status, issueOf(form).expression]).toEqual([406, ["http._format"]]);
    expect((await send("POST", "/Patient/victim/$everything")).status).toBe(200);
    const nothing = await send("POST", "/Patient");
    expect([nothing.status, issueOf(nothing).code]).toEqual([400, "required"]);
  });

  it("answers whoever takes anything, and indents where it is asked to", async () => {
    for (const accept of ["*/*", "text/html, application/*;q=0.8", "application/json"]) {
      expect((await send("GET", "/Patient/victim", { headers: { accept } })).status).toBe(200);
    }
    const pretty = await send("GET", "/Patient/victim?_pretty=true");
    expect(pretty.text).toContain('\n  "resourceType"');
  });

  it.each([
    ["text/plain", {}],
    ["application/fhir+xml", {}],
    ["application/fhir+json; charset=latin1", {}],
    ["application/fhir+json; fhirVersion=5.0", {}],
    ["application/fhir+json", { "content-encoding": "gzip" }],
    ["nonsense", {}],
  ])("takes no body of %s", async (type, more) => {
    const body = JSON.stringify(observation("h-type"));
    const headers = { "content-type": type, ...more };
    const reply = await send("PUT", "/Observation/h-type", { body, headers });
    expect([reply.status, reply.body.resourceType]).toEqual([415, "OperationOutcome"]);
    expect((await send("GET", "/Observation/h-type")).status).toBe(404);
  });

  it("refuses what is too large, wherever it is", async () => {
    const text = "x".repeat(8 * 1024 * 1024);
    const large = await send("PUT", "/Observation/h-large", {
      body: observation("h-large", { note: [{ text }] }),
    });
    expect([large.status, issueOf(large).code]).toEqual([413, "too-long"]);
    const query = await send("GET", `/Patient?name=${"x".repeat(17_000)}`);
    expect([query.status, issueOf(query).code]).toEqual([414, "too-long"]);
    const header = await raw(`GET /fhir/Patient HTTP/1.1\r\nhost: x\r\nx: ${"x".repeat(40_000)}`);
    expect(header).toContain("431");
    expect(header).toContain("OperationOutcome");
    expect(await raw("TRULY NO HTTP")).toContain("OperationOutcome");
  });

  it("names a request as the client does, and by itself otherwise", async () => {
    const named = await send("GET", "/metadata", { headers: { "x-request-id": "mine-1" } });
    expect(named.headers.get("x-request-id")).toBe("mine-1");
    const odd = await send("GET", "/metadata", { headers: { "x-request-id": "a b" } });
    expect(odd.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("says what can be done at a place", async () => {
    const reply = await send("OPTIONS", "/Patient/victim");
    expect(reply.status).toBe(204);
    expect(reply.headers.get("allow")).toBe("HEAD, GET, PUT, PATCH, DELETE");
    expect(reply.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("keeps out of its log what is known of people", async () => {
    const before = gateway.lines.length;
    const headers = { authorization: "Bearer secret-token", "x-request-id": "secret-request" };
    await send("GET", "/Patient?family=secret-name&_id=secret-id", { headers });
    await send("GET", "/Patient/secret-id", { headers });
    await send("PUT", "/Patient/secret-id", { body: '{"secret-name"', headers });
    const lines = gateway.lines.slice(before).join("");
    expect(lines).toContain('"route":"/[type]/[id]","status":404');
    expect(lines).toContain('"milliseconds":');
    expect(lines).not.toContain("secret");
  });
});

const nasty = fc.oneof(
  fc.constantFrom(
    ...["", "*", "%", "%zz", "%00", "%ff", "\\", "'", '"', "<script>", "../..", "a,b", "|", "||"],
    ...["gt", "ne2020-13-45", "1e999", "-0", "NaN", "null", "true", "2020-02-30", "urn:uuid:x"],
    ...["Patient/victim", "_history", "$everything", "__proto__", "constructor", "💥", "\u0000"],
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const TYPES = ["Patient", "Observation", "Dragon", "Bundle", "Parameters", "patient", "metadata"];
const segment = fc.oneof(
  fc.constantFrom(...TYPES, "victim", "_history", "_search", "1", "$validate", "$summary", "*"),
  nasty,
);
const NAMES = [
  ...["_id", "_count", "_sort", "_include", "_revinclude:iterate", "_has:Observation:patient:code"],
  ...["subject:Patient.name", "code:not", "value-quantity", "date", "_summary", "_elements"],
  ...["_since", "_page", "_format", "mode", "name:contains", "identifier:of-type", "_lastUpdated"],
];
const parameter = fc.tuple(fc.oneof(fc.constantFrom(...NAMES), nasty), nasty);
const encoded = (text: string): string =>
  // Some go as they are, so that what cannot be decoded is tried, too.
  /^[\x21-\x7e]*$/.test(text)
    ? text.replaceAll("#", "%23")
    : encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
const address = fc
  .tuple(fc.array(segment, { maxLength: 5 }), fc.array(parameter, { maxLength: 3 }))
  .map(([path, query]) => {
    const written = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&");
    return `/${path.map(encoded).join("/")}${written === "" ? "" : `?${written}`}`;
  });

/** A resource of which one element has become anything. */
const mutated = (whole: Record<string, unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.nat(30), fc.oneof(fc.jsonValue({ maxDepth: 3 }), nasty))
    .map(([at, value]) => mutate(structuredClone(whole), at, value));

function mutate(whole: Record<string, unknown>, at: number, value: unknown): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [name, inner] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, name]);
      walk(inner);
    }
  };
  walk(whole);
  const [node, name] = places[at % places.length] as (typeof places)[number];
  if (at % 3 === 0) delete node[name];
  else node[name] = value;
  return whole;
}

function expectOutcome(status: number, text: string, about: string): void {
  expect(status, `${about}\n${text}`).toBeLessThan(500);
  if (status < 400 || text === "") return;
  const outcome = JSON.parse(text);
  expect(outcome.resourceType, about).toBe("OperationOutcome");
  expect(outcome.issue[0].diagnostics, about).toMatch(/\S/);
  expect(text, about).not.toMatch(/\bat [\w./]+:\d+|node_modules/);
}

describe("whatever is sent", () => {
  it("is answered in FHIR, at every address and with every parameter", async () => {
    const methods = fc.constantFrom("GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD");
    const bodies = fc.oneof(fc.constant(""), fc.json(), nasty, fc.constant('{"resourceType":'));
    const types = fc.constantFrom(
      ...["application/fhir+json", "application/json-patch+json", "text/plain", "/", ""],
      "application/x-www-form-urlencoded",
    );
    await fc.assert(
      fc.asyncProperty(methods, address, bodies, types, async (method, path, body, type) => {
        const about = `${method} ${path} ${type} ${JSON.stringify(body)}`;
        const { status, text } = await plain(method, path, body, type);
        expectOutcome(status, text, about);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves what stood, where a write is refused", async () => {
    const before = observation("h-stands", {
      valueQuantity: { value: 1.5, unit: "mg", system: "http://unitsofmeasure.org", code: "mg" },
      effectiveDateTime: "2020-02-29T10:00:00Z",
      note: [{ text: "kept" }],
    });
    let stands = (await send("PUT", "/Observation/h-stands", { body: before })).body;
    expect(stands.meta.versionId).toBe("1");
    await fc.assert(
      fc.asyncProperty(mutated(before), async (body) => {
        const about = JSON.stringify(body);
        const reply = await send("PUT", "/Observation/h-stands", { body: about });
        expectOutcome(reply.status, reply.text, about);
        if (reply.status === 200) stands = reply.body;
        else {
          const named = reply.body.issue.some((each: { expression?: unknown }) => each.expression);
          expect(named, `${about}\n${reply.text}`).toBe(true);
        }
        const read = await send("GET", "/Observation/h-stands");
        expect(read.body, about).toEqual(stands);
      }),
      { numRuns: 40 },
    );
  });

  it("patches a resource into nothing else", async () => {
    const pointer = fc
      .array(fc.oneof(fc.constantFrom("code", "0", "-", "coding", "meta", "subject"), nasty), {
        maxLength: 4,
      })
      .map((tokens) => tokens.map((token) => `/${token}`).join(""));
    const operation = fc.record(
      {
        op: fc.oneof(fc.constantFrom("add", "remove", "replace", "move", "copy", "test"), nasty),
        path: fc.oneof(pointer, fc.jsonValue({ maxDepth: 1 })),
        from: pointer,
        value: fc.jsonValue({ maxDepth: 2 }),
      },
      { requiredKeys: ["op"] },
    );
    let stands = (await send("PUT", "/Observation/h-patch", { body: observation("h-patch") })).body;
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 4 }), async (operations) => {
        const body = JSON.stringify(operations);
        const headers = { "content-type": "application/json-patch+json" };
        const reply = await send("PATCH", "/Observation/h-patch", { body, headers });
        expectOutcome(reply.status, reply.text, body);
        if (reply.status === 200) stands = reply.body;
        expect((await send("GET", "/Observation/h-patch")).body, body).toEqual(stands);
      }),
      { numRuns: 50 },
    );
  });

  it("stores a transaction whole or not at all", async () => {
    const entry = {
      fullUrl: "urn:uuid:00000000-0000-4000-8000-000000000001",
      resource: observation("h-second"),
      request: { method: "PUT", url: "Observation/h-second", ifMatch: 'W/"9"' },
    };
    const first = {
      resource: observation("h-first"),
      request: { method: "PUT", url: "Observation/h-first" },
    };
    await fc.assert(
      fc.asyncProperty(mutated(entry), async (second) => {
        const body = JSON.stringify({
          ...{ resourceType: "Bundle", type: "transaction" },
          entry: [first, second],
        });
        const reply = await send("POST", "", { body });
        expectOutcome(reply.status, reply.text, body);
        const there = (await send("GET", "/Observation/h-first")).status;
        if (reply.status === 200) {
          expect(there, body).toBe(200);
          await send("DELETE", "/Observation/h-first");
        } else expect([404, 410], body).toContain(there);
      }),
      { numRuns: 40 },
    );
  });
});

/** Send an address as it is, which `fetch` would tidy up. */
function plain(
  method: string,
  path: string,
  body: string,
  type: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(gateway.base);
  const bytes = Buffer.from(method === "GET" || method === "HEAD" ? "" : body);
  const headers = {
    ...(type && { "content-type": type }),
    ...(bytes.length > 0 && { "content-length": String(bytes.length) }),
    connection: "close",
  };
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      { hostname, port, method, path: `/fhir${path}`, headers },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString("utf8");
          resolve({ status: answer.statusCode ?? 0, text });
        });
      },
    );
    asked.on("error", reject);
    asked.end(bytes);
  });
}

/** Send bytes that are no request of any client. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(gateway.base);
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.end(`${text}\r\n\r\n`));
    socket.on("data", (part) => parts.push(part));
    socket.on("close", () => resolve(Buffer.concat(parts).toString("utf8")));
    socket.on("error", reject);
  });
}
