import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { PassThrough, Readable, type Transform } from "node:stream";
import { createGunzip, createGzip, constants as zlib } from "node:zlib";
import { fail, ok, type Result } from "@salus/base";
import { type Input, isGzip, saysLines, Unreadable } from "@salus/client/writer";

export type InputError =
  | { readonly kind: "no-such-file"; readonly path: string }
  | { readonly kind: "not-a-file"; readonly path: string }
  | { readonly kind: "unreadable-file"; readonly path: string; readonly code: string }
  | { readonly kind: "input-too-large"; readonly bytes: number };

const CHUNK_BYTES = 256 * 1024;
/** Of standard input, compressed: some 2 GiB of records. */
const HELD_BYTES = 128 * 1024 * 1024;

/**
 * Open a file by path, or standard input by `-`.
 *
 * What cannot be read twice (a pipe) is kept compressed in memory: never on disk, where patients'
 * data would stay behind.
 */
export async function openInput(path: string): Promise<Result<Input, InputError>> {
  if (path === "-") return holdInput("standard input", process.stdin);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? "EIO");
  if (found === "ENOENT") return fail({ kind: "no-such-file", path });
  if (typeof found === "string") return fail({ kind: "unreadable-file", path, code: found });
  if (found.isDirectory()) return fail({ kind: "not-a-file", path });
  const stream = (): Readable => createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!found.isFile()) return holdInput(path, stream());
  return ok({ name: path, lines: saysLines(path), chunks: () => decompressed(stream()) });
}

/** Keep a stream, packed as it came or packed here. */
async function holdInput(name: string, stream: Readable): Promise<Result<Input, InputError>> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  let pack: Transform | undefined;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    if (pack === undefined) {
      pack = isGzip(chunk) ? new PassThrough() : createGzip({ level: zlib.Z_BEST_SPEED });
      pack.on("data", (packed: Uint8Array) => {
        held.push(packed);
        bytes += packed.length;
      });
    }
    if (!pack.write(chunk)) await once(pack, "drain");
    if (bytes > HELD_BYTES) return fail({ kind: "input-too-large", bytes: HELD_BYTES });
  }
  if (pack !== undefined) {
    pack.end();
    await once(pack, "end");
  }
  return ok({ name, lines: false, chunks: () => decompressed(Readable.from(held)) });
}

/** The bytes of a stream, unpacked if they begin like gzip: its name may say anything. */
async function* decompressed(stream: Readable): AsyncGenerator<Uint8Array> {
  const source = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const first = await source.next().catch(() => {
    throw new Unreadable("unreadable-file");
  });
  if (first.done === true) return;
  const rest = { [Symbol.asyncIterator]: () => source };
  if (!isGzip(first.value)) {
    yield first.value;
    yield* rest;
    return;
  }
  const whole = Readable.from(chained(first.value, rest));
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  whole.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    yield* unpacked as AsyncIterable<Uint8Array>;
  } catch {
    throw new Unreadable("damaged-gzip");
  }
}

async function* chained(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
