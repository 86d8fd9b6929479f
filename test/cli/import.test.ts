import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLINIC, ndjson, PATIENTS, PRESSURES, pressure, transaction } from "./clinic.ts";
import { ClinicCloud, jsonLines, leftovers } from "./clinic-cloud.ts";

// Goal: whatever the layout, the same records come in, each at who made it; nothing comes in twice;
// and what cannot be taken is named with its place and reason while everything else is taken.
// Method: the same small clinic in every layout into homes of its own, then one fault at a time.

const clinic = new ClinicCloud();
beforeAll(() => clinic.start());
afterAll(() => clinic.stop());

let homes = 0;
const fresh = (): Promise<string> => {
  homes += 1;
  return clinic.homes(`home-${homes}`);
};

function file(name: string, content: string | Uint8Array): string {
  const path = clinic.path(name);
  writeFileSync(path, content);
  return path;
}

/** What a search finds: `who wrote it: id`. */
async function found(home: string, query: string, ...more: string[]): Promise<readonly string[]> {
  const outcome = await clinic.run(home, ["search", query, "--json", ...more]);
  expect(outcome.code, outcome.stderr).toBe(0);
  const matches = jsonLines(outcome).slice(0, -1) as { source: string; resource: { id: string } }[];
  return matches.map(({ source, resource }) => `${source}: ${resource.id}`).sort();
}

const EXPECTED = ["north: a1", "north: a3", "patient: a4", "south: a2", "south: c1"];

