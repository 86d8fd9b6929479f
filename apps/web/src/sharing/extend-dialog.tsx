import { useState } from "react";
import { dayOf, endOf } from "../deciding/time-left.ts";
import type { AccessView } from "../device/sharing/access-view.ts";
import { device } from "../page/call.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field, Form, Radios } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useFinal } from "../security/step-up.tsx";
import { useText } from "../text/text.tsx";

const DAY_MS = 86_400_000;
const SPANS = { week: 7 * DAY_MS, month: 30 * DAY_MS, quarter: 90 * DAY_MS } as const;
type By = keyof typeof SPANS | "other";

/** Lets an access last longer; she is asked who she is. */
export function ExtendDialog({
  of,
  isOpen,
  onClose,
  onDone,
}: {
  readonly of: AccessView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { sharing, parts } = useText();
  const [by, setBy] = useState<By>("month");
  const [day, setDay] = useState("");
  const extending = useFinal((until: number) => device().sharing.extend(of.id, until), onDone);
  const until = by === "other" ? endOf(day) : of.until + SPANS[by];
  const isLater = until !== undefined && until > of.until;
  return (
    <>
      <Dialog title={sharing.extendTitle} isOpen={isOpen} onClose={onClose}>
        <p>{sharing.extendMore}</p>
        <Form onSubmit={() => isLater && extending.start(until)}>
          <Radios<By>
            label={sharing.until}
            value={by}
            onChange={setBy}
            choices={(["week", "month", "quarter", "other"] as const).map((value) => ({
              value,
              label: sharing.extendBy[value],
            }))}
          />
          {by === "other" && (
            <Field
              label={sharing.extendDay}
              type="date"
              min={dayOf(of.until)}
              value={day}
              onChange={setDay}
            />
          )}
          {extending.problem && <Failure of={extending.problem} />}
          <Actions>
            <Button kind="main" type="submit" isDisabled={!isLater} isPending={extending.isPending}>
              {sharing.extendAnswer}
            </Button>
            <Button kind="quiet" onPress={onClose}>
              {parts.cancel}
            </Button>
          </Actions>
        </Form>
      </Dialog>
      {extending.question}
    </>
  );
}
