import { useState } from "react";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import type { Take } from "./entering.tsx";

/** What is kept is open, and the session is over. */
export function SessionOver({
  take,
  onBack,
}: {
  readonly take: Take;
  readonly onBack: () => void;
}) {
  const { signIn, parts } = useText();
  const [password, setPassword] = useState("");
  const going = useDo(() => device().account.password(password), take);
  return (
    <Page title={signIn.sessionTitle} lead={signIn.sessionLead}>
      <Form onSubmit={going.start}>
        <Field
          label={signIn.password}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
          autoFocus
        />
        {going.problem && <Failure of={going.problem} />}
        <Actions>
          <Button kind="main" type="submit" isPending={going.isPending}>
            {signIn.submit}
          </Button>
          <Button kind="quiet" onPress={onBack}>
            {parts.back}
          </Button>
        </Actions>
      </Form>
    </Page>
  );
}
