import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Page, Section } from "../parts/page.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { AddSource } from "./add-source.tsx";
import { FoundBy } from "./found-by.tsx";
import { SourceCard } from "./source-card.tsx";

/** The hospitals that write, and what she is found by. */
export default function SourcesScreen() {
  const { sources, shell } = useText();
  const listed = useAsk(() => device().sources.list(), []);
  return (
    <Page title={shell.places.sources} lead={sources.lead}>
      <Section title={sources.writes}>
        {listed.state === "loading" && <Waiting for={sources.waiting} />}
        {listed.state === "failed" && <Failure of={listed.problem} onAgain={listed.again} />}
        {listed.state === "ready" && listed.view.length === 0 && (
          <Nothing title={sources.none}>
            <p>{sources.noneMore}</p>
          </Nothing>
        )}
        {listed.state === "ready" &&
          listed.view.map((source) => (
            <SourceCard key={source.source} of={source} onChange={listed.again} />
          ))}
      </Section>
      <Section title={sources.add}>
        <AddSource onDone={listed.again} />
      </Section>
      <Section title={sources.foundBy}>
        <FoundBy />
      </Section>
    </Page>
  );
}
