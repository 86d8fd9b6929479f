import { useState } from "react";
import type { KeptHome } from "../device/who.ts";
import { device } from "../page/call.ts";
import { evaluatePasskey, hasPasskeys } from "../page/passkey.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Field, Form, Radios } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import type { Take } from "./take.ts";

/** Opens what this browser keeps of somebody: by her password, or by a passkey. */
export function KeptHomes({
  homes,
  take,
  onGone,
}: {
  readonly homes: readonly [KeptHome, ...KeptHome[]];
  readonly take: Take;
  /** One was destroyed. */
  readonly onGone: () => void;
}) {
  const { signIn } = useText();
  const [id, setId] = useState(homes[0].id);
  const [password, setPassword] = useState("");
  const home = homes.find((one) => one.id === id) ?? homes[0];
  const going = useDo(() => device().account.unlock(home.id, { password }), take);
  const byPasskey = useDo(() => unlockByPasskey(home.id), take);
  const problem = going.problem ?? byPasskey.problem;
  return (
    <Form onSubmit={going.start} label={signIn.unlock}>
      {homes.length > 1 && (
        <Radios<string>
          label={signIn.which}
          value={home.id}
          onChange={(chosen) => {
            setId(chosen);
            setPassword("");
          }}
          choices={homes.map((one, at) => ({
            value: one.id,
            label: <bdi>{one.label || signIn.unnamed(at + 1)}</bdi>,
          }))}
        />
      )}
      {homes.length === 1 && <p className="salus-kept-name">{<bdi>{home.label}</bdi>}</p>}
      <Field
        label={signIn.password}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        isRequired
        autoFocus
      />
      {problem && <Failure of={problem} />}
      <Actions>
        <Button kind="main" type="submit" isPending={going.isPending}>
          {signIn.unlock}
        </Button>
        {home.passkey && hasPasskeys() && (
          <Button onPress={byPasskey.start} isPending={byPasskey.isPending}>
            {signIn.byPasskey}
          </Button>
        )}
        <Destroy of={home} onGone={onGone} />
      </Actions>
    </Form>
  );
}

function Destroy({ of, onGone }: { readonly of: KeptHome; readonly onGone: () => void }) {
  const { signIn } = useText();
  const [isAsked, setAsked] = useState(false);
  const destroying = useDo(
    () => device().account.destroy(of.id),
    () => {
      setAsked(false);
      onGone();
    },
  );
  return (
    <>
      <Button kind="quiet" onPress={() => setAsked(true)}>
        {signIn.destroy}
      </Button>
      <Confirm
        title={signIn.destroyTitle}
        answer={signIn.destroy}
        isOpen={isAsked}
        isPending={destroying.isPending}
        onAnswer={destroying.start}
        onClose={() => setAsked(false)}
      >
        <p>{signIn.destroyBody}</p>
        {destroying.problem && <Failure of={destroying.problem} />}
      </Confirm>
    </>
  );
}

async function unlockByPasskey(id: string) {
  const { account } = device();
  const asked = await account.passkeysOf(id);
  if (!asked.ok) return asked;
  const passkey = await evaluatePasskey(asked.value);
  return passkey.ok ? account.unlock(id, { passkey: passkey.value }) : passkey;
}
