import { createHmac } from "node:crypto";
import { request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClient } from "../src/access/client.ts";
import { type AccessOptions, exposureFault, guard, OPEN } from "../src/access/index.ts";
import { allows, grantedScopes } from "../src/access/scopes.ts";
import { openServer } from "../src/http/server.ts";

// Goal: nobody is answered but whoever may ask, and whoever is believed is believed for what she signed, once.
// Method: the guard before one route of a real server; assertions with one fault each; a clock that the test turns.

const servers: FastifyInstance[] = [];
const T0 = Date.UTC(2026, 0, 1);
let now = T0;

/** A guarded server whose one route says whether its caller may read patients. */
async function guarded(options: Partial<AccessOptions>): Promise<string> {
  const server = openServer({ log: { write: () => undefined }, tls: undefined });
  servers.push(server);
  let base = "";
  await server.register(
    async (fhir) => {
      guard(fhir, { ...options, base: () => base, now: () => now });
      fhir.get("/metadata", { config: OPEN }, async () => ({ open: true }));
      fhir.options("/*", async () => ({}));
      fhir.get("/Patient", async ({ caller }) => ({
        who: caller.client ?? null,
        reads: caller.may("read", "Patient"),
        writes: caller.may("update", "Patient"),
        observations: caller.may("search", "Observation"),
      }));
    },
    { prefix: "/fhir" },
  );
  await server.listen({ host: "127.0.0.1", port: 0 });
  base = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/fhir`;
  return base;
}

afterAll(() => Promise.all(servers.map((server) => server.close())));

/** As `fetch`, with headers that it does not let a program set. */
function statusWith(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = ask(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end();
  });
}

describe("on the loopback address without a token", () => {
  let base: string;
  beforeAll(async () => {
    base = await guarded({ hosts: ["fhir.example"], origins: ["https://app.example"] });
  });

  it("answers programs of this machine", async () => {
    const answer = await fetch(`${base}/Patient`);
    expect(await answer.json()).toMatchObject({ who: null, reads: true, writes: true });
  });

  it.each([
    ["its address", "127.0.0.1:80", 200],
    ["a name that it was given", "fhir.example", 200],
    ["localhost", "localhost:8090", 200],
    ["a name of somebody else that points here", "evil.example", 403],
    ["a name that only begins like ours", "localhost.evil.example", 403],
  ])("asked under %s answers as it should (DNS rebinding)", async (_, host, status) => {
    expect(await statusWith(`${base}/Patient`, { host })).toBe(status);
    expect(await statusWith(`${base}/metadata`, { host })).toBe(status);
  });

  it.each([
    ["a page of somebody else", { origin: "https://evil.example" }, 403],
    ["a page in a file or a frame without origin", { origin: "null" }, 403],
    ["a page that was let in", { origin: "https://app.example" }, 200],
    ["an image on a page of somebody else", { "sec-fetch-site": "cross-site" }, 403],
    ["a page on another port of this machine", { "sec-fetch-site": "same-site" }, 403],
    ["somebody who types the address", { "sec-fetch-site": "none" }, 200],
  ])("asked by %s answers as it should", async (_, headers, status) => {
    expect(await statusWith(`${base}/Patient`, headers as Record<string, string>)).toBe(status);
  });

  it("lets a page that was let in read answers, and others not", async () => {
    const preflight = await fetch(`${base}/Patient`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": "PUT" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    const other = await fetch(`${base}/Patient`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "PUT" },
    });
    expect(other.status).toBe(403);
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("with a local token", () => {
  const TOKEN = "local-token-of-this-test";
  let base: string;
  beforeAll(async () => {
    base = await guarded({ token: TOKEN });
  });

  it.each([
    ["without one", undefined, 401, 'Bearer realm="salus"'],
    ["with another", `Bearer ${TOKEN}x`, 401, 'error="invalid_token"'],
    ["with a part of it", `Bearer ${TOKEN.slice(0, -1)}`, 401, 'error="invalid_token"'],
    ["with it as a password", `Basic ${btoa(`:${TOKEN}`)}`, 401, 'error="invalid_token"'],
    ["with it", `Bearer ${TOKEN}`, 200, ""],
  ])("asked %s answers as it should", async (_, authorization, status, challenge) => {
    const answer = await fetch(`${base}/Patient`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("www-authenticate") ?? "").toContain(challenge);
    if (status === 401) {
      expect(await answer.json()).toMatchObject({ resourceType: "OperationOutcome" });
    }
  });

  it("tells everybody what it can do, and has no tokens for programs", async () => {
    expect((await fetch(`${base}/metadata`)).status).toBe(200);
    expect((await fetch(`${base}/.well-known/smart-configuration`)).status).not.toBe(200);
  });

  it("takes no token from an address, which stands in logs", async () => {
    expect((await fetch(`${base}/Patient?access_token=${TOKEN}`)).status).toBe(401);
  });
});

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let base: string;
let url: string;
let ec: Keys;
let rsa: Keys;
let stranger: Keys;
let names = 0;

beforeAll(async () => {
  const make = (alg: string): Promise<Keys> => generateKeyPair(alg, { extractable: true });
  [ec, rsa, stranger] = await Promise.all([make("ES384"), make("RS384"), make("ES384")]);
  const keys = [
    { ...(await exportJWK(ec.publicKey)), kid: "ec", alg: "ES384" },
    { ...(await exportJWK(rsa.publicKey)), kid: "rsa" },
  ];
  const scope = "system/Patient.rs system/Observation.read";
  const clients = await Promise.all(
    ["lab", "other"].map((id) => readClient({ client_id: id, scope, jwks: { keys } }, ".")),
  );
  base = await guarded({ clients: clients.flatMap((one) => (one.ok ? [one.value] : [])) });
  url = `${base}/token`;
});

const seconds = (): number => Math.floor(now / 1000);

/** What a test changes; a claim that is undefined is left out. */
type Claims = { readonly [Name in keyof JWTPayload]: JWTPayload[Name] | undefined };

/** A sound assertion, but for what a test changes. */
function assertion(
  claims: Claims = {},
  header: Record<string, unknown> = {},
  key: Keys["privateKey"] = header.alg === "RS384" ? rsa.privateKey : ec.privateKey,
): Promise<string> {
  names += 1;
  const sound = { iss: "lab", sub: "lab", aud: url, exp: seconds() + 60, jti: `jti-${names}` };
  const whole = Object.fromEntries(
    Object.entries({ ...sound, ...claims }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(whole)
    .setProtectedHeader({ alg: "ES384", kid: "ec", typ: "JWT", ...header })
    .sign(key);
}

function exchange(client_assertion: string, fields: Record<string, string> = {}) {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    scope: "system/Patient.rs",
    client_assertion,
    ...fields,
  });
  now += 2000; // The endpoint refills its patience by a half each second.
  return fetch(url, { method: "POST", body });
}

describe("SMART Backend Services", () => {
  it("are described where clients look", async () => {
    const answer = await fetch(`${base}/.well-known/smart-configuration`);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(await answer.json()).toMatchObject({
      token_endpoint: url,
      token_endpoint_auth_methods_supported: ["private_key_jwt"],
      token_endpoint_auth_signing_alg_values_supported: ["RS384", "ES384"],
    });
  });

  it.each(["ES384", "RS384"])("give a token for an assertion by %s", async (alg) => {
    const signed = await assertion({}, { alg, kid: alg === "ES384" ? "ec" : "rsa" });
    const answer = await exchange(signed, { scope: "system/*.read system/Patient.cruds nonsense" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const granted = (await answer.json()) as Record<string, string>;
    expect(granted).toMatchObject({ token_type: "bearer", expires_in: 300 });
    expect(granted.scope).toBe("system/Patient.rs system/Observation.rs");
    const asked = () =>
      fetch(`${base}/Patient`, { headers: { authorization: `Bearer ${granted.access_token}` } });
    const said = await (await asked()).json();
    expect(said).toEqual({ who: "lab", reads: true, writes: false, observations: true });
    now += 301_000;
    expect((await asked()).status).toBe(401);
  });

  it("refuse every assertion that is not sound, and say of each the same", async () => {
    const publicPem = await exportSPKI(ec.publicKey);
    const of = (claims: Claims) => () => assertion(claims);
    const by = (header: Record<string, unknown>, key?: Keys["privateKey"]) => () =>
      assertion({}, header, key);
    const forged = (header: object, tail: (head: string) => string) => async () => {
      const [, body] = (await assertion()).split(".");
      const head = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${body}`;
      return `${head}.${tail(head)}`;
    };
    const hmac = (head: string): string =>
      createHmac("sha256", publicPem).update(head).digest("base64url");
    const es256 = await generateKeyPair("ES256");
    const faults: Readonly<Record<string, () => Promise<string>>> = {
      "alg none": forged({ alg: "none", kid: "ec" }, () => ""),
      "the public key as a shared secret": forged({ alg: "HS256", kid: "ec" }, hmac),
      "an algorithm that SMART has not": by({ alg: "ES256" }, es256.privateKey),
      "one algorithm with the key of the other": by({ alg: "RS384", kid: "ec" }),
      "somebody else's key": by({}, stranger.privateKey),
      "a kid that is not registered": by({ kid: "unknown" }),
      "no kid": by({ kid: undefined }),
      "keys from an address in its header": by({ jku: "https://evil.example/jwks" }),
      "a key in its header": by({ jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
      "a client that is not registered": of({ iss: "nobody", sub: "nobody" }),
      "another client as its subject": of({ sub: "other" }),
      "no subject": of({ sub: undefined }),
      "another audience": of({ aud: "https://elsewhere.example/token" }),
      "the base as its audience": of({ aud: base }),
      "an audience with a slash more": of({ aud: `${url}/` }),
      "several audiences": of({ aud: [url, "https://elsewhere.example"] }),
      "no end": of({ exp: undefined }),
      "an end in the past": of({ exp: seconds() - 120 }),
      "an end in an hour": of({ exp: seconds() + 3600 }),
      "a beginning in the future": of({ nbf: seconds() + 600 }),
      "no name": of({ jti: undefined }),
      "a name without end": of({ jti: "x".repeat(10_000) }),
      "three dots": async () => "...",
      "prototype words": async () => "__proto__.constructor.toString",
    };
    const bodies = new Set<string>();
    for (const [fault, make] of Object.entries(faults)) {
      const answer = await exchange(await make());
      expect(answer.status, fault).toBe(401);
      bodies.add(await answer.text());
    }
    expect([...bodies]).toEqual(['{"error":"invalid_client"}']);
  });

  it("believe an assertion once, however often and fast it is shown", async () => {
    const signed = await assertion();
    const all = await Promise.all(Array.from({ length: 12 }, () => exchange(signed)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    now += 240_000;
    expect((await exchange(signed)).status).toBe(401);
  });

  it.each([
    ["another grant", { grant_type: "password" }, "unsupported_grant_type"],
    ["another kind of assertion", { client_assertion_type: "saml" }, "invalid_request"],
    ["no scope that it has", { scope: "system/Patient.c" }, "invalid_scope"],
    ["a scope of a person", { scope: "user/Patient.rs patient/*.read" }, "invalid_scope"],
    ["a part of a type", { scope: "system/Observation.rs?category=x" }, "invalid_scope"],
  ])("answer %s with its error", async (_, fields, error) => {
    const answer = await exchange(await assertion(), fields);
    expect([answer.status, await answer.json()]).toEqual([400, { error }]);
  });

  it("take a field once, and a form only", async () => {
    const twice = `grant_type=client_credentials&grant_type=client_credentials`;
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const sent = (body: string, headers: Record<string, string>) =>
      fetch(url, { method: "POST", body, headers }).then(({ status }) => status);
    expect(await sent(twice, form)).toBe(400);
    expect(await sent("{}", { "content-type": "application/json" })).toBe(400);
    expect(await sent(`a=${"x".repeat(70_000)}`, form)).toBe(413);
  });

  it("have patience with an address, and no more than that", async () => {
    const answers = [];
    for (let i = 0; i < 40; i += 1) {
      answers.push(await fetch(url, { method: "POST", body: new URLSearchParams({}) }));
    }
    expect(answers.at(-1)?.status).toBe(429);
    expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
    now += 60_000;
    expect((await exchange(await assertion())).status).toBe(200);
  });
});

