import { useState } from "react";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { InvitationCard } from "./invitation-card.tsx";

/** Invites a patient to let the organisation write, and shows the invitation. */
export function InvitePatient({ by }: { readonly by: string }) {
  const { associations } = useText().administrator;
  const [label, setLabel] = useState("");
  const [localId, setLocalId] = useState("");
  const [text, setText] = useState<string>();
  const inviting = useDo(device().organisation.invitePatient, setText);
  if (text !== undefined) {
    return (
      <InvitationCard text={text} name={label} lead={associations.forOneMore}>
        <Button
          onPress={() => {
            setText(undefined);
            setLabel("");
            setLocalId("");
          }}
        >
          {associations.another}
        </Button>
      </InvitationCard>
    );
  }
  return (
    <Form
      label={associations.invite}
      onSubmit={() => inviting.start(by, label.trim(), localId.trim())}
    >
      <div className="salus-beside">
        <Field
          label={associations.label}
          hint={associations.labelHint}
          value={label}
          onChange={setLabel}
          maxLength={200}
          isRequired
        />
        <Field
          label={associations.localId}
          hint={associations.localIdHint}
          value={localId}
          onChange={setLocalId}
          maxLength={64}
        />
      </div>
      {inviting.problem && <Failure of={inviting.problem} />}
      <Button kind="main" type="submit" isPending={inviting.isPending}>
        {associations.make}
      </Button>
    </Form>
  );
}
