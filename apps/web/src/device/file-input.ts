import { type Input, isGzip, saysLines, Unreadable } from "@salus/client/writer";

/** Read a file of the browser from its beginning, unpacked, as often as it is asked for. */
export function fileInput(file: File, onRead: (bytes: number) => void): Input {
  return { name: file.name, lines: saysLines(file.name), chunks: () => chunksOf(file, onRead) };
}

async function* chunksOf(file: File, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const head = await file
    .slice(0, 2)
    .arrayBuffer()
    .catch(() => {
      throw new Unreadable("unreadable-file");
    });
  const isPacked = isGzip(new Uint8Array(head));
  const counted = file.stream().pipeThrough(counting(onRead));
  const unpacked = isPacked ? counted.pipeThrough(new DecompressionStream("gzip")) : counted;
  const reader = unpacked.getReader();
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) return;
      yield next.value;
    }
  } catch {
    throw new Unreadable(isPacked ? "damaged-gzip" : "unreadable-file");
  } finally {
    // Who stops early leaves no file open.
    await reader.cancel().catch(() => undefined);
  }
}

function counting(
  onRead: (bytes: number) => void,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform: (chunk, controller) => {
      onRead(chunk.length);
      controller.enqueue(chunk);
    },
  });
}
