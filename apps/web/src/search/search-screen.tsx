import { useState } from "react";
import type { Question } from "../device/record/question.ts";
import type { QuestionView } from "../device/record/search.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { LineList } from "../record/line-list.tsx";
import { SourceSelect } from "../record/list-filter.tsx";
import { useText } from "../text/text.tsx";
import { Chips } from "./chips.tsx";
import { QuestionFields } from "./question-fields.tsx";

const FIRST: Question = {
  type: "Observation",
  chips: [{ kind: "other", name: "_sort", value: "-date" }],
};

/** One question to all sources: by its parts, or as the FHIR search that it is. Both say the same. */
export default function SearchScreen() {
  const { record, shell } = useText();
  const { search } = record;
  const [view, setView] = useState<QuestionView>({
    text: "Observation?_sort=-date",
    question: FIRST,
    names: {},
  });
  const [text, setText] = useState(view.text);
  const [source, setSource] = useState("");
  // The fields begin anew with what somebody has written.
  const [written, setWritten] = useState(0);
  const [asked, setAsked] = useState<{ readonly text: string; readonly source: string }>();
  const take = (next: QuestionView): void => {
    setView(next);
    setText(next.text);
  };
  const writing = useDo((question: Question) => device().record.writeText(question), take);
  const reading = useDo(
    () => device().record.readText(text),
    (next) => {
      take(next);
      setWritten((count) => count + 1);
      setAsked({ text: next.text, source });
    },
  );
  const problem = reading.problem ?? writing.problem;
  return (
    <Page title={shell.places.search} lead={search.lead} wide>
      <QuestionFields key={written} value={view.question} onChange={writing.start} />
      <Chips of={view} onChange={writing.start} />
      <Form onSubmit={() => reading.start()} label={search.text}>
        <div className="salus-question">
          <Field
            label={search.text}
            hint={search.textHint}
            value={text}
            onChange={setText}
            error={problem?.kind === "bad-query" ? badText(problem, search) : undefined}
            autoComplete="off"
          />
        </div>
        <div className="salus-filter">
          <SourceSelect value={source} onChange={setSource} />
        </div>
        {problem !== undefined && problem.kind !== "bad-query" && <Failure of={problem} />}
        <Actions>
          <Button type="submit" kind="main" isPending={reading.isPending}>
            {search.go}
          </Button>
        </Actions>
      </Form>
      {asked !== undefined && <Found key={`${asked.text} ${asked.source}`} of={asked} />}
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

function badText(
  { reason = "", parameter = "" }: { readonly reason?: string; readonly parameter?: string },
  search: {
    readonly bad: (parameter: string) => string;
    readonly badReasons: Readonly<Record<string, string>>;
  },
): string {
  const why = search.badReasons[reason] ?? reason;
  return search.bad(parameter === "" ? why : `${parameter}: ${why}`);
}
