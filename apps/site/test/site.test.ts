import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../src/settings.ts";
import { ask, startTestSite, type TestSite } from "./harness.ts";

// Goal: the site answers only under its own names, says what it is a site of, counts reports without keeping them, clears
// a browser only for its own pages, and is not opened to a network without TLS.
// Method: a site, asked by pages of its own and of others; settings in good and bad order.

let site: TestSite;
let folder: string;
let demo: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "salus-demo-"));
  demo = join(folder, "demo.json");
  const trust = { authorities: ["ab".repeat(32)], authoritiesNeeded: 1 };
  site = await startTestSite({ demo, ...trust, origins: ["http://people.example"] });
});
afterAll(async () => {
  await site.close();
  await rm(folder, { recursive: true });
});

describe("a name", () => {
  it.each(["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:80", "192.168.7.9", hostname()])(
    "%s, of this machine, is answered to",
    async (host) => {
      expect((await ask(site.url, "/", { headers: { host } })).status).toBe(200);
    },
  );

  it("that the site was given is answered to", async () => {
    const headers = { host: "people.example" };
    expect((await ask(site.url, "/v1x", { headers })).status).toBe(200);
  });

  it.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "a b",
    "@localhost",
  ])("%s, of somebody else, gets nothing", async (host) => {
    for (const path of ["/", "/site.json", "/demo.json", "/v1/cloud"]) {
      const { status, body } = await ask(site.url, path, { headers: { host } });
      expect([status, JSON.parse(String(body)).status]).toEqual([421, 421]);
    }
  });

  it("that no passkey can belong to leads a browser to one that it can", async () => {
    const navigation = { headers: { "sec-fetch-mode": "navigate" } };
    const { port } = new URL(site.url);
    const led = await ask(site.url, "/sign-in?a=b", navigation);
    expect([led.status, led.headers.location]).toEqual([
      ...[307, `http://localhost:${port}/sign-in?a=b`],
    ]);
    expect((await ask(site.url, "/sign-in")).status).toBe(200);
  });
});

describe("what is said of the site", () => {
  it("is where the services are and whom to believe", async () => {
    const { headers, body } = await ask(site.url, "/site.json");
    expect(headers["content-type"]).toMatch(/^application\/json/);
    expect(JSON.parse(String(body))).toEqual({
      cloud: "/",
      directory: "/directory/",
      authorities: ["ab".repeat(32)],
      authoritiesNeeded: 1,
      demo: true,
      version: "1.2.3",
    });
  });

  it("is who the people of a demo are, once they are there", async () => {
    expect((await ask(site.url, "/demo.json")).status).toBe(404);
    await writeFile(demo, `{"people":[]}`);
    expect(String((await ask(site.url, "/demo.json")).body)).toBe(`{"people":[]}`);
  });

  it("is nothing of people where there is no demo", async () => {
    const real = await startTestSite();
    expect((await ask(real.url, "/demo.json")).status).toBe(404);
    expect(JSON.parse(String((await ask(real.url, "/site.json")).body)).demo).toBe(false);
    await real.close();
  });
});

describe("a report of a browser", () => {
  const report = (body: string, type = "application/reports+json"): ReturnType<typeof ask> =>
    ask(site.url, "/csp-reports", { method: "POST", headers: { "content-type": type }, body });

  it("is counted, and nothing that it says is kept", async () => {
    const secret = "haemoglobin 7.1";
    expect((await report(`[{"body":{"sample":"${secret}"}}]`)).status).toBe(204);
    expect((await report("{}", "application/csp-report")).status).toBe(204);
    expect(JSON.parse(String((await ask(site.url, "/csp-reports")).body))).toEqual({ count: 2 });
    const noted = site.log.filter((line) => line.includes("csp-report"));
    expect(noted.some((line) => line.includes(`"count":2`))).toBe(true);
    expect(site.log.join("")).not.toContain("haemoglobin");
  });

  it("that is none, or too long, is refused", async () => {
    expect((await report("{}", "text/plain")).status).toBe(400);
    expect((await report("x".repeat(65_537))).status).toBe(413);
    const elsewhere = { headers: { "x-forwarded-for": "10.0.0.1" } };
    expect((await ask(site.url, "/csp-reports", elsewhere)).status).toBe(404);
  });
});

describe("leaving", () => {
  it("clears what the browser kept of answers for its own page, and for no other", async () => {
    const from = (origin: string | undefined): ReturnType<typeof ask> => {
      const headers = origin ? { "sec-fetch-site": origin } : {};
      return ask(site.url, "/signed-out", { method: "POST", headers });
    };
    const own = await from("same-origin");
    expect([own.status, own.headers["clear-site-data"]]).toEqual([204, '"cache"']);
    for (const other of ["cross-site", "same-site", "none", undefined]) {
      const { status, headers } = await from(other);
      expect([status, headers["clear-site-data"]]).toEqual([403, undefined]);
    }
  });
});

