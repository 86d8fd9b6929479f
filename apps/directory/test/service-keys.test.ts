import { createCipheriv, hkdfSync } from "node:crypto";
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeTuple } from "@salus/base";
import { readSigned, verifySigned } from "@salus/evaluate";
import { encodeMessage } from "@salus/protocol";
import { newSigner } from "@salus/testkit/asker";
import { scratch } from "@salus/testkit/database";
import { ready } from "@serenity-kit/opaque";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startDirectory } from "../src/directory.ts";
import { loadServiceKeys, type SealedPlace, systemRandom } from "../src/service-keys.ts";
import { startTestDirectory, type TestDirectory } from "./harness.ts";
import { hex, Person } from "./person.ts";

// Goal: the directory's own keys are made once, are nobody else's to read, and are told from others
// before anything is done with them; what is lost with them is lost, and a phrase still works.
// Method: files in a scratch folder; a directory whose file is taken away.

beforeAll(() => ready);

describe("a file of service keys", () => {
  let folder: ReturnType<typeof scratch>;
  let file: string;
  beforeEach(() => {
    folder = scratch();
    file = join(folder.path, "keys", "service-keys.json");
  });
  afterEach(() => folder.remove());

  it("is made once, for its owner alone", () => {
    const made = loadServiceKeys(file).fingerprints("here");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadServiceKeys(file).fingerprints("here")).toEqual(made);
    expect(loadServiceKeys(file).fingerprints("there")).not.toEqual(made);
  });

  it("gets the key that a later release needs, and keeps the others", () => {
    const made = loadServiceKeys(file).fingerprints("here");
    const { log, ...others } = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify(others));
    const again = loadServiceKeys(file).fingerprints("here");
    const differ = again.filter(({ hash }, at) => hex(hash) !== hex(made[at]?.hash ?? hash));
    expect(differ.map(({ name }) => name)).toEqual(["log"]);
    expect(JSON.parse(readFileSync(file, "utf8")).log).not.toBe(log);
  });

  it("that others may read is refused", () => {
    loadServiceKeys(file);
    chmodSync(file, 0o640);
    expect(() => loadServiceKeys(file)).toThrow(/chmod 600/);
  });

  it.each(["", "[]]", '{"other":"AAAA"}', '{"pepper":"AAAA"}', '{"pepper":1}'])(
    "that holds %s is refused, and left as it is",
    (text) => {
      loadServiceKeys(file);
      writeFileSync(file, text);
      expect(() => loadServiceKeys(file)).toThrow(/no file of service keys/);
      expect(readFileSync(file, "utf8")).toBe(text);
    },
  );
});

describe("service keys", () => {
  const folder = scratch();
  const keys = loadServiceKeysIn(folder.path);
  afterAll(() => folder.remove());
  const place: SealedPlace = { purpose: "totp", owner: new Uint8Array(16) };

  it("open what they sealed where it was sealed, and nowhere else", () => {
    const sealed = keys().seal(place, new Uint8Array([1, 2, 3]), systemRandom);
    expect(keys().open(place, sealed)).toEqual(new Uint8Array([1, 2, 3]));
    expect(() => keys().open({ ...place, purpose: "phone" }, sealed)).toThrow();
    expect(() => keys().open({ ...place, owner: new Uint8Array(16).fill(1) }, sealed)).toThrow();
    expect(() => keys().open(place, sealed.with(13, (sealed[13] as number) ^ 1))).toThrow();
  });

  it("open what was sealed under the HKDF of the platform", () => {
    keys();
    const { sealing } = JSON.parse(readFileSync(join(folder.path, "service-keys.json"), "utf8"));
    const info = encodeTuple("salus/sealing", place.purpose, place.owner);
    const secret = Buffer.from(sealing, "base64url");
    const key = new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), info, 32));
    const cipher = createCipheriv("aes-256-gcm", key, new Uint8Array(12));
    const text = Buffer.concat([cipher.update("said"), cipher.final()]);
    const sealed = Buffer.concat([new Uint8Array(12), text, cipher.getAuthTag()]);
    expect(Buffer.from(keys().open(place, sealed)).toString()).toBe("said");
  });

  it("name things by purpose", () => {
    const value = new Uint8Array(32);
    expect(keys().pepper("login", value)).not.toEqual(keys().pepper("guess", value));
    expect(keys().pepper("login", value)).not.toEqual(keys().decoy("login", value));
  });

  it("sign checkpoints that the strict verifier takes", () => {
    const payload = { log: "here", size: 0, root: new Uint8Array(32), time: 1 };
    const signed = keys().log.sign("checkpoint", encodeMessage(payload));
    const verified = verifySigned("checkpoint", signed);
    expect(verified.ok && hex(verified.value.signer)).toBe(hex(keys().log.key));
    expect(readSigned("capability", signed)).toMatchObject({ ok: false });
  });
});

describe("a database without its keys", () => {
  let directory: TestDirectory;
  beforeAll(async () => {
    directory = await startTestDirectory();
  });
  afterAll(() => directory.stop());

  it("has no login, no authenticator and no tag in the clear", async () => {
    const person = new Person(directory, "planted@example.org");
    await person.signUp();
    await person.addTotp();
    await person.prove(newSigner());
    await person.startSignUp(newSigner());
    const { client } = directory.database;
    const { rows: tables } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    );
    let all = "";
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      all += rows.map(({ row }) => row.replaceAll("-", "")).join("\n");
    }
    expect(person.totpSecret).toHaveLength(20);
    expect(all).toContain(hex(person.account.slice(0, 16))); // The sweep sees what is there.
    for (const secret of [person.login, person.totpSecret, person.phrase.recoveryTag]) {
      expect(all).not.toContain(hex(secret));
    }
  });
});

describe("a directory that lost its keys", () => {
  let directory: TestDirectory;
  let person: Person;
  beforeAll(async () => {
    directory = await startTestDirectory();
    person = new Person(directory, "forgotten@example.org");
    await person.signUp();
    await person.addTotp();
  });
  afterAll(() => directory.stop());

  it("does not start with others, and lets a phrase in when it is told to", async () => {
    const file = join(directory.database.folder, "service-keys.json");
    expect(existsSync(file)).toBe(true);
    rmSync(file);
    const { folder: data, url: database } = directory.database;
    const started = startDirectory({ data, database });
    await expect(started).rejects.toMatchObject({ kind: "wrong-service-keys" });
    await directory.database.client.query("delete from service_key");
    const { key } = loadServiceKeys(file).log;
    await directory.database.client.query("update log_head set key = $1", [Buffer.from(key)]);
    directory = await directory.restart();
    const late = person.on(directory);
    expect((await late.prove(newSigner())).answered.problem).toEqual({ kind: "sign-in-refused" });
    expect((await late.recover("found again")).status).toBe(200);
    await late.addTotp();
    await late.signIn();
  });
});

function loadServiceKeysIn(path: string): () => ReturnType<typeof loadServiceKeys> {
  return () => loadServiceKeys(join(path, "service-keys.json"));
}
