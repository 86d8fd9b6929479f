import { useState } from "react";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Section } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { isGood, NewPasswordFields, NO_PASSWORD } from "../sign-up/new-password.tsx";
import { useText } from "../text/text.tsx";
import { NewKit } from "./new-kit.tsx";
import { useFinal } from "./step-up.tsx";

/** The password, and what stands on the printed page beside it. */
export function Password() {
  const { security } = useText();
  return (
    <Section title={security.password}>
      <Disclosure title={security.changePassword}>
        <ChangePassword />
      </Disclosure>
      <Disclosure title={security.kit}>
        <ShowSecret />
      </Disclosure>
      <Disclosure title={security.newKitTitle}>
        <NewKit />
      </Disclosure>
    </Section>
  );
}

function ChangePassword() {
  const { security } = useText();
  const [typed, setTyped] = useState(NO_PASSWORD);
  const [isDone, setDone] = useState(false);
  const changing = useFinal(
    () => device().account.changePassword(typed.password),
    () => {
      setTyped(NO_PASSWORD);
      setDone(true);
    },
  );
  return (
    <Form onSubmit={() => isGood(typed) && changing.start()} label={security.changePassword}>
      <NewPasswordFields label={security.newPassword} value={typed} onChange={setTyped} />
      {changing.problem && <Failure of={changing.problem} />}
      {isDone && <p role="status">{security.passwordChanged}</p>}
      <Button type="submit" isPending={changing.isPending} isDisabled={!isGood(typed)}>
        {security.changePassword}
      </Button>
      {changing.question}
    </Form>
  );
}

function ShowSecret() {
  const { security } = useText();
  const [password, setPassword] = useState("");
  const [secret, setSecret] = useState<string>();
  const showing = useDo(
    () => device().account.deviceSecret(password),
    (text) => {
      setPassword("");
      setSecret(text);
    },
  );
  return (
    <Form onSubmit={showing.start} label={security.kit}>
      <p>{security.kitLead}</p>
      {secret === undefined ? (
        <>
          <Field
            label={security.password}
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
            isRequired
          />
          {showing.problem && <Failure of={showing.problem} />}
          <Button type="submit" isPending={showing.isPending}>
            {security.showSecret}
          </Button>
        </>
      ) : (
        <code className="salus-secret" translate="no" dir="ltr">
          {secret}
        </code>
      )}
    </Form>
  );
}
