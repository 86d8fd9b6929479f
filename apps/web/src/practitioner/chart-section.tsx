import { useState } from "react";
import type { SectionView } from "../device/practice/chart.ts";
import type { SectionName } from "../device/practice/sections.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Section } from "../parts/page.tsx";
import { Failure, Hidden, Nothing, Silent, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { EntryRows } from "./entry-rows.tsx";
import { namesOf } from "./source-words.ts";

/** One section of a chart as a list; where there is a present and a past, under two headings. */
export function ChartSection({
  vault,
  name,
}: {
  readonly vault: string;
  readonly name: SectionName;
}) {
  const { chart } = useText().practitioner;
  const [fresh, setFresh] = useState(0);
  const section = useAsk(
    () => device().practice.section(vault, name, fresh > 0),
    [vault, name, fresh],
  );
  const title = chart.sections[name];
  return (
    <Section
      title={title}
      more={
        <Button kind="quiet" onPress={() => setFresh((count) => count + 1)}>
          {chart.refresh}
        </Button>
      }
    >
      {section.state === "loading" && <Waiting for={title} lines={6} />}
      {section.state === "failed" && <Failure of={section.problem} onAgain={section.again} />}
      {section.state === "ready" && (
        <>
          <EntryRows label={title} of={section.view.entries} />
          <SectionStates title={title} of={section.view} />
        </>
      )}
    </Section>
  );
}

/** What is to be said beside what there is: hidden, none, and who did not answer differ. */
export function SectionStates({ title, of }: { readonly title: string; readonly of: SectionView }) {
  const text = useText();
  const format = useFormat();
  const { chart } = text.practitioner;
  const { entries, sources, doubtful, more } = of;
  const names = (word: string): string => namesOf(sources, word, text, format);
  const has = (word: string): boolean => sources.some((source) => source.word === word);
  const isHidden = sources.every(({ word }) => word === "hidden");
  const isWhole = sources.every(({ word }) => word === "answered" || word === "hidden");
  if (isHidden) {
    return (
      <Hidden title={chart.hidden(title)}>
        <p>{chart.hiddenLead}</p>
      </Hidden>
    );
  }
  return (
    <>
      {entries.length === 0 && isWhole && doubtful === 0 && (
        <Nothing title={chart.nothing(title)}>
          <p>{chart.nothingBy(names("answered"))}</p>
        </Nothing>
      )}
      {has("silent") && <Silent title={chart.silentAt(names("silent"))} />}
      {has("stale") && <Silent title={chart.staleAt(names("stale"))} />}
      {has("ended") && <Hidden title={chart.endedAt(names("ended"))} />}
      {has("hidden") && <Hidden title={chart.hiddenAt(names("hidden"))} />}
      {doubtful > 0 && <Silent title={chart.doubtful(doubtful)} />}
      {more && <p className="salus-soft">{chart.more}</p>}
    </>
  );
}
