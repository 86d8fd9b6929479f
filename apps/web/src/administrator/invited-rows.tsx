import { useState } from "react";
import type { InvitedView } from "../device/organisation/staff.ts";
import { device } from "../page/call.ts";
import { type Asked, useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Confirm, Dialog } from "../parts/dialog.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { InvitationCard } from "./invitation-card.tsx";

/** Who has not answered yet: the invitation can be shown again, or withdrawn. */
export function InvitedRows({
  of,
  onDone,
}: {
  readonly of: Asked<readonly InvitedView[]>;
  readonly onDone: () => void;
}) {
  const { staff } = useText().administrator;
  if (of.state === "loading") return <Waiting for={staff.open} />;
  if (of.state === "failed") return <Failure of={of.problem} onAgain={of.again} />;
  if (of.view.length === 0) return <Nothing title={staff.openNone} />;
  return (
    <Rows label={staff.open}>
      {of.view.map((one) => (
        <Invited key={one.id} of={one} onDone={onDone} />
      ))}
    </Rows>
  );
}

function Invited({ of, onDone }: { readonly of: InvitedView; readonly onDone: () => void }) {
  const { administrator, parts } = useText();
  const { staff, organisation } = administrator;
  const format = useFormat();
  const [open, setOpen] = useState<"shown" | "withdrawing">();
  const close = (): void => setOpen(undefined);
  const withdrawing = useDo(
    () => device().organisation.withdraw(of.by, of.id),
    () => {
      close();
      onDone();
    },
  );
  const isOver = of.expires < Date.now();
  const role = of.role === "patient" ? staff.patient : organisation.roles[of.role];
  const until = isOver ? staff.over : staff.until(format.dateTime(of.expires));
  const details = [role, ...(of.node === "" ? [] : [of.node]), until];
  return (
    <Row
      title={<bdi>{of.name}</bdi>}
      detail={<bdi>{details.join(" · ")}</bdi>}
      end={
        <>
          {isOver && <Badge tone="notice">{staff.over}</Badge>}
          <Actions>
            <Button onPress={() => setOpen("shown")}>{staff.show}</Button>
            <Button kind="quiet" onPress={() => setOpen("withdrawing")}>
              {staff.withdraw}
            </Button>
          </Actions>
          <Dialog title={staff.forOne(of.name)} isOpen={open === "shown"} onClose={close}>
            <InvitationCard text={of.text} name={of.name} lead={staff.forOneMore}>
              <Button onPress={close}>{parts.close}</Button>
            </InvitationCard>
          </Dialog>
          <Confirm
            title={staff.withdrawTitle(of.name)}
            answer={staff.withdraw}
            isOpen={open === "withdrawing"}
            isPending={withdrawing.isPending}
            onAnswer={() => withdrawing.start()}
            onClose={close}
          >
            <p>{staff.withdrawMore}</p>
            {withdrawing.problem && <Failure of={withdrawing.problem} />}
          </Confirm>
        </>
      }
    />
  );
}
