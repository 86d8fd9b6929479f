import { useState } from "react";
import type { Confirmation, Kit } from "../device/account/kit.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import type { Take } from "../sign-in/take.ts";
import { useText } from "../text/text.tsx";
import { WordsForm } from "./words-form.tsx";

/** Shows that the phrase was written down, before there is an account that needs it. */
export function ConfirmWords({
  kit,
  take,
  onShow,
  onRename,
}: {
  readonly kit: Kit;
  readonly take: Take;
  /** Show the page once more. */
  readonly onShow: () => void;
  /** Sign in with another name than the one that is taken. */
  readonly onRename: (login: string) => void;
}) {
  const { signUp } = useText();
  const [isTaken, setTaken] = useState(false);
  const finishing = useDo(async (confirmation: Confirmation) => {
    const finished = await device().account.finishSignUp(confirmation, kit.login);
    if (!finished.ok && finished.error.kind === "refused/login-taken") setTaken(true);
    return finished;
  }, take);
  return (
    <Page title={signUp.confirmTitle} lead={signUp.confirmLead}>
      <WordsForm
        kit={kit}
        answer={signUp.finish}
        isPending={finishing.isPending}
        problem={finishing.problem}
        onConfirm={finishing.start}
        more={
          isTaken && (
            <Field
              label={signUp.login}
              hint={signUp.renameHint}
              autoComplete="username"
              value={kit.login}
              onChange={onRename}
              isRequired
            />
          )
        }
      >
        <Button kind="quiet" onPress={onShow}>
          {signUp.showAgain}
        </Button>
      </WordsForm>
    </Page>
  );
}
