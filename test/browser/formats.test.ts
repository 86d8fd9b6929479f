import { fromHex, toHex } from "@salus/base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../packages/crypto/test/checks/all.ts";
import { type Loopback, openPage } from "./chromium.ts";
import { type Parcel, pack, unpack } from "./parcel.ts";
import type { Question, Verdicts } from "./worker.ts";

// Goal: a browser's worker makes and reads the same bytes as Node.
// Method: Debian's Chromium, under the content security policy of the web app, runs every check of
// every format; then each side reads what the other packed with its own randomness.

let loopback: Loopback;

beforeAll(async () => {
  loopback = await openPage("worker.ts");
});

afterAll(async () => {
  await loopback.close();
});

describe("a worker in Chromium", () => {
  it("passes every check of every format that Node passes", async () => {
    const { counts, failures } = (await ask({ kind: "check" })) as Verdicts;
    expect(failures).toEqual([]);
    expect(counts).toEqual(Object.fromEntries(formats.map(([name, { length }]) => [name, length])));
  });

  it("reads what Node packed, as Node does", async () => {
    const parcel = await pack();
    expect(await ask({ kind: "unpack", parcel })).toEqual(await unpack(parcel));
  });

  it("packs what Node reads, as it does itself", async () => {
    const parcel = (await ask({ kind: "pack" })) as Parcel;
    expect(await unpack(parcel)).toEqual(await ask({ kind: "unpack", parcel }));
  });

  it("says so when what it reads was changed on the way", async () => {
    const parcel = await pack();
    const envelope = parcel.envelope.slice();
    envelope[300] = (envelope[300] as number) ^ 1;
    await expect(ask({ kind: "unpack", parcel: { ...parcel, envelope } })).rejects.toThrow(
      "unreadable",
    );
  });
});

/** Ask the worker. Byte strings cross to the page as hexadecimal: what crosses there is JSON. */
async function ask(question: Question): Promise<unknown> {
  const answer = await loopback.page.evaluate(inPage, JSON.stringify(question, plain));
  const { value, error } = JSON.parse(answer, revived) as { value?: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}

/** Runs in the page: nothing of this module is in scope there. */
async function inPage(question: string): Promise<string> {
  const scope = globalThis as unknown as { worker?: Worker };
  scope.worker ??= new Worker("/worker.js", { type: "module" });
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<unknown>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
  });
  const fromText = (_: string, value: unknown): unknown => {
    const hex = (value as { hex?: string } | null)?.hex;
    if (typeof hex !== "string") return value;
    return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  };
  const toText = (_: string, value: unknown): unknown => {
    if (!(value instanceof Uint8Array)) return value;
    return { hex: Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("") };
  };
  scope.worker.postMessage(JSON.parse(question, fromText), [port2]);
  return JSON.stringify(await answered, toText);
}

function plain(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { hex: toHex(value) } : value;
}

function revived(_: string, value: unknown): unknown {
  const hex = (value as { hex?: string } | null)?.hex;
  if (typeof hex !== "string") return value;
  const bytes = fromHex(hex);
  return bytes.ok ? bytes.value : value;
}
