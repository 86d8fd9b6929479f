import type { FactorKind } from "@salus/protocol";
import { useState } from "react";
import { device } from "../page/call.ts";
import { hasPasskeys, signWithPasskey } from "../page/passkey.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form, Radios } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import type { Take } from "./take.ts";

/** The best that she has comes first. */
const ORDER: readonly FactorKind[] = ["passkey", "totp", "sms"];

/** Asked on a device that is new to the account. */
export function SecondFactor({
  factors,
  again,
  take,
  onBack,
}: {
  readonly factors: readonly FactorKind[];
  readonly again: boolean;
  readonly take: Take;
  readonly onBack: () => void;
}) {
  const { signIn, parts } = useText();
  const usable = ORDER.filter(
    (kind) => factors.includes(kind) && (kind !== "passkey" || hasPasskeys()),
  );
  const [chosen, setChosen] = useState<FactorKind>(usable[0] ?? "totp");
  const [code, setCode] = useState("");
  const sending = useDo(() => device().account.sendCode());
  const [isSent, setSent] = useState(false);
  const going = useDo(
    () => show(chosen, code),
    (entered) => {
      setCode("");
      take(entered);
    },
  );
  const send = (): void => {
    setSent(true);
    sending.start();
  };
  const problem = going.problem ?? sending.problem;
  return (
    <Page title={signIn.secondTitle} lead={signIn.secondLead}>
      <Form onSubmit={going.start}>
        {usable.length > 1 && (
          <Radios<FactorKind>
            label={signIn.how}
            value={chosen}
            onChange={(kind) => {
              setChosen(kind);
              setCode("");
            }}
            choices={usable.map((value) => ({ value, label: signIn.factors[value] }))}
          />
        )}
        {chosen === "sms" && (
          <Button onPress={send} isPending={sending.isPending}>
            {signIn.sendCode}
          </Button>
        )}
        {chosen === "sms" && isSent && <p role="status">{signIn.codeSent}</p>}
        {chosen !== "passkey" && (
          <Field
            label={chosen === "sms" ? signIn.smsCode : signIn.code}
            error={again && code === "" ? signIn.again : undefined}
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
        <Actions>
          <Button kind="main" type="submit" isPending={going.isPending}>
            {chosen === "passkey" ? signIn.byPasskey : signIn.next}
          </Button>
          <Button kind="quiet" onPress={onBack}>
            {parts.back}
          </Button>
        </Actions>
      </Form>
    </Page>
  );
}

async function show(kind: FactorKind, typed: string) {
  const { account } = device();
  if (kind !== "passkey") return account.second({ kind, code: typed.replaceAll(/\s/gu, "") });
  const options = await account.passkeyOptions();
  if (!options.ok) return options;
  const signed = await signWithPasskey(options.value);
  return signed.ok ? account.second({ kind, assertion: signed.value }) : signed;
}