describe("a clinic comes in", () => {
  const lines = ndjson(CLINIC);
  const layouts: readonly (readonly [
    string,
    () => { args: string[]; input?: string | Uint8Array },
  ])[] = [
    ["as lines", () => ({ args: [file("clinic.ndjson", lines)] })],
    ["as a transaction", () => ({ args: [file("t.json", JSON.stringify(transaction(CLINIC)))] })],
    [
      "as pretty print, packed, under any name",
      () => ({
        args: [file("clinic.bin", gzipSync(JSON.stringify(transaction(CLINIC), null, 2)))],
      }),
    ],
    [
      "as several files, whatever their order",
      () => ({
        args: [
          file("observations.ndjson", ndjson(PRESSURES)),
          file("rest.ndjson", ndjson(CLINIC.filter((one) => !PRESSURES.includes(one)))),
        ],
      }),
    ],
    ["from standard input", () => ({ args: ["-"], input: lines })],
    ["from standard input, packed", () => ({ args: ["-"], input: gzipSync(lines) })],
  ];

  it.each(layouts)("%s", async (_, layout) => {
    const home = await fresh();
    const { args, input } = layout();
    const options = input === undefined ? {} : { input };
    const outcome = await clinic.run(home, ["import", ...args, "--json"], options);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(jsonLines(outcome)).toMatchObject([
      {
        taken: 14,
        stored: 10,
        providers: 4,
        assigned: { stated: 6, inferred: 1, patient: 3 },
        records: { Patient: 2, Encounter: 2, Observation: 6 },
        refused: { count: 0 },
        remarks: { count: 0 },
      },
    ]);
    expect(leftovers(clinic.path(home))).toEqual([]);
  });

  it("each at who made it, and comes a second time only where it changed", async () => {
    const home = await fresh();
    await clinic.run(home, ["import", "-"], { input: ndjson(CLINIC) });
    expect(await found(home, "Observation?code=8480-6")).toEqual(EXPECTED);
    const changed = CLINIC.map((one) =>
      one.id === "a3" ? pressure("a3", "ann", 99, "2020-03-09") : one,
    );
    const again = await clinic.run(home, ["import", "-"], { input: ndjson(changed) });
    expect(again.stderr).toContain("1 record stored, 9 there already");
    expect(await found(home, "Observation?value-quantity=99,144")).toEqual(["north: a3"]);
  });

  it("with what was learnt before of patients and providers", async () => {
    const home = await fresh();
    await clinic.run(home, ["import", "-"], { input: ndjson(CLINIC.slice(0, 8)) });
    const performer = (reference: string): object => ({ performer: [{ reference }] });
    const later = [
      pressure("z1", "ann", 131, "2022-01-01", performer("Organization/south")),
      pressure("z2", "ann", 132, "2022-01-01", performer("Organization/north-heart")),
      pressure("z3", "ann", 133, "2022-01-01", performer("Practitioner/bo")),
    ];
    await clinic.run(home, ["import", "-"], { input: ndjson(later) });
    const from = await found(home, "Observation", "--patient", "ann");
    expect(from).toEqual(["north: z2", "north: z3", "south: z1"]);
  });

  it("with the same said of who made it when it comes again", async () => {
    const home = await fresh();
    const north = { reference: "Organization/north" };
    const eve = { reference: "Practitioner/eve" };
    const input = ndjson([
      { resourceType: "Organization", id: "north", name: "North Hospital" },
      { resourceType: "Practitioner", id: "eve", name: [{ family: "Eve" }] },
      { resourceType: "Patient", id: "ann" },
      {
        ...{ resourceType: "Encounter", id: "v1", status: "finished" },
        ...{ subject: { reference: "Patient/ann" }, participant: [{ individual: eve }] },
        ...{ serviceProvider: north, period: { start: "2022-01-01T10:00:00Z" } },
      },
      pressure("z9", "ann", 131, "2022-01-02", { performer: [eve] }),
    ]);
    const first = await clinic.run(home, ["import", "-", "--json"], { input });
    const again = await clinic.run(home, ["import", "-", "--json"], { input });
    const assigned = { stated: 1, inferred: 1, patient: 1 };
    expect(jsonLines(first)).toMatchObject([{ stored: 3, assigned }]);
    expect(jsonLines(again)).toMatchObject([{ stored: 0, unchanged: 3, assigned }]);
  });

  it("with the medications and places that its records mention, in each of them", async () => {
    const home = await fresh();
    const order = (id: string, patient: string): object => ({
      resourceType: "MedicationRequest",
      id,
      status: "active",
      intent: "order",
      subject: { reference: `Patient/${patient}` },
      medicationReference: { reference: "Medication/m" },
    });
    const medication = { resourceType: "Medication", id: "m", code: { text: "Aspirin" } };
    const unused = { ...medication, id: "unused" };
    const orders = [order("o1", "ann"), order("o2", "Carl.2")];
    const input = ndjson([medication, unused, ...PATIENTS, ...orders]);
    const outcome = await clinic.run(home, ["import", "-", "--json"], { input });
    expect(jsonLines(outcome)[0]).toMatchObject({
      records: { Medication: 2 },
      refused: { kinds: { "no-patient": 1 }, list: [{ id: "unused" }] },
    });
    expect(await found(home, "Medication", "--patient", "ann")).toEqual(["patient: m"]);
  });

  it("with inferences marked, and the tree of providers published", async () => {
    const home = await fresh();
    await clinic.run(home, ["import", "-"], { input: ndjson(CLINIC) });
    const outcome = await clinic.run(home, ["search", "Observation?_id=a3", "--json"]);
    expect(jsonLines(outcome)[0]).toMatchObject({ assigned: "inferred", name: "North Hospital" });
    const tree = await clinic.run(home, ["provider"]);
    expect(tree.stdout).toBe(
      [
        "North Hospital  [north]",
        "└─ Heart Unit  [north-heart]",
        "   └─ Bo Ek  [bo]",
        "South Hospital  [south]",
        "",
      ].join("\n"),
    );
  });

  it("into vaults whose dates have no order at the cloud, when that is asked for", async () => {
    const home = await fresh();
    const args = ["import", "-", "--policy", "sealed-only"];
    await clinic.run(home, args, { input: ndjson(CLINIC) });
    const shown = await clinic.run(home, ["show", "--patient", "ann", "--json"]);
    expect(jsonLines(shown)).toMatchObject([{ policy: "sealed-only" }]);
    const inspected = await clinic.run(home, ["inspect", "--patient", "ann", "--limit", "0"]);
    expect(inspected.stdout).toMatch(/index rows? of kind sealed/);
    expect(inspected.stdout).not.toContain("of kind ordered");
    const query =
      "Observation?date=ge2020-03-02&date=lt2021-01-01&value-quantity=gt130&_sort=-date";
    expect(await found(home, query)).toEqual(["north: a3", "patient: a4"]);
  });
});