describe("a registration", () => {
  const entry = async (change: object): Promise<unknown> => {
    const keys = [{ ...(await exportJWK(ec.publicKey)), kid: "ec" }];
    return readClient({ client_id: "a", scope: "system/*.rs", jwks: { keys }, ...change }, ".");
  };

  it.each([
    ["a scope that is not kept", { scope: "system/Patient.rs?_id=1" }],
    ["a scope of version 2 in the wrong order", { scope: "system/Patient.sr" }],
    ["no scope", { scope: " " }],
    ["no keys", { jwks: { keys: [] } }],
    ["a key that is none", { jwks: { keys: [{ kty: "EC", crv: "P-384", kid: "a", x: "AA" }] } }],
    ["a shared secret", { jwks: { keys: [{ kty: "oct", k: "c2VjcmV0", kid: "a" }] } }],
    ["a file that is not there", { jwks_file: "nowhere.json" }],
    ["no name", { client_id: undefined }],
  ])("with %s is refused in words", async (_, change) => {
    expect(await entry(change)).toMatchObject({ ok: false, error: { kind: "bad-clients" } });
  });

  it("with a private key is refused: it must not stand in one more file", async () => {
    const keys = [{ ...(await exportJWK(ec.privateKey)), kid: "ec" }];
    expect(await entry({ jwks: { keys } })).toMatchObject({
      error: { problem: expect.stringContaining("private") },
    });
  });
});

