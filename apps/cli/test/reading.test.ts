import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Links, type Read, resources } from "@salus/client/writer";
import { afterAll, describe, expect, it } from "vitest";
import { openInput } from "../src/reading/input.ts";

// Goal: from whatever a hospital's export looks like come its resources, with ids and resolved
// references; and for everything else the file, the place and the reason.
// Method: small files, each with one property or one fault.

const folder = mkdtempSync(join(tmpdir(), "salus-reading-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
async function read(content: string | Uint8Array, name = "in.json"): Promise<Read[]> {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  const input = await openInput(path);
  if (!input.ok) throw new Error(input.error.kind);
  const found: Read[] = [];
  for await (const one of resources(input.value, new Links())) found.push(one);
  return found;
}

function short(all: readonly Read[]): string[] {
  return all.map((one) => {
    const at = `${one.place.line}${one.place.entry === undefined ? "" : `.${one.place.entry}`}`;
    return one.found
      ? `${at} ${one.resource.resourceType}/${one.resource.id}`
      : `${at} ${one.kind}`;
  });
}

const bundle = (type: string, ...entry: object[]): object => ({
  resourceType: "Bundle",
  type,
  entry,
});
const patient = { resourceType: "Patient", id: "p" };
const observation = { resourceType: "Observation", id: "o" };

describe("resources", () => {
  it("come from lines, from Bundles in lines, and from Bundles in Bundles", async () => {
    const inner = bundle("collection", { resource: observation });
    const text = [patient, bundle("searchset", { resource: patient }, { resource: inner })]
      .map((value) => JSON.stringify(value))
      .join("\n");
    expect(short(await read(text))).toEqual(["1 Patient/p", "2.1 Patient/p", "2.1 Observation/o"]);
  });

  it("come from gzip, whatever its name, and from a file of several archives", async () => {
    const packed = Buffer.concat(
      [patient, observation].map((value) => gzipSync(`${JSON.stringify(value)}\n`)),
    );
    expect(short(await read(packed, "in.txt"))).toEqual(["1 Patient/p", "2 Observation/o"]);
  });

  it("get references to other entries resolved, forwards and backwards", async () => {
    const urn = (n: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`;
    const all = await read(
      JSON.stringify(
        bundle(
          "transaction",
          {
            fullUrl: urn(1),
            resource: {
              ...observation,
              subject: { reference: urn(2) },
              hasMember: [{ reference: urn(9) }, { reference: "Observation/other" }],
            },
          },
          { fullUrl: urn(2), resource: patient, request: { method: "POST", url: "Patient" } },
        ),
      ),
    );
    expect(all[0]).toMatchObject({
      resource: {
        subject: { reference: "Patient/p" },
        hasMember: [{ reference: urn(9) }, { reference: "Observation/other" }],
      },
    });
  });

  it("without an id get the one of their name, or one that their content makes", async () => {
    const nameless = { resourceType: "Observation", status: "final" };
    const all = await read(
      JSON.stringify(
        bundle(
          "batch",
          { fullUrl: "urn:uuid:0a0a", resource: nameless },
          { fullUrl: "https://a.example/fhir/Observation/x-1", resource: nameless },
          { resource: nameless },
          { resource: nameless },
          { resource: { ...nameless, status: "amended" } },
        ),
      ),
    );
    const ids = all.map((one) => (one.found ? one.resource.id : one.kind));
    expect(ids.slice(0, 2)).toEqual(["0a0a", "x-1"]);
    expect(ids[2]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[3]).toBe(ids[2]);
    expect(ids[4]).not.toBe(ids[2]);
  });
});

describe("what is none", () => {
  const cases: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
    ["an empty file", "", ["1 empty"]],
    ["no JSON", "hello", ["1 not-json"]],
    ["a number", "17", ["1 not-json"]],
    ["JSON that breaks inside a line", '{"resourceType":}', ["1 not-json"]],
    ["a file that ends too early", '{"resourceType":"Patient",\n', ["1 truncated"]],
    ["no type", "{}", ["1 not-a-resource"]],
    ["a type that is none", '{"resourceType":"patient; drop"}', ["1 not-a-resource"]],
    ["an id that is none", '{"resourceType":"Patient","id":"a/b"}', ["1 bad-id"]],
    ["an id of another type", '{"resourceType":"Patient","id":7}', ["1 bad-id"]],
    ["a history", JSON.stringify(bundle("history")), ["1 unsupported-bundle"]],
    [
      "a request to delete",
      JSON.stringify(
        bundle("batch", { request: { method: "DELETE", url: "Patient/1" } }, { resource: patient }),
      ),
      ["1.1 unsupported-request", "1.2 Patient/p"],
    ],
    [
      "an entry without a resource",
      JSON.stringify(bundle("searchset", {}, 7 as unknown as object, { resource: patient })),
      ["1.1 not-a-resource", "1.2 not-a-resource", "1.3 Patient/p"],
    ],
    [
      "the outcome of a search",
      JSON.stringify(
        bundle("searchset", {
          resource: { resourceType: "OperationOutcome" },
          search: { mode: "outcome" },
        }),
      ),
      [],
    ],
    [
      "Bundles in Bundles without end",
      JSON.stringify(
        [1, 2, 3, 4, 5].reduce<object>((inner) => bundle("x", { resource: inner }), patient),
      ),
      ["1.1 too-deep"],
    ],
    [
      "an archive that is damaged",
      gzipSync(`${JSON.stringify(patient)}\n`.repeat(9)).subarray(0, 30),
      ["1 damaged-gzip"],
    ],
  ];

  it.each(cases)("is said of %s", async (_, content, expected) => {
    expect(short(await read(content))).toEqual(expected);
  });

  it("is said of a path", async () => {
    expect(await openInput(join(folder, "none"))).toMatchObject({
      error: { kind: "no-such-file" },
    });
    expect(await openInput(folder)).toMatchObject({ error: { kind: "not-a-file" } });
  });
});