describe("a document that was shared before the application could take it", () => {
  it("is not kept, and the page says so", async () => {
    const body = "haemoglobin".repeat(100);
    const { status, headers } = await ask(site.url, "/import", { method: "POST", body });
    expect([status, headers.location]).toEqual([303, "/import?again"]);
    expect(site.log.join("")).not.toContain("haemoglobin");
  });
});

describe("the log", () => {
  it("has routes and no paths", async () => {
    await ask(site.url, "/item/4f0c9a");
    await ask(site.url, "/v1/vaults/4f0c9a/chain");
    expect(site.log.join("")).toContain(`"route":"/v1/*"`);
    expect(site.log.join("")).not.toContain("4f0c9a");
  });
});

describe("settings", () => {
  const SERVICES = ["--cloud", "http://127.0.0.1:1", "--directory", "http://127.0.0.1:2"];
  const read = (args: readonly string[], env = {}): unknown =>
    readSettings([...SERVICES, ...args], env, "/opt/salus");
  const refused = expect.objectContaining({ kind: "bad-option" });

  it("have their usual values", () => {
    expect(read([])).toMatchObject({
      ...{ host: "127.0.0.1", port: 8080, files: "/opt/salus/web", data: ".data/site" },
      ...{ tls: false, demo: undefined, authorities: [], origins: [] },
    });
  });

  it.each(["0.0.0.0", "::", "192.168.1.5", "laptop.local"])(
    "do not open %s to others without TLS",
    (host) => {
      expect(() => read(["--host", host])).toThrow(refused);
      expect(read(["--host", host, "--tls"])).toMatchObject({ host, tls: true });
      const env = { WEB_ORIGIN: "https://salus.example" };
      expect(read(["--host", host], env)).toMatchObject({ host, origins: [env.WEB_ORIGIN] });
      expect(() => read(["--host", host], { WEB_ORIGIN: "http://a.example" })).toThrow(refused);
    },
  );

  it.each([
    ["no cloud", ["--cloud", ""], {}],
    ["a cloud that is no address", ["--cloud", "file:///etc/passwd"], {}],
    ["a port that is none", ["--port", "70000"], {}],
    ["an origin with a path", [], { WEB_ORIGIN: "https://salus.example/a" }],
    ["an authority that is no key", [], { AUTHORITIES: "abc" }],
    ["more authorities needed than there are", [], { AUTHORITIES_NEEDED: "2" }],
  ])("are refused with %s", (_, args, env) => {
    expect(() => read(args, env)).toThrow(refused);
  });
});

describe("the certificate", () => {
  it("is this machine's, kept, and signed by an authority that can sign no other", async () => {
    const { localCertificate } = await import("../src/tls/certificate.ts");
    const now = Date.now();
    const made = await localCertificate(folder, now);
    const kept = await localCertificate(folder, now);
    expect([made.fresh, kept.fresh, kept.fingerprint]).toEqual([true, false, made.fingerprint]);
    const file = join(folder, "certificate.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, "utf8");
    expect(text.match(/BEGIN PRIVATE KEY/g)).toHaveLength(1);
    const { X509Certificate, createPrivateKey } = await import("node:crypto");
    const [leaf = "", root = ""] = made.chain.split(/(?<=-----END CERTIFICATE-----)\s+/);
    const [certificate, authority] = [new X509Certificate(leaf), new X509Certificate(root)];
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
    expect(authority.checkPrivateKey(createPrivateKey(made.key))).toBe(false);
    expect([certificate.ca, authority.ca]).toEqual([false, true]);
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkHost("salus.example")).toBeUndefined();
    const year = 365 * 86_400_000;
    expect((await localCertificate(folder, now + year + 20 * 86_400_000)).fresh).toBe(true);
  });

  it("makes a site that who trusts it reaches by TLS", async () => {
    const { localCertificate } = await import("../src/tls/certificate.ts");
    const certificate = await localCertificate(folder, Date.now());
    const secure = await startTestSite({ certificate });
    const { port } = new URL(secure.url);
    const { get } = await import("node:https");
    const fetched = (ca?: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const options = { host: "127.0.0.1", port, servername: "localhost", path: "/ca.crt", ca };
        get(options, (answer) => answer.on("data", resolve)).on("error", reject);
      });
    expect(String(await fetched(certificate.authority))).toBe(certificate.authority);
    await expect(fetched()).rejects.toThrow(/self-signed/);
    expect(secure.url).toMatch(/^https:\/\/localhost:/);
    await secure.close();
  });
});
