import { Check } from "lucide-react";
import { useState } from "react";
import { RegistrationText } from "../deciding/names.tsx";
import { Told } from "../deciding/told.tsx";
import type { InvitationView } from "../device/sources/sources.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { CodeReader } from "../parts/code-reader.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Card } from "../parts/page.tsx";
import { Facts } from "../parts/rows.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** Lets a hospital in: its invitation is read, it is shown who that is, and she agrees or does not. */
export function AddSource({ onDone }: { readonly onDone: () => void }) {
  const { sources } = useText();
  const [invitation, setInvitation] = useState<InvitationView>();
  const [isDone, setDone] = useState(false);
  const reading = useDo((text: string) => device().sources.read(text), setInvitation);
  const read = (text: string): void => {
    setDone(false);
    reading.start(text);
  };
  if (invitation !== undefined) {
    return (
      <Invitation
        of={invitation}
        onDone={() => {
          setInvitation(undefined);
          setDone(true);
          onDone();
        }}
        onNo={() => setInvitation(undefined)}
      />
    );
  }
  return (
    <>
      <p className="salus-soft">{sources.addLead}</p>
      {isDone && (
        <p className="salus-with-icon" role="status" data-tone="good">
          <Check size={20} aria-hidden="true" />
          {sources.agreed}
        </p>
      )}
      {reading.problem && <Failure of={reading.problem} />}
      <Disclosure title={sources.addStart}>
        <CodeReader onRead={read} />
      </Disclosure>
    </>
  );
}

function Invitation({
  of,
  onDone,
  onNo,
}: {
  readonly of: InvitationView;
  readonly onDone: () => void;
  readonly onNo: () => void;
}) {
  const { sources } = useText();
  const format = useFormat();
  const agreeing = useDo(() => device().sources.agree(of.id), onDone);
  return (
    <Card tone="accent" label={sources.invited}>
      <h3>{sources.invited}</h3>
      <Facts
        of={[
          [
            sources.name,
            <strong key="name">
              <Told>{of.name}</Told>
            </strong>,
          ],
          [sources.node, <Told key="node">{of.node}</Told>],
          ...of.registrations.map(
            (one) => [sources.registration, <RegistrationText key={one} of={one} />] as const,
          ),
          [sources.until, format.dateTime(of.expires)],
        ]}
      />
      <p className="salus-with-icon">
        <Check size={18} aria-hidden="true" />
        {sources.certified}
      </p>
      <p>{of.known ? sources.invitedKnown : sources.invitedMore}</p>
      {agreeing.problem && <Failure of={agreeing.problem} />}
      <Actions>
        <Button kind="main" isPending={agreeing.isPending} onPress={agreeing.start}>
          {sources.agree}
        </Button>
        <Button kind="quiet" onPress={onNo}>
          {sources.otherOne}
        </Button>
      </Actions>
    </Card>
  );
}
