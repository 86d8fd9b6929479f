import type { Result } from "@salus/base";
import type { ClientError } from "../failure.ts";

/** Where the items of one stream come from: some at a time, or an error that ends it. */
export type Pages<Item> = AsyncGenerator<Result<readonly Item[], ClientError>>;

/** So many streams are read ahead while the first is being given. */
const AHEAD = 6;

/** One stream, an item at a time, read ahead by a page once it is begun. */
class Stream<Item> {
  readonly #pages: Pages<Item>;
  readonly #onError: (error: ClientError) => void;
  #waiting: Item[] = [];
  #next: Promise<IteratorResult<Result<readonly Item[], ClientError>, void>> | undefined;
  #ended = false;

  constructor(pages: Pages<Item>, onError: (error: ClientError) => void) {
    this.#pages = pages;
    this.#onError = onError;
  }

  begin(): void {
    if (!this.#ended) this.#next ??= this.#pages.next();
  }

  /** The item that is next, which stays; nothing at the end. */
  async peek(): Promise<Item | undefined> {
    while (this.#waiting.length === 0 && !this.#ended) {
      this.begin();
      const page = await this.#next;
      this.#next = undefined;
      if (page === undefined || page.done === true) this.#ended = true;
      else if (page.value.ok) this.#waiting = page.value.value.toReversed();
      else {
        this.#ended = true;
        this.#onError(page.value.error);
      }
    }
    return this.#waiting.at(-1);
  }

  drop(): void {
    this.#waiting.pop();
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#pages.return(undefined);
  }
}

/** Streams, and what to do with the error that ends one of them. */
export interface StreamSource<Item> {
  readonly pages: Pages<Item>;
  readonly onError: (error: ClientError) => void;
}

/**
 * The items of all streams: those of the first, then of the second, …
 *
 * Cost:    a few streams are read ahead.
 */
export async function* oneAfterAnother<Item>(
  sources: readonly StreamSource<Item>[],
): AsyncGenerator<Item> {
  const streams = sources.map(({ pages, onError }) => new Stream(pages, onError));
  try {
    for (const [at, stream] of streams.entries()) {
      for (const ahead of streams.slice(at, at + AHEAD)) ahead.begin();
      for (let item = await stream.peek(); item !== undefined; item = await stream.peek()) {
        stream.drop();
        yield item;
      }
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.close()));
  }
}

/**
 * The items of streams that are each in order, in the order of all.
 *
 * Cost:    holds what every stream has read; a comparison with each stream for an item.
 */
export async function* inOrder<Item>(
  sources: readonly StreamSource<Item>[],
  compare: (a: Item, b: Item) => number,
): AsyncGenerator<Item> {
  const streams = sources.map(({ pages, onError }) => new Stream(pages, onError));
  try {
    for (const stream of streams) stream.begin();
    for (;;) {
      let first: { readonly stream: Stream<Item>; readonly item: Item } | undefined;
      for (const stream of streams) {
        const item = await stream.peek();
        if (item === undefined) continue;
        if (first === undefined || compare(item, first.item) < 0) first = { stream, item };
      }
      if (first === undefined) return;
      first.stream.drop();
      yield first.item;
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.close()));
  }
}
