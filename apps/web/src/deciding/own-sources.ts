import type { SourceName } from "../device/deciding/names.ts";

// Each device of hers that writes is a source by itself. To people she is one: named once, ticked once.

interface Named {
  readonly source: string;
  readonly name: SourceName;
}

/** The sources as people count them: of her own the first stands for all. */
export function countedOnce<Source extends Named>(sources: readonly Source[]): readonly Source[] {
  const own = sources.find(({ name }) => name.kind === "own");
  return sources.filter((one) => one.name.kind !== "own" || one === own);
}

/** What is chosen, when of `countedOnce` these are ticked: with the first of her own all of them. */
export function allOf(ticked: readonly string[], sources: readonly Named[]): readonly string[] {
  const own = sources.filter(({ name }) => name.kind === "own").map(({ source }) => source);
  const others = ticked.filter((source) => !own.includes(source));
  const isOwnTicked = own[0] !== undefined && ticked.includes(own[0]);
  return isOwnTicked ? [...others, ...own] : others;
}
