import type { Result } from "@salus/base";
import { type DependencyList, startTransition, useCallback, useEffect, useState } from "react";
import type { Problem } from "../device/problem.ts";

/** What has come of a question to the device. */
export type Asked<View> = Again &
  (
    | { readonly state: "loading" }
    | ({ readonly state: "failed"; readonly problem: Problem } & Shown)
    | ({ readonly state: "ready"; readonly view: View } & Shown)
  );

interface Again {
  /** Asks again, and shows what there is until the answer comes: also when the first is still coming. */
  readonly again: () => void;
}

interface Shown {
  /** Whether what there is, is shown until another answer comes. */
  readonly isAsking: boolean;
}

/** Without what is asked again: that is the hook's. */
type Found<View> =
  | { readonly state: "failed"; readonly problem: Problem }
  | { readonly state: "ready"; readonly view: View };

/** What was found, for which of the questions, and at which time of asking it. */
interface Answer<View> {
  readonly found: Found<View>;
  readonly turn: number;
  readonly count: number;
}

/**
 * Ask the device when a screen appears, and whenever what the question depends on changes.
 *
 * An answer to an earlier question is dropped. What is shown lives as long as the screen.
 */
export function useAsk<View>(
  ask: () => Promise<Result<View, Problem>>,
  dependencies: DependencyList,
): Asked<View> {
  const [answer, setAnswer] = useState<Answer<View>>();
  const [count, setCount] = useState(0);
  // Each change is another question, also one that was asked before: what was found may be another now.
  const question = JSON.stringify(dependencies);
  const [asked, setAsked] = useState({ question, turn: 0 });
  if (asked.question !== question) setAsked({ question, turn: asked.turn + 1 });
  const { turn } = asked;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks says what it depends on.
  useEffect(() => {
    let current = true;
    void ask().then((result) => {
      if (!current) return;
      // A long answer is drawn in pieces: what a person does meanwhile goes before it.
      startTransition(() => {
        const found: Found<View> = result.ok
          ? { state: "ready", view: result.value }
          : { state: "failed", problem: result.error };
        setAnswer({ found, turn, count });
      });
    });
    return () => {
      current = false;
    };
  }, [...dependencies, count]);
  const again = useCallback(() => setCount((before) => before + 1), []);
  // Another question is not answered by what the one before found, which may still be being drawn.
  if (answer === undefined || answer.turn !== turn) return { state: "loading", again };
  return { ...answer.found, again, isAsking: answer.count !== count };
}

/** Something that a person sets going: a form that is sent, a button that does something. */
export interface Doing<Given extends readonly unknown[]> {
  readonly isPending: boolean;
  readonly problem: Problem | undefined;
  readonly start: (...given: Given) => void;
  readonly forget: () => void;
}

/**
 * Do something once at a time, and say how it goes.
 *
 * Takes:   `then`, called with what came of it.
 */
export function useDo<Given extends readonly unknown[], View>(
  work: (...given: Given) => Promise<Result<View, Problem>>,
  then?: (view: View) => void,
): Doing<Given> {
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  const start = (...given: Given): void => {
    if (isPending) return;
    setPending(true);
    setProblem(undefined);
    void work(...given).then((result) => {
      setPending(false);
      if (result.ok) then?.(result.value);
      else setProblem(result.error);
    });
  };
  return { isPending, problem, start, forget: () => setProblem(undefined) };
}
