import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { get } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localCertificate, readCertificate, readToken } from "../src/access/index.ts";
import { openServer } from "../src/http/server.ts";

// Goal: what a gateway is started with is read, made and kept as it is meant, and what is not fit is refused in words.
// Method: a folder of its own; a server that shows what was made, and a client that trusts nothing else.

const NOW = Date.now();
const DAY_MS = 86_400_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "salus-doors-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a local token", () => {
  const good = "0123456789abcdef";

  it("comes from the command, a file or the environment, in this order", async () => {
    const file = join(folder, "token");
    await writeFile(file, `${good}-of-a-file\n`);
    expect(await readToken({})).toEqual({ ok: true, value: undefined });
    const all = { given: good, file, environment: `${good}-of-environment` };
    expect(await readToken(all)).toMatchObject({ value: good });
    expect(await readToken({ ...all, given: undefined })).toMatchObject({
      value: `${good}-of-a-file`,
    });
    expect(await readToken({ environment: good })).toMatchObject({ value: good });
  });

  it.each([
    ["somebody would guess", { given: "secret" }],
    ["no header can carry", { given: `${good} ` }],
    ["is in no file", { file: "/nowhere/at/all" }],
    ["is empty", { environment: "" }],
  ])("that %s is refused", async (_, sources) => {
    expect(await readToken(sources)).toMatchObject({ ok: false, error: { kind: "bad-token" } });
  });
});

describe("a certificate of its own", () => {
  it("is believed by whoever was given it, for this machine's names, and signs no other", async () => {
    const made = must(await localCertificate(folder, "127.0.0.1", NOW));
    const read = new X509Certificate(made.certificate);
    expect([read.ca, read.checkHost("localhost"), read.checkHost("salus.example")]).toEqual([
      false,
      "localhost",
      undefined,
    ]);
    const server = openServer({ log: { write: () => undefined }, tls: made });
    server.get("/", async () => "here");
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const ask = (ca?: string): Promise<unknown> =>
      new Promise((resolve) => {
        get({ host: "127.0.0.1", port, ...(ca && { ca }), agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).on("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
      });
    expect(await ask(made.certificate)).toBe(200);
    expect(await ask()).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/);
    await server.close();
  });

  it("is kept where nobody else reads it, until it is about to end or lacks a name", async () => {
    const first = must(await localCertificate(folder, "127.0.0.1", NOW));
    const { mode } = await stat(join(folder, "gateway-certificate.json"));
    expect(mode & 0o077).toBe(0);
    expect(await localCertificate(folder, "127.0.0.1", NOW + DAY_MS)).toMatchObject({
      value: first,
    });
    const other = must(await localCertificate(folder, "192.0.2.77", NOW));
    expect(new X509Certificate(other.certificate).checkIP("192.0.2.77")).toBe("192.0.2.77");
    const later = must(await localCertificate(folder, "192.0.2.77", NOW + 390 * DAY_MS));
    expect(later.certificate).not.toBe(other.certificate);
  });

  it("is made anew where the file was cut off", async () => {
    const path = join(folder, "gateway-certificate.json");
    await writeFile(path, (await readFile(path, "utf8")).slice(0, 40));
    expect(await localCertificate(folder, "127.0.0.1", NOW)).toMatchObject({ ok: true });
  });

  it("is refused in words where the folder cannot be written", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    expect(await localCertificate(join(file, "below"), "127.0.0.1", NOW)).toMatchObject({
      error: { kind: "no-certificate" },
    });
  });
});

it("takes a certificate of somebody else, and refuses what is none", async () => {
  const made = must(await localCertificate(folder, "127.0.0.1", NOW));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await writeFile(cert, made.certificate);
  await writeFile(key, made.key);
  expect(await readCertificate(cert, key)).toEqual({ ok: true, value: made });
  expect(await readCertificate(key, cert)).toMatchObject({ error: { kind: "no-certificate" } });
});
