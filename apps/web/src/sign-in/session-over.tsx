import { device } from "../page/call.ts";
import { Page } from "../parts/page.tsx";
import { useText } from "../text/text.tsx";
import { PasswordForm } from "./password-form.tsx";
import type { Take } from "./take.ts";

/** What is kept is open, and the session is over. */
export function SessionOver({
  take,
  onBack,
}: {
  readonly take: Take;
  readonly onBack: () => void;
}) {
  const { signIn, parts } = useText();
  return (
    <Page title={signIn.sessionTitle} lead={signIn.sessionLead}>
      <PasswordForm
        work={(password) => device().account.password(password)}
        take={take}
        back={{ label: parts.back, go: onBack }}
      />
    </Page>
  );
}
