import { useState } from "react";
import type { Standing } from "../device/practice/standing.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Card } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** What stands between this device and its work; nothing when it is certified. */
export function StandingCard({
  of,
  onAgain,
}: {
  readonly of: Standing;
  readonly onAgain: () => void;
}) {
  const { practitioner } = useText();
  const { standing } = practitioner;
  if (of.state !== "none") {
    if (of.state === "good") return null;
    return (
      <Card tone="notice" label={standing.suspended}>
        <h2>{standing.suspended}</h2>
        <p>{standing.suspendedLead}</p>
      </Card>
    );
  }
  return (
    <Card tone="notice" label={standing.none}>
      <h2>{standing.none}</h2>
      <p>{standing.noneLead}</p>
      <JoinForm onAgain={onAgain} />
      <Disclosure title={standing.other}>
        <Field label={standing.card} hint={standing.cardHint} value={of.card} lines isReadOnly />
      </Disclosure>
    </Card>
  );
}

function JoinForm({ onAgain }: { readonly onAgain: () => void }) {
  const { standing } = useText().practitioner;
  const [invitation, setInvitation] = useState("");
  const [isSent, setSent] = useState(false);
  const joining = useDo(device().practice.join, () => setSent(true));
  return (
    <Form onSubmit={() => joining.start(invitation)} label={standing.join}>
      {joining.problem && <Failure of={joining.problem} />}
      <Field
        label={standing.invitation}
        hint={standing.invitationHint}
        value={invitation}
        onChange={setInvitation}
        lines
        isRequired
      />
      {isSent && <p role="status">{standing.joined}</p>}
      <Actions>
        <Button kind="main" type="submit" isPending={joining.isPending}>
          {standing.join}
        </Button>
        <Button onPress={onAgain}>{standing.look}</Button>
      </Actions>
    </Form>
  );
}

/** Lets a certified device speak for another one of the same person. */
export function CertifyOther() {
  const { standing } = useText().practitioner;
  const [card, setCard] = useState("");
  const [isDone, setDone] = useState(false);
  const certifying = useDo(device().practice.certify, () => {
    setCard("");
    setDone(true);
  });
  return (
    <Disclosure title={standing.certify}>
      <Form onSubmit={() => certifying.start(card)} label={standing.certify}>
        {certifying.problem && <Failure of={certifying.problem} />}
        <Field
          label={standing.card}
          hint={standing.certifyHint}
          value={card}
          onChange={setCard}
          lines
          isRequired
        />
        {isDone && <p role="status">{standing.certifyDone}</p>}
        <Button type="submit" isPending={certifying.isPending}>
          {standing.certifyDo}
        </Button>
      </Form>
    </Disclosure>
  );
}
