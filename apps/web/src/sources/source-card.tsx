import { Hospital, UserRound } from "lucide-react";
import { useState } from "react";
import { SourceText } from "../deciding/names.tsx";
import { Told } from "../deciding/told.tsx";
import type { SourceView } from "../device/sources/sources.ts";
import { device } from "../page/call.ts";
import { useAsk, useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Card } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** Somebody who writes: since when, how much, and the way to end it. */
export function SourceCard({
  of,
  onChange,
}: {
  readonly of: SourceView;
  readonly onChange: () => void;
}) {
  const { sources } = useText();
  const [isAsking, setAsking] = useState(false);
  const ending = useDo(() => device().sources.end(of.source), onChange);
  const Icon = of.name.kind === "own" ? UserRound : Hospital;
  return (
    <Card>
      <div className="salus-source">
        <Icon size={24} aria-hidden="true" />
        <div className="salus-row-main">
          <h3>
            <SourceText of={of.name} />
          </h3>
          {of.name.kind === "own" && <span className="salus-soft">{sources.ownHint}</span>}
          <Written of={of.source} />
          {of.departments.length > 0 && (
            <Disclosure title={sources.departments(of.departments.length)}>
              <ul className="salus-each">
                {of.departments.map((name) => (
                  <li key={name}>
                    <Told>{name}</Told>
                  </li>
                ))}
              </ul>
            </Disclosure>
          )}
        </div>
        <div className="salus-row-end">
          {of.suspended && <Badge tone="alert">{sources.suspended}</Badge>}
          {of.state === "ended" && <Badge>{sources.endedBadge}</Badge>}
          {of.state === "live" && of.name.kind !== "own" && (
            <Button kind="final" isPending={ending.isPending} onPress={() => setAsking(true)}>
              {sources.end}
            </Button>
          )}
        </div>
      </div>
      {ending.problem && <Failure of={ending.problem} />}
      <Confirm
        title={sources.endTitle}
        answer={sources.endAnswer}
        isOpen={isAsking}
        onAnswer={() => {
          setAsking(false);
          ending.start();
        }}
        onClose={() => setAsking(false)}
      >
        <p>
          <strong>
            <SourceText of={of.name} />
          </strong>
        </p>
        <p>{sources.endMore}</p>
      </Confirm>
    </Card>
  );
}

/** Counted by the source's own signed batches; that it wrote nothing is said only then. */
function Written({ of }: { readonly of: string }) {
  const { sources } = useText();
  const format = useFormat();
  const written = useAsk(() => device().sources.written(of), [of]);
  if (written.state === "loading") return <span className="salus-soft">{sources.counting}</span>;
  if (written.state === "failed") return <span>{sources.uncounted}</span>;
  const { items, first, last } = written.view;
  const dateOf = (time: number): string => format.date(new Date(time).toISOString());
  return (
    <span className="salus-soft">
      {first === undefined || last === undefined
        ? sources.empty
        : sources.written(items, format.number(items), dateOf(first), dateOf(last))}
    </span>
  );
}
