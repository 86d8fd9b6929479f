import type { Result } from "@salus/base";
import type { Answer, Match, Report } from "@salus/client";
import type { Failure } from "../problem.ts";

/** A question that is asked as its matches are taken. */
export interface Asking {
  readonly query: string;
  readonly answer: Answer;
}

interface Stream extends Asking {
  readonly matches: AsyncIterator<Match>;
  /** The next match, if it was looked at already. */
  head: Match | undefined;
  ended: boolean;
}

/**
 * Several searches as one list, the newest first: what each of them gives is in order, and the list
 * takes the newest of the next ones. It goes on where it stopped, as far as somebody scrolls.
 */
export class Feed<Item> {
  readonly #streams: readonly Stream[];
  readonly #timeOf: (match: Match) => number;
  readonly #itemOf: (match: Match) => Item;
  readonly #items: Item[] = [];
  #ended = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    askings: readonly Asking[],
    parts: {
      readonly timeOf: (match: Match) => number;
      readonly itemOf: (match: Match) => Item;
    },
  ) {
    this.#streams = askings.map((asking) => ({
      ...asking,
      matches: asking.answer[Symbol.asyncIterator](),
      head: undefined,
      ended: false,
    }));
    this.#timeOf = parts.timeOf;
    this.#itemOf = parts.itemOf;
  }

  /** How many there are, once the end was reached. */
  get total(): number | undefined {
    return this.#ended ? this.#items.length : undefined;
  }

  get queries(): readonly string[] {
    return this.#streams.map(({ query }) => query);
  }

  get reports(): readonly Report[] {
    return this.#streams.map(({ answer }) => answer.report());
  }

  /** The items from one to before another; fewer where the list ends before. */
  async slice(start: number, end: number): Promise<readonly Item[]> {
    const reading = this.#turn.then(() => this.#readTo(end));
    // Who asks next waits, and does not fail for somebody else's reason.
    this.#turn = reading.catch(() => undefined);
    await reading;
    return this.#items.slice(start, end);
  }

  async #readTo(end: number): Promise<void> {
    while (this.#items.length < end && !this.#ended) {
      await Promise.all(this.#streams.map(look));
      let newest: Stream | undefined;
      for (const stream of this.#streams) {
        if (stream.head === undefined) continue;
        const time = this.#timeOf(stream.head);
        if (newest?.head === undefined || time > this.#timeOf(newest.head)) newest = stream;
      }
      if (newest?.head === undefined) this.#ended = true;
      else {
        this.#items.push(this.#itemOf(newest.head));
        newest.head = undefined;
      }
    }
  }
}

async function look(stream: Stream): Promise<void> {
  if (stream.head !== undefined || stream.ended) return;
  const next = await stream.matches.next();
  if (next.done === true) stream.ended = true;
  else stream.head = next.value;
}

/** Ask several questions at once. Fails: as the first that fails does. */
export async function askAll(
  queries: readonly string[],
  ask: (query: string) => Promise<Result<Answer, Failure>>,
): Promise<Result<readonly Asking[], Failure>> {
  const answers = await Promise.all(queries.map(ask));
  const askings: Asking[] = [];
  for (const [at, answer] of answers.entries()) {
    if (!answer.ok) return answer;
    askings.push({ query: queries[at] ?? "", answer: answer.value });
  }
  return { ok: true, value: askings };
}
