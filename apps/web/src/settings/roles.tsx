import { useState } from "react";
import type { Role } from "../device/who.ts";
import { device } from "../page/call.ts";
import { useWho } from "../page/session.tsx";
import { Actions, Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Checks, Form } from "../parts/field.tsx";
import { Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure } from "../parts/states.tsx";
import { useFinal } from "../security/step-up.tsx";
import { PasswordForm } from "../sign-in/password-form.tsx";
import type { Take } from "../sign-in/take.ts";
import { useText } from "../text/text.tsx";

const ROLES: readonly Role[] = ["patient", "practitioner", "administrator"];

/** What she uses Salus as: one person may be several, and goes on as one at a time. */
export function Roles({ take }: { readonly take: Take }) {
  const { settings, shell } = useText();
  const { role, roles, online } = useWho();
  const [chosen, setChosen] = useState<readonly Role[]>(roles);
  const holding = useFinal((wanted: readonly Role[]) => device().account.holdRoles(wanted), take);
  const isSame = chosen.length === roles.length && chosen.every((one) => roles.includes(one));
  const others = roles.filter((one) => one !== role);
  return (
    <Section title={settings.roles}>
      <p className="salus-soft">{settings.rolesLead}</p>
      <Form onSubmit={() => holding.start(chosen)} label={settings.roles}>
        <Checks<Role>
          label={settings.rolesHeld}
          hint={settings.rolesHint(shell.roles[role])}
          value={chosen}
          onChange={setChosen}
          choices={ROLES.map((value) => ({
            value,
            label: shell.roles[value],
            isDisabled: value === role,
          }))}
        />
        {holding.problem && <Failure of={holding.problem} />}
        <Actions>
          <Button type="submit" isDisabled={isSame || !online} isPending={holding.isPending}>
            {settings.rolesSave}
          </Button>
        </Actions>
        {holding.question}
      </Form>
      {others.length > 0 && (
        <Rows label={settings.rolesOther}>
          {others.map((one) => (
            <OtherRole key={one} role={one} take={take} />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function OtherRole({ role, take }: { readonly role: Role; readonly take: Take }) {
  const { settings, shell, parts } = useText();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Row
        title={shell.roles[role]}
        detail={settings.roleDetails[role]}
        end={<Button onPress={() => setAsking(true)}>{settings.goOn(shell.roles[role])}</Button>}
      />
      <Dialog
        title={settings.goOn(shell.roles[role])}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        <p>{settings.goOnLead}</p>
        <PasswordForm
          work={(password) => device().account.goOnAs(role, password)}
          take={(entered) => {
            setAsking(false);
            take(entered);
          }}
          back={{ label: parts.cancel, go: () => setAsking(false) }}
        />
      </Dialog>
    </>
  );
}
