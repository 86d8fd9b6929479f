import { useState } from "react";
import type { Keeping } from "../device/account/sign-in.ts";
import type { Role } from "../device/who.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Checkbox, Field, Form, Radios } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useEntering } from "../sign-in/entering.tsx";
import { KeepingFields } from "../sign-in/keeping-fields.tsx";
import { isGood, NewPasswordFields, NO_PASSWORD } from "../sign-up/new-password.tsx";
import { useText } from "../text/text.tsx";

const ROLES: readonly Role[] = ["patient", "practitioner", "administrator"];

/** For whom the phrase is all that is left. */
export default function RecoverScreen() {
  const { recover, signIn, shell } = useText();
  const { take, screen } = useEntering();
  const [login, setLogin] = useState("");
  const [phrase, setPhrase] = useState("");
  const [typed, setTyped] = useState(NO_PASSWORD);
  const [role, setRole] = useState<Role>("patient");
  const [removeDevices, setRemove] = useState(false);
  const [keeping, setKeeping] = useState<Keeping>({ label: signIn.labelDefault, shared: false });
  const newPassword = typed.password;
  const going = useDo(
    () => device().account.recover({ login, phrase, newPassword, role, removeDevices, keeping }),
    take,
  );
  if (screen) return screen;
  return (
    <Page title={recover.title} lead={recover.lead} back={{ to: "/sign-in", label: signIn.title }}>
      <Form onSubmit={() => isGood(typed) && going.start()} label={recover.title}>
        <Field
          label={signIn.login}
          autoComplete="username"
          value={login}
          onChange={setLogin}
          isRequired
        />
        <Field
          label={recover.phrase}
          hint={recover.phraseHint}
          autoComplete="off"
          lines
          value={phrase}
          onChange={setPhrase}
          isRequired
        />
        <Radios<Role>
          label={signIn.as}
          value={role}
          onChange={setRole}
          choices={ROLES.map((value) => ({ value, label: shell.roles[value] }))}
        />
        <NewPasswordFields label={recover.newPassword} value={typed} onChange={setTyped} />
        <Checkbox isSelected={removeDevices} onChange={setRemove} hint={recover.removeHint}>
          {recover.remove}
        </Checkbox>
        <KeepingFields value={keeping} onChange={setKeeping} />
        {going.problem && <Failure of={going.problem} />}
        <Button kind="main" type="submit" isPending={going.isPending} isDisabled={!isGood(typed)}>
          {recover.submit}
        </Button>
      </Form>
    </Page>
  );
}
