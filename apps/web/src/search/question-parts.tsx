import type { Result } from "@salus/base";
import { type ReactNode, useRef, useState } from "react";
import type { Problem } from "../device/problem.ts";
import type { Question } from "../device/record/question.ts";
import type { QuestionView } from "../device/record/search.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
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
  /** Take note of what stands in a field, and is asked with the rest. */
  readonly note: (question: Question | undefined) => void;
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
  const [writingProblem, setWritingProblem] = useState<Problem>();
  // What the fields say, while the text does not say it yet.
  const ahead = useRef<Question>(undefined);
  const typed = useRef<Question>(undefined);
  const take = (next: QuestionView): void => {
    ahead.current = undefined;
    setView(next);
    setText(next.text);
    setWritingProblem(undefined);
  };
  const change = (question: Question): void => {
    // In sight at once: another key is pressed before the device has written this one.
    ahead.current = question;
    setView({ ...view, question });
    void device()
      .record.writeText(question)
      .then((result) => {
        if (ahead.current !== question) return;
        if (result.ok) take(result.value);
        else setWritingProblem(result.error);
      });
  };
  const reading = useDo(readOf, (next) => {
    take(next);
    setWritten((count) => count + 1);
    onAsk(next.text);
  });
  const write = (by: string): void => {
    ahead.current = undefined;
    setText(by);
  };
  return {
    ...{ view, text, setText: write, written, change },
    ask: (given) => {
      if (given !== undefined) write(given);
      reading.start(given ?? typed.current ?? ahead.current ?? text);
    },
    note: (question) => {
      typed.current = question;
    },
    isPending: reading.isPending,
    problem: reading.problem ?? writingProblem,
  };
}

/** A question that can be asked, given as either of its faces. */
async function readOf(asked: string | Question): Promise<Result<QuestionView, Problem>> {
  const { record } = device();
  if (typeof asked === "string") return record.readText(asked);
  const written = await record.writeText(asked);
  return written.ok ? record.readText(written.value.text) : written;
}

/**
 * Both faces of one question.
 *
 * Takes:   `suggests`, whether codes of her own record are: then she is a patient, and the language of
 *          searches is there for whoever opens it. `children`, a field more.
 */
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
  const { view, text, setText, written, change, note, ask, isPending, problem } = of;
  const language = (
    <div className="salus-question">
      <Field
        label={search.text}
        hint={search.textHint}
        value={text}
        onChange={setText}
        autoComplete="off"
      />
    </div>
  );
  return (
    <>
      <QuestionFields
        key={written}
        value={view.question}
        onChange={change}
        onTyped={note}
        suggests={suggests}
      >
        {children}
      </QuestionFields>
      <Chips of={view} isPlain={suggests} onChange={change} />
      <Form onSubmit={() => ask()} label={label}>
        {!suggests && language}
        {problem?.kind === "bad-query" && (
          <p className="salus-field-error" role="alert">
            {badText(problem, search)}
          </p>
        )}
        {problem !== undefined && problem.kind !== "bad-query" && <Failure of={problem} />}
        <Actions>
          <Button type="submit" kind="main" isPending={isPending}>
            {search.go}
          </Button>
        </Actions>
        {suggests && <Disclosure title={search.forExperts}>{language}</Disclosure>}
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
