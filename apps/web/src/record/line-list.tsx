import type { Result } from "@salus/base";
import { memo, useEffect, useRef, useState } from "react";
import type { Problem } from "../device/problem.ts";
import type { Line, ListView } from "../device/record/views.ts";
import { useAsk } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Failure, Nothing, Silent, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { Covers, isPartial, Warnings } from "./covers.tsx";
import { LineRow } from "./line-row.tsx";

/** What a list shows, asked a page at a time. */
export type AskPage = (start: number) => Promise<Result<ListView, Problem>>;

/**
 * Records one below the other, as many as somebody scrolls to. Rows that are not in sight cost nothing:
 * the style sheet lets the browser leave them out.
 *
 * Takes:   `name`, what the list is of: another one begins anew.
 */
export function LineList({
  label,
  name,
  ask,
  none,
}: {
  readonly label: string;
  readonly name: string;
  readonly ask: AskPage;
  /** What is said when every source has answered, and none has any. */
  readonly none?: { readonly title: string; readonly lead?: string };
}) {
  const { record, parts } = useText();
  const first = useAsk(() => ask(0), [name]);
  if (first.state === "loading") return <Waiting for={record.waiting} lines={8} />;
  if (first.state === "failed") return <Failure of={first.problem} onAgain={first.again} />;
  const { view } = first;
  if (view.lines.length === 0) {
    return (
      <>
        <Warnings of={view} />
        {isPartial(view) ? (
          <Silent title={record.list.maybeNone}>
            <p>{record.list.maybeNoneLead}</p>
            <Button onPress={first.again}>{parts.again}</Button>
          </Silent>
        ) : (
          <None of={none ?? { title: record.list.none, lead: record.list.noneLead }} />
        )}
        <Covers of={view} />
      </>
    );
  }
  return (
    <>
      <Warnings of={view} />
      <Pages key={`${name} ${view.asked.until}`} label={label} first={view} ask={ask} />
      <Covers of={view} />
    </>
  );
}

function None({ of }: { readonly of: { readonly title: string; readonly lead?: string } }) {
  return <Nothing title={of.title}>{of.lead !== undefined && <p>{of.lead}</p>}</Nothing>;
}

function Pages({
  label,
  first,
  ask,
}: {
  readonly label: string;
  readonly first: ListView;
  readonly ask: AskPage;
}) {
  const { record } = useText();
  const [pages, setPages] = useState<readonly ListView[]>([first]);
  const [problem, setProblem] = useState<Problem>();
  const isAsking = useRef(false);
  const last = pages.at(-1) ?? first;
  const next = last.start + last.lines.length;
  const isEnded =
    first.seen !== undefined || last.lines.length === 0 || (last.total ?? next + 1) <= next;
  const more = (): void => {
    if (isAsking.current) return;
    isAsking.current = true;
    setProblem(undefined);
    void ask(next).then((result) => {
      isAsking.current = false;
      if (result.ok) setPages((before) => [...before, result.value]);
      else setProblem(result.error);
    });
  };
  const end = useSight(more, isEnded || problem !== undefined);
  return (
    <>
      <ul className="salus-rows salus-lines" aria-label={label}>
        {pages.map((page) => (
          <PageRows key={page.start} lines={page.lines} />
        ))}
      </ul>
      {problem !== undefined && <Failure of={problem} onAgain={more} />}
      <div ref={end} className="salus-lines-end">
        {isEnded ? (
          <p>{record.list.end(next)}</p>
        ) : (
          <Button kind="quiet" onPress={more}>
            {record.list.more}
          </Button>
        )}
      </div>
    </>
  );
}

/** A page stays as it is while others come. */
const PageRows = memo(({ lines }: { readonly lines: readonly Line[] }) =>
  lines.map((line) => <LineRow key={line.handle} of={line} />),
);

/** Call something whenever the end comes near the screen. */
function useSight(call: () => void, isOff: boolean) {
  const target = useRef<HTMLDivElement>(null);
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => {
    const element = target.current;
    if (isOff || element === null) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) latest.current();
      },
      { rootMargin: "1200px" },
    );
    watch.observe(element);
    return () => watch.disconnect();
  });
  return target;
}
