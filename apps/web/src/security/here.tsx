import { useState } from "react";
import type { SecurityView } from "../device/account/security.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Section } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { SignOut } from "./sign-out.tsx";

/** What this browser keeps, and leaving it. */
export function Here({
  home,
  onChanged,
}: {
  /** Unknown while the services do not answer: leaving does not wait for them. */
  readonly home: SecurityView["home"] | undefined;
  readonly onChanged: () => void;
}) {
  const { security } = useText();
  return (
    <Section title={security.here}>
      {home && (
        <p>
          {home.shared ? security.hereShared : security.hereOwn}
          {home.passkeys > 0 && ` ${security.herePasskeys(home.passkeys)}`}
        </p>
      )}
      {home && home.passkeys > 0 && <CloseToPasskeys onClosed={onChanged} />}
      {home && !home.shared && (
        <Disclosure title={security.label}>
          <Rename label={home.label} onRenamed={onChanged} />
        </Disclosure>
      )}
      <SignOut />
    </Section>
  );
}

function CloseToPasskeys({ onClosed }: { readonly onClosed: () => void }) {
  const { security } = useText();
  const closing = useDo(() => device().account.closeHomeToPasskeys(), onClosed);
  return (
    <Actions>
      <Button onPress={closing.start} isPending={closing.isPending}>
        {security.closeToPasskeys}
      </Button>
      {closing.problem && <Failure of={closing.problem} />}
    </Actions>
  );
}

function Rename({ label, onRenamed }: { readonly label: string; readonly onRenamed: () => void }) {
  const { security, signIn, parts } = useText();
  const [typed, setTyped] = useState(label);
  const renaming = useDo(() => device().account.renameHome(typed), onRenamed);
  return (
    <Form onSubmit={renaming.start}>
      <Field
        label={security.label}
        hint={signIn.labelHint}
        value={typed}
        onChange={setTyped}
        maxLength={60}
        autoComplete="off"
      />
      {renaming.problem && <Failure of={renaming.problem} />}
      <Button type="submit" isPending={renaming.isPending}>
        {parts.save}
      </Button>
    </Form>
  );
}
