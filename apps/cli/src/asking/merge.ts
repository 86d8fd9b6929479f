import type { Match } from "@salus/client";

/** How many answers are fetched ahead of the one that is read. */
const AHEAD = 8;

/** Something that gives matches once it is started. */
export type Start = () => AsyncIterator<Match>;

/** The matches of all, one answer after the other, while the next ones are on their way. */
export async function* inTurn(starts: readonly Start[]): AsyncGenerator<Match> {
  const started: { readonly iterator: AsyncIterator<Match>; first: Promise<Next> }[] = [];
  const advance = (at: number): void => {
    const start = starts[at];
    if (start === undefined || started[at] !== undefined) return;
    const iterator = start();
    const first = iterator.next();
    // A failure is met when its turn comes, and not before.
    first.catch(() => undefined);
    started[at] = { iterator, first };
  };
  for (let at = 0; at < starts.length; at += 1) {
    for (let ahead = at; ahead < at + AHEAD; ahead += 1) advance(ahead);
    const { iterator, first } = started[at] as (typeof started)[number];
    for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
  }
}

/** The matches of all in one order. Takes: answers that are each in that order. */
export async function* inOrder(
  starts: readonly Start[],
  compare: (a: Match, b: Match) => number,
): AsyncGenerator<Match> {
  const iterators = starts.map((start) => start());
  const heads: (Match | undefined)[] = [];
  for (let at = 0; at < iterators.length; at += AHEAD) {
    const some = iterators.slice(at, at + AHEAD).map((iterator) => iterator.next());
    heads.push(...(await Promise.all(some)).map(valueOfNext));
  }
  for (;;) {
    let least: number | undefined;
    for (const [at, head] of heads.entries()) {
      const best = least === undefined ? undefined : heads[least];
      if (head !== undefined && (best === undefined || compare(head, best) < 0)) least = at;
    }
    if (least === undefined) return;
    yield heads[least] as Match;
    heads[least] = valueOfNext(await (iterators[least] as AsyncIterator<Match>).next());
  }
}

type Next = IteratorResult<Match, unknown>;

function valueOfNext(next: Next): Match | undefined {
  return next.done === true ? undefined : next.value;
}
