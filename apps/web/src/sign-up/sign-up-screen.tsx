import type { PolicyChoice } from "@salus/protocol";
import { useState } from "react";
import { Link } from "wouter";
import type { Kit } from "../device/account/kit.ts";
import type { Keeping } from "../device/account/sign-in.ts";
import type { Role } from "../device/who.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Checkbox, Field, Form, Radios } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useEntering } from "../sign-in/entering.tsx";
import { KeepingFields } from "../sign-in/keeping-fields.tsx";
import { useText } from "../text/text.tsx";
import { ConfirmWords } from "./confirm-words.tsx";
import { IndexChoice } from "./index-choice.tsx";
import { KitPage } from "./kit.tsx";
import { isGood, NewPasswordFields, NO_PASSWORD } from "./new-password.tsx";

const ROLES: readonly Role[] = ["patient", "practitioner", "administrator"];

/** An account: who she is, a page to print, the proof that she has it, and a second factor. */
export default function SignUpScreen() {
  const { take, screen } = useEntering();
  const [kit, setKit] = useState<Kit>();
  const [hasKit, setHasKit] = useState(false);
  return (
    <>
      {/* Kept while the steps go on: whoever goes back finds what she typed. */}
      <div hidden={kit !== undefined}>
        <NewcomerForm onKit={setKit} />
      </div>
      {screen === undefined && kit !== undefined && !hasKit && (
        <PrintKit kit={kit} onNext={() => setHasKit(true)} onBack={() => setKit(undefined)} />
      )}
      {screen === undefined && kit !== undefined && hasKit && (
        <ConfirmWords
          kit={kit}
          take={take}
          onShow={() => setHasKit(false)}
          onRename={(login) => setKit({ ...kit, login })}
        />
      )}
      {screen}
    </>
  );
}

function NewcomerForm({ onKit }: { readonly onKit: (kit: Kit) => void }) {
  const { signUp, signIn, shell } = useText();
  const [name, setName] = useState("");
  const [login, setLogin] = useState("");
  const [role, setRole] = useState<Role>("patient");
  const [policy, setPolicy] = useState<PolicyChoice>("balanced");
  const [typed, setTyped] = useState(NO_PASSWORD);
  const [keeping, setKeeping] = useState<Keeping>({ label: signIn.labelDefault, shared: false });
  const { password } = typed;
  const going = useDo(
    () => device().account.signUp({ name, login, role, password, policy, keeping }),
    onKit,
  );
  return (
    <Page title={signUp.title} lead={signUp.lead}>
      <Form onSubmit={() => isGood(typed) && going.start()} label={signUp.title}>
        <Field
          label={signUp.name}
          hint={signUp.nameHint}
          autoComplete="name"
          value={name}
          onChange={setName}
          isRequired
        />
        <Field
          label={signUp.login}
          hint={signUp.loginHint}
          autoComplete="username"
          value={login}
          onChange={setLogin}
          isRequired
        />
        <Radios<Role>
          label={signIn.as}
          value={role}
          onChange={setRole}
          choices={ROLES.map((value) => ({ value, label: shell.roles[value] }))}
        />
        <NewPasswordFields label={signUp.password} value={typed} onChange={setTyped} />
        <KeepingFields value={keeping} onChange={setKeeping} />
        {role === "patient" && <IndexChoice value={policy} onChange={setPolicy} />}
        {going.problem && <Failure of={going.problem} />}
        <Button kind="main" type="submit" isPending={going.isPending} isDisabled={!isGood(typed)}>
          {signUp.submit}
        </Button>
      </Form>
      <nav className="salus-other-ways" aria-label={signUp.title}>
        <Link href="/sign-in">{signUp.haveOne}</Link>
      </nav>
    </Page>
  );
}

function PrintKit({
  kit,
  onNext,
  onBack,
}: {
  readonly kit: Kit;
  readonly onNext: () => void;
  /** To what she said of herself: another page is drawn then. */
  readonly onBack: () => void;
}) {
  const { signUp, parts } = useText();
  const [isPrinted, setPrinted] = useState(false);
  return (
    <Page title={signUp.kitTitle} lead={signUp.kitLead}>
      <KitPage of={kit} />
      <div className="salus-form salus-no-print">
        <Button onPress={() => print()}>{signUp.print}</Button>
        <Checkbox isSelected={isPrinted} onChange={setPrinted}>
          {signUp.printed}
        </Checkbox>
        <Actions>
          <Button kind="main" isDisabled={!isPrinted} onPress={onNext}>
            {signUp.submit}
          </Button>
          <Button kind="quiet" onPress={onBack}>
            {parts.back}
          </Button>
        </Actions>
      </div>
    </Page>
  );
}
