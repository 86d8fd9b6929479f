import { Link } from "wouter";
import type { Entry } from "../device/practice/entry.ts";
import type { SectionName } from "../device/practice/sections.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Section } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { SectionStates } from "./chart-section.tsx";
import { EntryRows } from "./entry-rows.tsx";
import { Pending } from "./pending.tsx";
import { latestOf } from "./result-table.ts";

const PAST = /^(?:resolved|inactive|remission|completed|stopped|cancelled)$/;

/** The parts of a summary, and what of each is shown. */
const SHOWN: readonly (readonly [
  SectionName,
  (all: readonly Entry[]) => readonly Entry[],
  number,
])[] = [
  ["problems", (all) => all.filter(({ said }) => !PAST.test(said.status)), 8],
  ["medications", (all) => all.filter(({ said }) => !PAST.test(said.status)), 8],
  ["vitals", latestOf, 6],
  ["labs", latestOf, 8],
  ["visits", (all) => all, 4],
];

/** What somebody needs to know in a minute. */
export function ChartSummary({ vault }: { readonly vault: string }) {
  return (
    <>
      <Pending vault={vault} />
      <div className="salus-chart-summary">
        {SHOWN.map(([name, choose, most]) => (
          <SummaryPart key={name} vault={vault} name={name} choose={choose} most={most} />
        ))}
      </div>
    </>
  );
}

function SummaryPart({
  vault,
  name,
  choose,
  most,
}: {
  readonly vault: string;
  readonly name: SectionName;
  readonly choose: (all: readonly Entry[]) => readonly Entry[];
  readonly most: number;
}) {
  const { chart } = useText().practitioner;
  const section = useAsk(() => device().practice.section(vault, name), [vault, name]);
  const title = chart.sections[name];
  return (
    <Section title={title} more={<Link href={`/patients/${vault}/${name}`}>{chart.all}</Link>}>
      {section.state === "loading" && <Waiting for={title} />}
      {section.state === "failed" && <Failure of={section.problem} onAgain={section.again} />}
      {section.state === "ready" && (
        <>
          <EntryRows label={title} of={choose(section.view.entries).slice(0, most)} />
          <SectionStates title={title} of={{ ...section.view, more: false }} />
        </>
      )}
    </Section>
  );
}
