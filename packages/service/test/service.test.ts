import { join } from "node:path";
import { toHex } from "@salus/base";
import { encodeMessage, LIMITS } from "@salus/protocol";
import {
  identityTable,
  LOG_TABLES,
  LogSigner,
  type Migration,
  NONCE_TABLES,
  presentedOf,
  purgeNonces,
  type RunningService,
  type ServiceParts,
  sendMessage,
  sendProblem,
  serviceSecret,
  startService,
  useNonce,
} from "@salus/service";
import { Asker } from "@salus/testkit/asker";
import { scratch, startDatabase, type TestDatabase } from "@salus/testkit/database";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Goal: whatever is built of these parts knows who asks, keeps count of what is in hand, uses a
// capability once, and keeps its data apart from another's.
// Method: the smallest service there is, asked over HTTP.

interface Schema {
  clerk: { name: string; id: Uint8Array };
}

const V1: Migration = {
  version: 1,
  statements: [...LOG_TABLES, identityTable("clerk"), ...NONCE_TABLES],
};

const CLERK: ServiceParts<Schema> = {
  name: "clerk",
  migrations: [V1],
  logSigner: (folder) => new LogSigner(serviceSecret(folder, "log-key")),
  gauges: {},
  register: (server, service) => {
    server.route({
      method: ["GET", "POST", "PUT", "DELETE"],
      url: "/v1/desk",
      handler: async (request, reply) => {
        const presented = presentedOf(request);
        if (!(await useNonce(service.database.hasty, presented))) {
          return sendProblem(reply, { kind: "capability-replayed" });
        }
        return sendMessage(reply, {
          signer: toHex(presented.signer),
          held: service.admission.used,
        });
      },
    });
  },
  purge: ({ database, now }) => purgeNonces(database.hasty, now()),
};

let database: TestDatabase;
let running: RunningService;
let asker: Asker;
beforeAll(async () => {
  database = await startDatabase();
  const log = pino({ enabled: false });
  running = await startService(
    { data: database.folder, database: database.url, log, version: "1" },
    CLERK,
  );
  const { rows } = await database.client.query(
    "select replace(id::text, '-', '') as id from clerk",
  );
  asker = new Asker({ url: running.url, info: rows[0], clock: { ahead: 0 } });
});
afterAll(async () => {
  await running.close();
  await database.stop();
});

describe("a service", () => {
  it.each([
    ["GET", 0, 0],
    ["DELETE", 0, 0],
    ["POST", 40, 3 * 40],
    ["PUT", 40, 3 * 40],
  ] as const)("%s with a body of %i bytes holds %i", async (method, size, held) => {
    const { status, bytes } = await asker.request(method, "/v1/desk", new Uint8Array(size));
    expect(status).toBe(200);
    const signer = toHex(asker.signer.key);
    expect(bytes).toEqual(encodeMessage({ signer, held }));
  });

  it("takes a body that does not say how long it is for as long as any", async () => {
    const body = new Uint8Array(40);
    const pieces = new ReadableStream({
      start: (controller) => {
        controller.enqueue(body);
        controller.close();
      },
    });
    const response = await fetch(`${running.url}/v1/desk`, {
      method: "POST",
      headers: {
        authorization: asker.authorization("POST", "/v1/desk", body),
        "content-type": "application/cbor",
      },
      body: pieces,
      duplex: "half",
    } as RequestInit);
    const answer = Buffer.from(await response.arrayBuffer());
    const held = 3 * LIMITS.bodyBytes;
    expect(answer).toEqual(Buffer.from(encodeMessage({ signer: toHex(asker.signer.key), held })));
  });

  it("answers a capability once", async () => {
    const empty = new Uint8Array();
    const header = asker.authorization("DELETE", "/v1/desk", empty);
    const first = await asker.request("DELETE", "/v1/desk", empty, { header });
    expect(first.status).toBe(200);
    const second = await asker.request("DELETE", "/v1/desk", empty, { header });
    expect(second.problem).toEqual({ kind: "capability-replayed" });
  });

  it("knows nobody without a capability", async () => {
    const answered = await asker.request("GET", "/v1/desk", undefined, { header: undefined });
    expect(answered.problem).toEqual({ kind: "unsigned" });
  });
});

describe("a data folder", () => {
  it("is one service's, and refused to another", async () => {
    const folder = scratch();
    const options = { data: join(folder.path, "data"), log: pino({ enabled: false }) };
    const first = await startService(options, CLERK);
    await first.close();
    const other = startService(options, { ...CLERK, name: "porter" });
    await expect(other).rejects.toMatchObject({ kind: "data-folder-foreign" });
    folder.remove();
  });
});
