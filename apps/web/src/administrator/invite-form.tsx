import { useState } from "react";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Field, Form, Radios } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { InvitationCard } from "./invitation-card.tsx";

type Role = "physician" | "department";
const ROLES: readonly Role[] = ["physician", "department"];

/** Invites somebody to be certified, and shows the invitation. */
export function InviteForm({
  by,
  onDone,
}: {
  readonly by: readonly { readonly value: string; readonly label: string }[];
  readonly onDone: () => void;
}) {
  const { staff } = useText().administrator;
  const [from, setFrom] = useState(by.at(-1)?.value ?? "");
  const [role, setRole] = useState<Role>("physician");
  const [name, setName] = useState("");
  const [node, setNode] = useState("");
  const [text, setText] = useState<string>();
  const inviting = useDo(device().organisation.invite, (made) => {
    setText(made);
    onDone();
  });
  if (text !== undefined) {
    return (
      <InvitationCard text={text} name={name} lead={staff.forOneMore}>
        <Button
          onPress={() => {
            setText(undefined);
            setName("");
            setNode("");
          }}
        >
          {staff.another}
        </Button>
      </InvitationCard>
    );
  }
  return (
    <Form
      label={staff.invite}
      onSubmit={() => inviting.start({ by: from, role, node: node.trim(), name: name.trim() })}
    >
      <div className="salus-beside">
        <Select label={staff.by} choices={by} value={from} onChange={setFrom} />
        <Radios<Role>
          label={staff.role}
          value={role}
          onChange={setRole}
          choices={ROLES.map((value) => ({ value, label: staff.roles[value] }))}
        />
        <Field label={staff.name} value={name} onChange={setName} maxLength={128} isRequired />
        <Field
          label={staff.node}
          hint={staff.nodeHint}
          value={node}
          onChange={setNode}
          maxLength={64}
          isRequired
        />
      </div>
      {inviting.problem && <Failure of={inviting.problem} />}
      <Button kind="main" type="submit" isPending={inviting.isPending}>
        {staff.make}
      </Button>
    </Form>
  );
}
