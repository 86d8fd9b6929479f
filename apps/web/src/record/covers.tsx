import { CloudView } from "../cloud-view/cloud-view.tsx";
import type { Answered, SourceView } from "../device/record/views.ts";
import { Disclosure } from "../parts/disclosure.tsx";
import { Facts } from "../parts/rows.tsx";
import { Silent } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { useOwnName } from "./own-name.ts";

/** Says of whom an answer is, and whose is missing; above it, so that "none" is read rightly. */
export function Warnings({ of }: { readonly of: Answered }) {
  const { record } = useText();
  const format = useFormat();
  const { covers } = record;
  const names = useNames();
  const silent = silentIn(of);
  return (
    <>
      {of.seen !== undefined && <Silent title={covers.seen(format.relative(of.seen))} />}
      {of.seen === undefined && silent.length > 0 && (
        <Silent title={covers.silent(format.list(silent.map(names)))} />
      )}
      {of.coverage.leftOut > 0 && <Silent title={covers.leftOut(of.coverage.leftOut)} />}
    </>
  );
}

/** Below an answer: who was asked, what, and what the cloud saw of it. */
export function Covers({ of }: { readonly of: Answered }) {
  const { covers } = useText().record;
  const names = useNames();
  const { sources } = of.coverage;
  const answered = sources.filter(({ status }) => status === "answered").length;
  if (of.seen !== undefined) return null;
  return (
    <footer className="salus-covers">
      {sources.length > 0 && (
        <Disclosure
          title={
            answered === sources.length
              ? covers.all(answered)
              : covers.some(answered, sources.length)
          }
        >
          <Facts
            of={sources.map((source) => [names(source), covers.statuses[source.status]] as const)}
          />
          {of.asked.queries.length > 0 && (
            <>
              <h3>{covers.asked}</h3>
              <ul className="salus-queries" dir="ltr">
                {of.asked.queries.map((query) => (
                  <li key={query}>
                    <code>{query}</code>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Disclosure>
      )}
      <CloudView after={of.asked.after} until={of.asked.until} />
    </footer>
  );
}

/** Whether somebody who could have something has not said. */
export function isPartial(of: Answered): boolean {
  return of.coverage.problem !== undefined || silentIn(of).length > 0;
}

function silentIn({ coverage }: Answered): readonly SourceView[] {
  return coverage.sources.filter(({ status }) => status === "failed");
}

function useNames(): (source: SourceView) => string {
  const { record } = useText();
  const ownName = useOwnName();
  return ({ name, own, source }) =>
    own ? ownName : (name ?? `${record.unnamed} ${source.slice(0, 6)}`);
}
