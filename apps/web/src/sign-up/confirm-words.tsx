import { useState } from "react";
import type { Kit } from "../device/account/sign-up.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import type { Take } from "../sign-in/entering.tsx";
import { useText } from "../text/text.tsx";

/** Shows that the phrase was written down, before there is an account that needs it. */
export function ConfirmWords({
  kit,
  take,
  onShow,
  onAnew,
}: {
  readonly kit: Kit;
  readonly take: Take;
  /** Show the page once more. */
  readonly onShow: () => void;
  /** Begin anew, under another name. */
  readonly onAnew: () => void;
}) {
  const { signUp, parts } = useText();
  const [isWhole, setWhole] = useState(false);
  const [phrase, setPhrase] = useState("");
  const [words, setWords] = useState<readonly string[]>(kit.asked.map(() => ""));
  const finishing = useDo(
    () => device().account.finishSignUp(isWhole ? { phrase } : { words }),
    take,
  );
  return (
    <Page title={signUp.confirmTitle} lead={signUp.confirmLead}>
      <Form onSubmit={finishing.start}>
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
        {finishing.problem && <Failure of={finishing.problem} />}
        <Actions>
          <Button kind="main" type="submit" isPending={finishing.isPending}>
            {signUp.finish}
          </Button>
          <Button kind="quiet" onPress={onShow}>
            {signUp.showAgain}
          </Button>
          {finishing.problem?.kind === "refused/login-taken" && (
            <Button kind="quiet" onPress={onAnew}>
              {parts.back}
            </Button>
          )}
        </Actions>
      </Form>
    </Page>
  );
}
