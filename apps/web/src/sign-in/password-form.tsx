import type { Result } from "@salus/base";
import { useState } from "react";
import type { Entered } from "../device/account/entered.ts";
import type { Problem } from "../device/problem.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import type { Take } from "./take.ts";

/** Asks somebody whom the device knows for her password alone. */
export function PasswordForm({
  work,
  take,
  back,
}: {
  readonly work: (password: string) => Promise<Result<Entered, Problem>>;
  readonly take: Take;
  readonly back: { readonly label: string; readonly go: () => void };
}) {
  const { signIn } = useText();
  const [password, setPassword] = useState("");
  const going = useDo(() => work(password), take);
  return (
    <Form onSubmit={() => going.start()}>
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
        <Button kind="quiet" onPress={back.go}>
          {back.label}
        </Button>
      </Actions>
    </Form>
  );
}
