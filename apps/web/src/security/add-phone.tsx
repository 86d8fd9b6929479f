import { useState } from "react";
import { device } from "../page/call.ts";
import { Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { useFinal } from "./step-up.tsx";

/** A phone that codes are sent to: the number first, then a code that came to it. */
export function AddPhone({ onAdded }: { readonly onAdded: () => void }) {
  const { security } = useText();
  const [number, setNumber] = useState("");
  const [code, setCode] = useState("");
  const [isSent, setSent] = useState(false);
  const sending = useFinal(
    () => device().account.startPhone(number),
    () => setSent(true),
  );
  const finishing = useFinal(() => device().account.finishPhone(code), onAdded);
  const problem = sending.problem ?? finishing.problem;
  return (
    <Form onSubmit={isSent ? finishing.start : sending.start}>
      <Field
        label={security.phone}
        hint={security.phoneHint}
        type="tel"
        autoComplete="tel"
        value={number}
        onChange={setNumber}
        isReadOnly={isSent}
        isRequired
      />
      {isSent && (
        <Field
          label={security.phoneCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={9}
          value={code}
          onChange={setCode}
          isRequired
          autoFocus
        />
      )}
      {problem && <Failure of={problem} />}
      <Button kind="main" type="submit" isPending={sending.isPending || finishing.isPending}>
        {isSent ? security.confirm : security.phoneSend}
      </Button>
      {sending.question}
      {finishing.question}
    </Form>
  );
}