describe("what cannot be taken", () => {
  const ann = PATIENTS[0] as object;
  const faults: readonly (readonly [string, object])[] = [
    [`{"resourceType":`, { kind: "not-json" }],
    [`{"resourceType":"Toaster","id":"t"}`, { kind: "unknown-type", type: "Toaster", id: "t" }],
    [`{"id":"t"}`, { kind: "not-a-resource" }],
    [`{"resourceType":"Patient","id":"a b"}`, { kind: "bad-id", type: "Patient" }],
    [`{"resourceType":"Observation","id":"x"}`, { kind: "no-patient", id: "x" }],
    [
      JSON.stringify(
        pressure("x", "", 1, "2020-01-01", { subject: { reference: "Patient?identifier=a|9" } }),
      ),
      { kind: "unknown-patient", id: "x" },
    ],
    [
      JSON.stringify(pressure("x", "ann", 120, "the day after")),
      { kind: "bad-date", path: "effectiveDateTime" },
    ],
    [
      JSON.stringify(pressure("x", "ann", "high" as unknown as number, "2020-01-01")),
      { kind: "not-a-number", path: "valueQuantity" },
    ],
    [JSON.stringify(pressure("ok", "ann", 121, "2020-01-01")), { kind: "duplicate-id", id: "ok" }],
    [
      JSON.stringify({ resourceType: "Bundle", type: "history", entry: [] }),
      { kind: "unsupported-bundle" },
    ],
  ];

  it("is named with its place and reason, and costs nothing else", async () => {
    const home = await fresh();
    const good = ["ok", "last"].map((id) => JSON.stringify(pressure(id, "ann", 120, "2020-01-01")));
    const bad = faults.map(([line]) => line);
    const input = [JSON.stringify(ann), good[0], ...bad, good[1]].join("\n");
    const outcome = await clinic.run(home, ["import", "-", "--json"], { input });
    expect(outcome.code).toBe(1);
    const [report] = jsonLines(outcome) as unknown as [{ refused: { list: Refused[] } }];
    expect(report).toMatchObject({ taken: 3, refused: { count: faults.length } });
    for (const [at, [line, expected]] of faults.entries()) {
      const refused = report.refused.list.find(({ place }) => place.line === at + 3);
      expect(refused, line).toMatchObject(expected);
    }
    expect(outcome.stderr).toContain("standard input:9: Observation/x bad-date effectiveDateTime");
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
    const kept = ["patient: last", "patient: ok"];
    expect(await found(home, "Observation?value-quantity=120,121")).toEqual(kept);
  });

  it("is not a unit that nobody knows: it is taken, with a remark", async () => {
    const home = await fresh();
    const odd = pressure("odd", "ann", 3, "2020-01-01", {
      valueQuantity: { value: 3, system: "http://unitsofmeasure.org", code: "furlong" },
    });
    const outcome = await clinic.run(home, ["import", "-", "--json"], {
      input: ndjson([ann, odd]),
    });
    expect(outcome.code).toBe(0);
    const remarks = {
      kinds: { "unknown-unit": 1 },
      list: [{ id: "odd", path: "valueQuantity" }, {}],
    };
    expect(jsonLines(outcome)[0]).toMatchObject({ taken: 2, refused: { count: 0 }, remarks });
    expect(await found(home, "Observation?value-quantity=3||furlong")).toEqual(["patient: odd"]);
  });

  it("is an archive that ends too early: what came before is taken", async () => {
    const many = [ann, ...Array.from({ length: 400 }, (_, at) => noisy(at))];
    const packed = gzipSync(ndjson(many));
    const outcome = await clinic.run(await fresh(), ["import", "-", "--json"], {
      input: packed.subarray(0, packed.length - 900),
    });
    expect(outcome.code).toBe(1);
    const [report] = jsonLines(outcome) as unknown as [{ taken: number; refused: object }];
    expect(report.refused).toMatchObject({ kinds: { "damaged-gzip": 1 } });
    expect(report.taken).toBeGreaterThan(100);
  });
});

interface Refused {
  readonly place: { readonly line: number };
}

/** A record that packs badly, so that a cut archive loses few. */
function noisy(at: number): object {
  let state = at + 1;
  const noise = Array.from({ length: 64 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state.toString(36);
  });
  return pressure(`n${at}`, "ann", 100 + (at % 80), "2020-01-01", {
    note: [{ text: noise.join("") }],
  });
}
