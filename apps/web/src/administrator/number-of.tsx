import { useState } from "react";
import type { AssociationView } from "../device/organisation/patients.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** What the hospital's own records call a patient, and how that is changed. */
export function NumberOf({
  of,
  by,
  onDone,
}: {
  readonly of: AssociationView;
  readonly by: string;
  readonly onDone: () => void;
}) {
  const { administrator, parts } = useText();
  const { associations } = administrator;
  const [isOpen, setOpen] = useState(false);
  const [number, setNumber] = useState(of.localId);
  const naming = useDo(
    () => device().organisation.namePatient(by, of.reference, number),
    () => {
      setOpen(false);
      onDone();
    },
  );
  const title = associations.changeOf(of.label);
  return (
    <div className="salus-number">
      {of.localId === "" ? (
        <Badge tone="notice">{associations.unnamed}</Badge>
      ) : (
        <bdi>{of.localId}</bdi>
      )}
      <Button kind="quiet" label={title} onPress={() => setOpen(true)}>
        {associations.change}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Form label={title} onSubmit={() => naming.start()}>
          <Field
            label={associations.localId}
            hint={associations.localIdHint}
            value={number}
            onChange={setNumber}
            maxLength={64}
            isRequired
            autoFocus
          />
          {naming.problem && <Failure of={naming.problem} />}
          <Actions>
            <Button kind="main" type="submit" isPending={naming.isPending}>
              {associations.keep}
            </Button>
            <Button kind="quiet" onPress={() => setOpen(false)}>
              {parts.cancel}
            </Button>
          </Actions>
        </Form>
      </Dialog>
    </div>
  );
}
