import { useEffect, useRef } from "react";
import { Told } from "../deciding/told.tsx";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Badge } from "../parts/chip.tsx";
import { Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

/**
 * A gateway looks every few seconds, so that is when to look first. Each look is a search, and a line in
 * the patient's log: one that finds nothing new is followed by twice the wait.
 */
const FIRST_LOOK_MS = 3_000;
const LAST_LOOK_MS = 300_000;

/** What she has signed and her hospital has not stored yet; nothing when nothing is on its way. */
export function Pending({
  vault,
  sayStored = false,
}: {
  readonly vault: string;
  readonly sayStored?: boolean;
}) {
  const { write } = useText().practitioner;
  const format = useFormat();
  const pending = useAsk(() => device().practice.writing.pending(vault), [vault]);
  const again = pending.state === "loading" ? undefined : pending.again;
  const waits = pending.state === "ready" && pending.view.length > 0;
  const wait = useRef(FIRST_LOOK_MS);
  useEffect(() => {
    if (!waits || again === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const lookLater = (): void => {
      timer = setTimeout(() => {
        if (!document.hidden) {
          wait.current = Math.min(2 * wait.current, LAST_LOOK_MS);
          again();
        }
        lookLater();
      }, wait.current);
    };
    lookLater();
    return () => clearTimeout(timer);
  }, [waits, again]);
  if (pending.state === "loading") return null;
  if (pending.state === "failed") return <Failure of={pending.problem} onAgain={pending.again} />;
  if (pending.view.length === 0) return sayStored ? <p role="status">{write.stored}</p> : null;
  return (
    <Section title={write.pending}>
      <p className="salus-soft">{write.pendingLead}</p>
      <Rows label={write.pending}>
        {pending.view.map(({ id, title, time }) => (
          <Row
            key={id}
            title={<Told>{title}</Told>}
            end={<Badge tone="notice">{format.relative(time)}</Badge>}
          />
        ))}
      </Rows>
    </Section>
  );
}
