import { useState } from "react";
import { CloudView } from "../cloud-view/cloud-view.tsx";
import { Told } from "../deciding/told.tsx";
import type { Answered, AskedPatient } from "../device/practice/questions.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Badge, Chip } from "../parts/chip.tsx";
import { Section } from "../parts/page.tsx";
import { Failure, Nothing, Silent, Waiting } from "../parts/states.tsx";
import { QuestionParts, useQuestion } from "../search/question-parts.tsx";
import { useText } from "../text/text.tsx";
import { Found } from "./found-table.tsx";
import { nameText } from "./patient-name.tsx";
import { sourceName } from "./source-words.ts";

type Preset = keyof ReturnType<typeof useText>["practitioner"]["question"]["presets"];

/** What is asked most, as it is asked. */
const PRESETS: Readonly<Record<Preset, string>> = {
  pressure: "Observation?combo-code-value-quantity=8480-6$gt140&_sort=-date",
  hba1c: "Observation?code=4548-4&value-quantity=ge7&_sort=-date",
  glucose:
    "Observation?code=2339-0&value-quantity=gt180|http://unitsofmeasure.org|mg/dL&_sort=-date",
  creatinine:
    "Observation?code=2160-0&value-quantity=gt1.3|http://unitsofmeasure.org|mg/dL&_sort=-date",
  hypertension: "Condition?code:text=hypertension",
  medicines: "MedicationRequest?status=active",
  allergies: "AllergyIntolerance",
  notes: "DocumentReference?_sort=-date",
};

/** One question to one record or to all: ready ones and FHIR's own language, and who answered. */
export function QuestionBox({ vault }: { readonly vault: string | undefined }) {
  const { question } = useText().practitioner;
  const going = useDo(device().practice.question, (answered) => setAnswered(answered));
  const [answered, setAnswered] = useState<Answered>();
  const send = (text: string): void => {
    setAnswered(undefined);
    going.start(text, vault);
  };
  const asking = useQuestion(send);
  return (
    <>
      <fieldset className="salus-templates">
        <legend className="salus-label">{question.ready}</legend>
        <div className="salus-chips">
          {(Object.entries(PRESETS) as [Preset, string][]).map(([name, text]) => (
            <Chip key={name} isOn={asking.text === text} onChange={() => asking.ask(text)}>
              {question.presets[name]}
            </Chip>
          ))}
        </div>
      </fieldset>
      <QuestionParts of={asking} label={question.title} suggests={false} />
      <p className="salus-soft">{question.noticed}</p>
      {going.isPending && <Waiting for={question.results} lines={6} />}
      {going.problem && <Failure of={going.problem} onAgain={() => send(asking.text)} />}
      {answered && asking.problem === undefined && (
        <Outcome of={answered} single={vault !== undefined} />
      )}
    </>
  );
}

function Outcome({ of, single }: { readonly of: Answered; readonly single: boolean }) {
  const { question, chart } = useText().practitioner;
  const { entries, patients, more, doubtful } = of;
  const isWhole = patients.every(
    ({ word, sources }) =>
      word === "answered" && sources.every((source) => source.word === "answered"),
  );
  if (patients.length === 0) return <Nothing title={question.nobody} />;
  return (
    <>
      <Section title={`${question.results}: ${question.found(entries.length)}`}>
        {entries.length === 0 && isWhole && (
          <Nothing title={question.none}>
            <p>{question.noneLead}</p>
          </Nothing>
        )}
        {entries.length === 0 && !isWhole && <Silent title={question.maybeNone} />}
        {entries.length > 0 && <Found entries={entries} patients={patients} single={single} />}
        {more && <p className="salus-soft">{question.first(entries.length)}</p>}
        {doubtful > 0 && <Silent title={chart.doubtful(doubtful)} />}
      </Section>
      <Section title={question.who}>
        <ul className="salus-rows">
          {patients.map((patient) => (
            <WhoAnswered key={patient.vault} of={patient} />
          ))}
        </ul>
      </Section>
      <CloudView after={of.marks.after} until={of.marks.until} />
    </>
  );
}

function WhoAnswered({ of }: { readonly of: AskedPatient }) {
  const text = useText();
  const { question } = text.practitioner;
  const answered = of.sources.filter(({ word }) => word === "answered");
  return (
    <li>
      <div className="salus-row">
        <div className="salus-row-main">
          <span className="salus-row-title">
            <Told>{nameText(of, text)}</Told>
          </span>
          <span className="salus-row-detail">
            {of.word === "silent"
              ? question.words.silent
              : question.answeredOf(answered.length, of.sources.length)}
          </span>
        </div>
        <div className="salus-row-end">
          {of.sources.map((source) => (
            <Badge key={source.source} tone={source.word === "answered" ? "plain" : "notice"}>
              <bdi>{sourceName(source, text)}</bdi>: {question.words[source.word]}
            </Badge>
          ))}
        </div>
      </div>
    </li>
  );
}
