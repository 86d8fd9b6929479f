import type { Confirmation, Kit } from "../device/account/kit.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Page } from "../parts/page.tsx";
import type { Take } from "../sign-in/take.ts";
import { useText } from "../text/text.tsx";
import { WordsForm } from "./words-form.tsx";

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
  const finishing = useDo(
    (confirmation: Confirmation) => device().account.finishSignUp(confirmation),
    take,
  );
  return (
    <Page title={signUp.confirmTitle} lead={signUp.confirmLead}>
      <WordsForm
        kit={kit}
        answer={signUp.finish}
        isPending={finishing.isPending}
        problem={finishing.problem}
        onConfirm={finishing.start}
      >
        <Button kind="quiet" onPress={onShow}>
          {signUp.showAgain}
        </Button>
        {finishing.problem?.kind === "refused/login-taken" && (
          <Button kind="quiet" onPress={onAnew}>
            {parts.back}
          </Button>
        )}
      </WordsForm>
    </Page>
  );
}
