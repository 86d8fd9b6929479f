import { type ReactNode, useState } from "react";
import type { Question } from "../device/record/question.ts";
import type { QuestionView } from "../device/record/search.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { Chips } from "./chips.tsx";
import { QuestionFields } from "./question-fields.tsx";

/** A question while it is put together: by its parts, or as the FHIR search that it is. */
export interface Asking {
  readonly view: QuestionView;
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Counts what was written as text: the fields begin anew with it. */
  readonly written: number;
  readonly change: (question: Question) => void;
  /** Ask what the text says, or what is given. */
  readonly ask: (text?: string) => void;
  readonly isPending: boolean;
  readonly problem: ReturnType<typeof useDo>["problem"];
}

const FIRST: QuestionView = {
  text: "Observation?_sort=-date",
  question: { type: "Observation", chips: [{ kind: "other", name: "_sort", value: "-date" }] },
  names: {},
};

/** Takes: `onAsk`, called with a search that can be asked. */
export function useQuestion(onAsk: (text: string) => void): Asking {
  const [view, setView] = useState(FIRST);
  const [text, setText] = useState(FIRST.text);
  const [written, setWritten] = useState(0);
  const take = (next: QuestionView): void => {
    setView(next);
    setText(next.text);
  };
  const writing = useDo((question: Question) => device().record.writeText(question), take);
  const reading = useDo(
    (typed: string) => device().record.readText(typed),
    (next) => {
      take(next);
      setWritten((count) => count + 1);
      onAsk(next.text);
    },
  );
  return {
    ...{ view, text, setText, written, change: writing.start },
    ask: (given = text) => {
      setText(given);
      reading.start(given);
    },
    isPending: reading.isPending,
    problem: reading.problem ?? writing.problem,
  };
}

/** Both faces of one question. Takes: `suggests`, whether codes of her own record are. */
export function QuestionParts({
  of,
  label,
  suggests,
  children,
}: {
  readonly of: Asking;
  readonly label: string;
  readonly suggests: boolean;
  readonly children?: ReactNode;
}) {
  const { search } = useText().record;
  const { view, text, setText, written, change, ask, isPending, problem } = of;
  return (
    <>
      <QuestionFields key={written} value={view.question} onChange={change} suggests={suggests} />
      <Chips of={view} onChange={change} />
      <Form onSubmit={() => ask()} label={label}>
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
        {children}
        {problem !== undefined && problem.kind !== "bad-query" && <Failure of={problem} />}
        <Actions>
          <Button type="submit" kind="main" isPending={isPending}>
            {search.go}
          </Button>
        </Actions>
      </Form>
    </>
  );
}

function badText(
  { reason = "", parameter = "" }: { readonly reason?: string; readonly parameter?: string },
  search: {
    readonly bad: (why: string) => string;
    readonly badAt: (parameter: string, why: string) => string;
    readonly badReasons: Readonly<Record<string, string>>;
  },
): string {
  const why = search.badReasons[reason] ?? reason;
  return search.bad(parameter === "" ? why : search.badAt(parameter, why));
}
