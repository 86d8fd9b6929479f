import { type ReactNode, useState } from "react";
import type { Confirmation, Kit } from "../device/account/kit.ts";
import type { Problem } from "../device/problem.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** Asks for some words of the page, or for all of them. */
export function WordsForm({
  kit,
  answer,
  isPending,
  problem,
  onConfirm,
  more,
  children,
}: {
  readonly kit: Kit;
  /** What the button says. */
  readonly answer: string;
  readonly isPending: boolean;
  readonly problem: Problem | undefined;
  readonly onConfirm: (confirmation: Confirmation) => void;
  /** A field below what went wrong. */
  readonly more?: ReactNode;
  /** Further buttons. */
  readonly children?: ReactNode;
}) {
  const { signUp } = useText();
  const [isWhole, setWhole] = useState(false);
  const [phrase, setPhrase] = useState("");
  const [words, setWords] = useState<readonly string[]>(kit.asked.map(() => ""));
  return (
    <Form onSubmit={() => onConfirm(isWhole ? { phrase } : { words })}>
      {isWhole ? (
        <Field
          label={signUp.phrase}
          value={phrase}
          onChange={setPhrase}
          autoComplete="off"
          lines
          isRequired
        />
      ) : (
        kit.asked.map((place, at) => (
          <Field
            key={place}
            label={signUp.word(place)}
            value={words[at] ?? ""}
            onChange={(typed) => setWords(words.with(at, typed))}
            autoComplete="off"
            isRequired
          />
        ))
      )}
      <Button kind="quiet" onPress={() => setWhole(!isWhole)}>
        {isWhole ? signUp.some : signUp.whole}
      </Button>
      {problem && <Failure of={problem} />}
      {more}
      <Actions>
        <Button kind="main" type="submit" isPending={isPending}>
          {answer}
        </Button>
        {children}
      </Actions>
    </Form>
  );
}
