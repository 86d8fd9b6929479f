import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { openedSessionSchema, signInFinishedSchema, signInStartedSchema } from "@salus/protocol";
import { Asker, newSigner, read } from "@salus/testkit/asker";
import { ready } from "@serenity-kit/opaque";
import type pg from "pg";
import { hex, Person } from "../apps/directory/test/person.ts";
import type { Figure } from "./figure.ts";
import { type DirectoryProcess, startDirectoryProcess } from "./support/directory-process.ts";
import { openScratchDatabase, quantile } from "./support/scratch-database.ts";

/**
 * Signing in with password and authenticator: what the directory works on its three requests, by its own clock, signatures of
 * the requests, database and disk included. Beside it what a server that is told the password does, without HTTP: reads a row,
 * runs scrypt at OWASP's cost (N = 2^17, r = 8), writes a session.
 *
 * Figures:   `sign-in-p50`, `sign-in-p95`: milliseconds of a whole sign-in.
 * Cannot show: what the client works, which runs Argon2id instead.
 */
const SIGN_INS = 200;
const WARM = 150;
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const PLAIN_TURNS = 10;
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

export async function run(): Promise<readonly Figure[]> {
  await ready;
  const directory = await startDirectoryProcess();
  const plain = await openScratchDatabase();
  try {
    await plain.client.query("create table plain (login text primary key, salt bytea, hash bytea)");
    await plain.client.query("create table plain_session (id bytea primary key, login text)");
    await plain.client.query("insert into plain values ('x', $1, $1)", [randomBytes(16)]);
    const ours: number[] = [];
    const told: number[] = [];
    // An authenticator's code is good once, so that everybody signs in once.
    for (let turn = 0; turn < WARM + SIGN_INS; turn += 1) {
      const person = new Person(directory, `person-${turn}@example.org`);
      const ms = await signIn(directory, person);
      if (turn >= WARM) ours.push(ms);
      if (turn >= WARM && turn % PLAIN_TURNS === 0) told.push(await plainSignIn(plain.client));
    }
    return [figure("sign-in-p50", ours, told, 0.5), figure("sign-in-p95", ours, told, 0.95)];
  } finally {
    await plain.close();
    await directory.stop();
  }
}

function figure(name: string, ours: number[], told: number[], share: number): Figure {
  const value = quantile(ours, share);
  const baseline = quantile(told, share);
  return { name, value, unit: "ms", baseline, ratio: value / baseline };
}

async function signIn(directory: DirectoryProcess, person: Person): Promise<number> {
  await person.signUp();
  await person.addTotp();
  await directory.untimed(4);
  const asker = new Asker(directory, newSigner());
  const login = person.logIn();
  const body = { login: person.login, start: login.start, role: "patient" };
  const first = await directory.timed(() => asker.post("/v1/sign-ins", body));
  const started = read(first.answered, signInStartedSchema);
  const path = `/v1/sign-ins/${hex(started.signIn)}`;
  const finish = login.finish(started.response);
  const second = await directory.timed(() => asker.post(`${path}/finish`, { finish }));
  read(second.answered, signInFinishedSchema);
  const proof = person.totpProof();
  const third = await directory.timed(() => asker.post(`${path}/second`, proof));
  read(third.answered, openedSessionSchema);
  return first.ms + second.ms + third.ms;
}

async function plainSignIn(client: pg.Client): Promise<number> {
  const start = performance.now();
  const { rows } = await client.query<{ salt: Buffer }>("select salt from plain where login = 'x'");
  await derive("correct horse battery staple", rows[0]?.salt ?? Buffer.alloc(16), 32, COST);
  await client.query("insert into plain_session values ($1, 'x')", [randomBytes(32)]);
  return performance.now() - start;
}
