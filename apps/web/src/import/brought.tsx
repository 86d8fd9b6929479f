import { useEffect, useState } from "react";
import type { Brought, NotTaken } from "../device/bringing/bringing.ts";
import { device } from "../page/call.ts";
import { Progress } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** What came of bringing something: what is in, and what is not and why. */
export function BroughtReport({ of }: { readonly of: Brought }) {
  const { importing } = useText();
  const format = useFormat();
  const refused = of.refused.length + of.moreRefused;
  return (
    <div role="status">
      <p>{importing.done(format.number(of.taken), format.number(of.unchanged))}</p>
      {refused > 0 && (
        <>
          <p>{importing.refused(format.number(refused))}</p>
          <ul className="salus-refused">
            {of.refused.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a report is shown once and never changes.
              <li key={at}>
                <Reason of={one} />
              </li>
            ))}
            {of.moreRefused > 0 && <li>{importing.moreRefused(format.number(of.moreRefused))}</li>}
          </ul>
        </>
      )}
    </div>
  );
}

/** One thing that was not taken, in words. */
function Reason({ of: { line, entry, type, reason } }: { readonly of: NotTaken }) {
  const { importing } = useText();
  const format = useFormat();
  const place = importing.place(
    format.number(line),
    entry === undefined ? "" : format.number(entry),
  );
  const why = importing.reasons[reason] ?? importing.otherReason;
  return [place, type, why].filter((part) => part !== "").join(" · ");
}

const LOOK_MS = 400;

/** How many records are in while something is being brought. */
export function BringingProgress() {
  const { importing } = useText();
  const format = useFormat();
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      void device()
        .bringing.progress()
        .then((read) => read.ok && setCount(read.value));
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return <Progress label={importing.progress(format.number(count))} done={count} of={undefined} />;
}
