import { useState } from "react";
import { Link } from "wouter";
import type { Keeping } from "../device/account/sign-in.ts";
import type { Role } from "../device/who.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Field, Form, Radios } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { KeepingFields } from "./keeping-fields.tsx";
import type { Take } from "./take.ts";

const ROLES: readonly Role[] = ["patient", "practitioner", "administrator"];

/** Login and password, in a browser that has nothing of hers. */
export function CredentialsForm({ take }: { readonly take: Take }) {
  const { signIn, shell } = useText();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("patient");
  const [deviceSecret, setDeviceSecret] = useState("");
  const [keeping, setKeeping] = useState<Keeping>({ label: signIn.labelDefault, shared: false });
  const going = useDo(
    () => device().account.signIn({ login, password, role, deviceSecret, keeping }),
    take,
  );
  return (
    <Form onSubmit={going.start} label={signIn.title}>
      <Field
        label={signIn.login}
        autoComplete="username"
        value={login}
        onChange={setLogin}
        isRequired
      />
      <Field
        label={signIn.password}
        hint={signIn.passwordHint}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        isRequired
      />
      <Radios<Role>
        label={signIn.as}
        value={role}
        onChange={setRole}
        choices={ROLES.map((value) => ({ value, label: shell.roles[value] }))}
      />
      <Field
        label={signIn.deviceSecret}
        hint={signIn.deviceSecretHint}
        autoComplete="off"
        value={deviceSecret}
        onChange={setDeviceSecret}
      />
      <KeepingFields value={keeping} onChange={setKeeping} />
      {going.problem && <Failure of={going.problem} />}
      <Button kind="main" type="submit" isPending={going.isPending}>
        {signIn.submit}
      </Button>
    </Form>
  );
}

/** Where else one may go before signing in. */
export function OtherWays() {
  const { signIn } = useText();
  return (
    <nav className="salus-other-ways" aria-label={signIn.title}>
      <Link href="/sign-up">{signIn.toSignUp}</Link>
      <Link href="/recover">{signIn.toRecover}</Link>
    </nav>
  );
}
