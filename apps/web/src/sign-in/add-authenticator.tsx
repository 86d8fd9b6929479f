import { useState } from "react";
import { device } from "../page/call.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { Failure } from "../parts/states.tsx";
import { useFinal } from "../security/step-up.tsx";
import { useText } from "../text/text.tsx";
import type { Take } from "./take.ts";

/** Gives an authenticator app its secret, and has a code of it shown. */
export function AddAuthenticator({ take }: { readonly take: Take }) {
  const { signIn } = useText();
  const [secret, setSecret] = useState<{ readonly text: string; readonly uri: string }>();
  const starting = useFinal(() => device().account.startAuthenticator(), setSecret);
  if (secret !== undefined) return <ShowCode secret={secret} take={take} />;
  return (
    <>
      <p>{signIn.appLead}</p>
      {starting.problem && <Failure of={starting.problem} />}
      {starting.question}
      <Actions>
        <Button kind="main" onPress={starting.start} isPending={starting.isPending}>
          {signIn.appStart}
        </Button>
      </Actions>
    </>
  );
}

function ShowCode({
  secret: { text, uri },
  take,
}: {
  readonly secret: { readonly text: string; readonly uri: string };
  readonly take: Take;
}) {
  const { signIn } = useText();
  const [code, setCode] = useState("");
  const finishing = useFinal(() => device().account.finishAuthenticator(code), take);
  return (
    <Form onSubmit={finishing.start}>
      <QrCode of={uri} label={signIn.appStart} />
      <Field label={signIn.secret} value={text} isReadOnly />
      <Field
        label={signIn.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={9}
        value={code}
        onChange={setCode}
        isRequired
      />
      {finishing.problem && <Failure of={finishing.problem} />}
      {finishing.question}
      <Button kind="main" type="submit" isPending={finishing.isPending}>
        {signIn.next}
      </Button>
    </Form>
  );
}
