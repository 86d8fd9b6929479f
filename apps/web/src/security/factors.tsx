import { useState } from "react";
import type { FactorView } from "../device/account/security.ts";
import { device } from "../page/call.ts";
import { hasPasskeys } from "../page/passkey.ts";
import { useWho } from "../page/session.tsx";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure } from "../parts/states.tsx";
import { AddAuthenticator } from "../sign-in/add-authenticator.tsx";
import { addPasskey } from "../sign-in/add-factor.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { AddPhone } from "./add-phone.tsx";
import { Removable } from "./removable.tsx";
import { useFinal } from "./step-up.tsx";

/** What is asked for beside the password on new devices. */
export function Factors({
  factors,
  onChanged,
}: {
  readonly factors: readonly FactorView[];
  readonly onChanged: () => void;
}) {
  const { security } = useText();
  const format = useFormat();
  const { role } = useWho();
  const shownHint = (kind: FactorView["kind"], hint: string): string | undefined =>
    kind === "passkey" ? security.passkeyHints[hint] : hint;
  return (
    <Section title={security.factors}>
      <p className="salus-soft">{security.factorsLead}</p>
      <Rows label={security.factors}>
        {factors.map(({ id, kind, added, hint }) => {
          const name = security.factorKinds[kind];
          return (
            <Row
              key={id}
              title={name}
              detail={[shownHint(kind, hint), security.added(format.date(added))]
                .filter(Boolean)
                .join(" · ")}
              end={
                <Removable
                  label={security.remove}
                  what={name}
                  title={security.removeFactor}
                  body={security.removeFactorBody}
                  remove={() => device().account.removeFactor(id)}
                  onRemoved={onChanged}
                />
              }
            />
          );
        })}
      </Rows>
      {hasPasskeys() && <AddPasskey onAdded={onChanged} />}
      <Adding title={security.addApp} onAdded={onChanged} kind="app" />
      {role === "patient" && <Adding title={security.addPhone} onAdded={onChanged} kind="phone" />}
    </Section>
  );
}

/** What is typed is forgotten when it is done: it opens anew for the next. */
function Adding({
  title,
  kind,
  onAdded,
}: {
  readonly title: string;
  readonly kind: "app" | "phone";
  readonly onAdded: () => void;
}) {
  const [count, setCount] = useState(0);
  const added = (): void => {
    setCount(count + 1);
    onAdded();
  };
  return (
    <Disclosure key={count} title={title}>
      {kind === "app" ? <AddAuthenticator take={added} /> : <AddPhone onAdded={added} />}
    </Disclosure>
  );
}

function AddPasskey({ onAdded }: { readonly onAdded: () => void }) {
  const { security } = useText();
  const [opens, setOpens] = useState<boolean>();
  const adding = useFinal(addPasskey, (added) => {
    setOpens(added.opens);
    onAdded();
  });
  return (
    <>
      {adding.problem && <Failure of={adding.problem} />}
      {opens !== undefined && (
        <p role="status">{opens ? security.passkeyOpens : security.passkeySigns}</p>
      )}
      <Actions>
        <Button onPress={adding.start} isPending={adding.isPending}>
          {security.addPasskey}
        </Button>
      </Actions>
      {adding.question}
    </>
  );
}