it.each([
  ["system/Patient.read", ["system/*.cruds"], ["system/Patient.read"]],
  ["system/*.*", ["system/Patient.rs"], ["system/Patient.rs"]],
  ["system/Patient.write", ["system/Patient.cu"], ["system/Patient.cu"]],
  ["system/Patient.rs", ["system/Observation.rs"], []],
  ["system/Patient.", ["system/*.cruds"], []],
  ["system/patient.rs", ["system/*.cruds"], []],
])("of %s a client that has %j gets %j", (asked, registered, granted) => {
  expect(grantedScopes(asked, registered)).toEqual(granted);
});

it("lets nobody see every type who may see some", () => {
  expect(allows(["system/Patient.rs"], "search", "*")).toBe(false);
  expect(allows(["system/*.r"], "search", "*")).toBe(false);
  expect(allows(["system/*.rs"], "search", "*")).toBe(true);
});

it.each([
  ["127.0.0.1", false, false, true],
  ["::1", false, false, true],
  ["0.0.0.0", true, false, false],
  ["0.0.0.0", false, true, false],
  ["192.168.1.2", true, true, true],
  ["127.0.0.1.evil.example", false, false, false],
])("listens on %s with TLS %s and authentication %s: %s", (host, tls, authenticated, may) => {
  expect(exposureFault({ host, tls, authenticated }) === undefined).toBe(may);
});
