import { useState } from "react";
import { device } from "../page/call.ts";
import { Page, Section } from "../parts/page.tsx";
import { LineList } from "../record/line-list.tsx";
import { SourceSelect } from "../record/list-filter.tsx";
import { useText } from "../text/text.tsx";
import { QuestionParts, useQuestion } from "./question-parts.tsx";

/** One question to all sources: by its parts, or as the FHIR search that it is. Both say the same. */
export default function SearchScreen() {
  const { record, shell } = useText();
  const { search } = record;
  const [source, setSource] = useState("");
  const [asked, setAsked] = useState<{ readonly text: string; readonly source: string }>();
  const asking = useQuestion((text) => setAsked({ text, source }));
  return (
    <Page title={shell.places.search} lead={search.lead} wide>
      <QuestionParts of={asking} label={search.text} suggests>
        <SourceSelect value={source} onChange={setSource} />
      </QuestionParts>
      {/* What was found before is no answer to a question that cannot be asked. */}
      {asked !== undefined && asking.problem === undefined && (
        <Found key={`${asked.text} ${asked.source}`} of={asked} />
      )}
    </Page>
  );
}

function Found({ of }: { readonly of: { readonly text: string; readonly source: string } }) {
  const { search } = useText().record;
  return (
    <Section title={search.found}>
      <LineList
        label={search.found}
        name={JSON.stringify(of)}
        none={{ title: search.none, lead: search.noneLead }}
        ask={(start) =>
          device().record.search(of.text, {
            start,
            ...(of.source !== "" && { source: of.source }),
          })
        }
      />
    </Section>
  );
}
