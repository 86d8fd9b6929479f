import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { toHex } from "@salus/base";
import { readSigned, splitEnvelope } from "@salus/evaluate";
import { decodeAs, parseUpload, receiptSchema } from "@salus/protocol";
import type pg from "pg";

/** A batch that the cloud said it has. */
export interface Acknowledged {
  readonly vault: string;
  readonly source: string;
  readonly batch: string;
  readonly number: number;
  readonly hash: string;
  readonly entries: number;
  readonly records: readonly { readonly record: string; readonly revision: number }[];
}

/** A witness between uploader and cloud that outlives both. */
export interface Ledger {
  readonly url: string;
  /** How many batches were sent, whatever became of them. */
  sent(): number;
  acknowledged(): readonly Acknowledged[];
  close(): Promise<void>;
}

/**
 * Pass requests on to the cloud, and write down what it acknowledges before the uploader hears of it.
 * A cloud that breaks off is passed on as a connection that breaks off.
 */
export async function keepLedger(cloud: string): Promise<Ledger> {
  const target = new URL(cloud);
  const entries: Acknowledged[] = [];
  let sent = 0;
  const server = createServer((asked, answer) => {
    if (isBatch(asked)) sent += 1;
    forward(target, asked, answer, (body, reply) => {
      entries.push(readAcknowledgement(body, reply));
    }).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a ledger has a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    sent: () => sent,
    acknowledged: () => entries,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function forward(
  target: URL,
  asked: IncomingMessage,
  answer: ServerResponse,
  acknowledge: (body: Buffer, reply: Buffer) => void,
): Promise<void> {
  const body = await collect(asked);
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const passed = request(
      {
        host: target.hostname,
        port: target.port,
        method: asked.method,
        path: asked.url,
        headers: { ...asked.headers, host: target.host },
        agent: false,
      },
      resolve,
    );
    passed.on("error", reject);
    passed.end(body);
  });
  const content = await collect(reply);
  if (isBatch(asked) && reply.statusCode !== undefined && reply.statusCode < 300) {
    acknowledge(body, content);
  }
  const { connection: _, "transfer-encoding": __, ...headers } = reply.headers;
  answer.writeHead(reply.statusCode ?? 502, headers);
  answer.end(content);
}

function isBatch({ method, url = "" }: IncomingMessage): boolean {
  return method === "POST" && url.endsWith("/batches");
}

/** All of a message; rejects when the other side broke off in the middle. */
async function collect(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  if (!message.complete) throw new Error("the message broke off");
  return Buffer.concat(chunks);
}

function readAcknowledgement(body: Buffer, reply: Buffer): Acknowledged {
  const upload = parseUpload(body);
  const receipt = decodeAs(receiptSchema, reply, "receipt");
  if (!upload.ok || !receipt.ok) throw new Error("an acknowledged batch can be read");
  const statement = readSigned("batch", upload.value.statement);
  if (!statement.ok) throw new Error("an acknowledged statement can be read");
  const { vault, source, batch, number } = statement.value.unverified;
  const records = upload.value.items.flatMap((item) => {
    if (!("envelope" in item)) return [];
    const parts = splitEnvelope(item.envelope);
    if (!parts.ok) throw new Error("an acknowledged envelope can be read");
    const { record, revision } = parts.value.header;
    return [{ record: toHex(record), revision }];
  });
  return {
    vault: toHex(vault),
    source: toHex(source),
    batch: toHex(batch),
    number,
    hash: toHex(receipt.value.hash),
    entries: upload.value.items.reduce((sum, item) => sum + item.entries.length, 0),
    records,
  };
}

/**
 * What the database lacks of what was acknowledged, or has twice, or has in part.
 *
 * Gives:   one sentence for each fault; none when everything is there exactly once.
 */
export async function compareLedger(
  client: pg.Client,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const faults: string[] = [];
  const batches = await client.query<{ key: string; hash: Buffer; entries: number; rows: string }>(`
    select encode(v.handle, 'hex') || replace(b.handle::text, '-', '') as key, b.hash, b.entries,
      (select count(*) from ordered_entry e where e.vault = b.vault and e.batch = b.batch) +
      (select count(*) from sealed_entry e where e.vault = b.vault and e.batch = b.batch) +
      (select count(*) from tag_list e where e.vault = b.vault and e.batch = b.batch) as rows
    from batch b join vault v using (vault)`);
  const stored = new Map(batches.rows.map((row) => [row.key, row]));
  if (stored.size !== batches.rows.length) faults.push("a batch is stored twice");
  for (const { key, entries, rows } of batches.rows) {
    if (Number(rows) !== entries) faults.push(`batch ${key} has ${rows} of ${entries} entries`);
  }
  const records = await client.query<{ key: string; revision: string }>(`
    select encode(v.handle, 'hex') || replace(r.handle::text, '-', '') as key, r.revision
    from record r join vault v using (vault)`);
  const revisions = new Map(records.rows.map(({ key, revision }) => [key, Number(revision)]));
  if (revisions.size !== records.rows.length) faults.push("a record is stored twice");
  for (const one of acknowledged) {
    const found = stored.get(one.vault + one.batch);
    if (found === undefined) faults.push(`batch ${one.batch} was acknowledged and is lost`);
    else if (found.hash.toString("hex") !== one.hash) faults.push(`batch ${one.batch} differs`);
    for (const { record, revision } of one.records) {
      const now = revisions.get(one.vault + record) ?? 0;
      if (now < revision) faults.push(`record ${record} was acknowledged and is lost`);
    }
  }
  const gaps = await client.query<{ source: string }>(`
    select source::text from batch group by vault, source having max(number) <> count(*)`);
  for (const { source } of gaps.rows) faults.push(`the batches of source ${source} have a gap`);
  return faults;
}
