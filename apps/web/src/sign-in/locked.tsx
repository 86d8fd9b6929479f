import { useState } from "react";
import { device } from "../page/call.ts";
import { evaluateAnyPasskey, hasPasskeys } from "../page/passkey.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Card, Page } from "../parts/page.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import type { Take } from "./take.ts";

/** Signed in, and nothing has opened the account here: another device lets this one in, or the kit does. */
export function Locked({ card, take }: { readonly card: string; readonly take: Take }) {
  const { signIn } = useText();
  return (
    <Page title={signIn.lockedTitle} lead={signIn.lockedLead}>
      <ByAnotherDevice card={card} take={take} />
      <Disclosure title={signIn.secretTitle}>
        <ByText
          label={signIn.deviceSecret}
          open={(typed) => device().account.unlockBySecret(typed)}
          take={take}
        />
      </Disclosure>
      <Disclosure title={signIn.phraseTitle}>
        <ByText
          label={signIn.phrase}
          lines
          open={(typed) => device().account.unlockByPhrase(typed)}
          take={take}
        />
      </Disclosure>
      {hasPasskeys() && (
        <Disclosure title={signIn.passkeyTitle}>
          <ByPasskey take={take} />
        </Disclosure>
      )}
    </Page>
  );
}

function ByAnotherDevice({ card, take }: { readonly card: string; readonly take: Take }) {
  const { signIn } = useText();
  const [isNotYet, setNotYet] = useState(false);
  const looking = useDo(
    () => device().account.look(),
    (entered) => {
      setNotYet(entered.step === "locked");
      take(entered);
    },
  );
  return (
    <Card label={signIn.cardTitle}>
      <h2>{signIn.cardTitle}</h2>
      <p>{signIn.cardLead}</p>
      <QrCode of={card} label={signIn.card} />
      <Field label={signIn.card} value={card} isReadOnly lines />
      {isNotYet && <p role="status">{signIn.notYet}</p>}
      {looking.problem && <Failure of={looking.problem} />}
      <Actions>
        <Button kind="main" onPress={looking.start} isPending={looking.isPending}>
          {signIn.look}
        </Button>
      </Actions>
    </Card>
  );
}

function ByText({
  label,
  lines = false,
  open,
  take,
}: {
  readonly label: string;
  readonly lines?: boolean;
  readonly open: (typed: string) => ReturnType<ReturnType<typeof device>["account"]["look"]>;
  readonly take: Take;
}) {
  const { signIn } = useText();
  const [typed, setTyped] = useState("");
  const going = useDo(() => open(typed), take);
  return (
    <Form onSubmit={going.start}>
      <Field
        label={label}
        value={typed}
        onChange={setTyped}
        lines={lines}
        autoComplete="off"
        isRequired
      />
      {going.problem && <Failure of={going.problem} />}
      <Button type="submit" isPending={going.isPending}>
        {signIn.open}
      </Button>
    </Form>
  );
}

function ByPasskey({ take }: { readonly take: Take }) {
  const { signIn } = useText();
  const going = useDo(async () => {
    const { account } = device();
    const salt = await account.accountSalt();
    if (!salt.ok) return salt;
    const evaluated = await evaluateAnyPasskey(salt.value);
    return evaluated.ok ? account.unlockByPasskey(evaluated.value.prf) : evaluated;
  }, take);
  return (
    <>
      {going.problem && <Failure of={going.problem} />}
      <Actions>
        <Button onPress={going.start} isPending={going.isPending}>
          {signIn.byPasskey}
        </Button>
      </Actions>
    </>
  );
}
