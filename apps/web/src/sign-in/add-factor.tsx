import { device } from "../page/call.ts";
import { hasPasskeys, makePasskey } from "../page/passkey.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { AddAuthenticator } from "./add-authenticator.tsx";
import type { Take } from "./take.ts";

/** An account without a second factor gets one before anything else. */
export function AddFactor({ take }: { readonly take: Take }) {
  const { signIn } = useText();
  return (
    <Page title={signIn.factorTitle} lead={signIn.factorLead}>
      <Card label={signIn.appTitle}>
        <h2>{signIn.appTitle}</h2>
        <AddAuthenticator take={take} />
      </Card>
      {hasPasskeys() && (
        <Card label={signIn.passkeyFactor}>
          <h2>{signIn.passkeyFactor}</h2>
          <p>{signIn.passkeyFactorLead}</p>
          <AddPasskey take={take} />
        </Card>
      )}
    </Page>
  );
}

function AddPasskey({ take }: { readonly take: Take }) {
  const { signIn } = useText();
  const making = useDo(
    () => addPasskey(),
    ({ entered }) => take(entered),
  );
  return (
    <>
      {making.problem && <Failure of={making.problem} />}
      <Actions>
        <Button onPress={making.start} isPending={making.isPending}>
          {signIn.makePasskey}
        </Button>
      </Actions>
    </>
  );
}

/** Make a passkey, and take it into use wherever it can be used. */
export async function addPasskey() {
  const { account } = device();
  const draft = await account.startPasskey();
  if (!draft.ok) return draft;
  const made = await makePasskey(draft.value);
  return made.ok ? account.finishPasskey(made.value) : made;
}
