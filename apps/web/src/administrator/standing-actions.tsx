import { useState } from "react";
import type { NodeView, TreeView } from "../device/organisation/tree.ts";
import { device } from "../page/call.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Failure } from "../parts/states.tsx";
import { useFinal } from "../security/step-up.tsx";
import { useText } from "../text/text.tsx";

type Status = "suspended" | "reinstated" | "left";

/** What can be done about somebody, by whoever here stands above her: nothing final without being asked. */
export function StandingActions({
  of,
  tree,
  onDone,
}: {
  readonly of: NodeView;
  readonly tree: TreeView;
  readonly onDone: () => void;
}) {
  const { staff } = useText().administrator;
  const [asked, setAsked] = useState<Status>();
  const close = (): void => setAsked(undefined);
  const setting = useFinal(
    (status: Status) => device().organisation.setStanding(of.node, status),
    () => {
      close();
      onDone();
    },
  );
  const top = tree.nodes.find(({ node }) => node === tree.node);
  const canChange = of.node !== tree.node && top?.stands === "good" && of.stands !== "left";
  if (!canChange || of.stands === "uncertified") return null;
  const words = asked && wordsOf(asked, staff, of.name);
  return (
    <>
      <Actions>
        {of.stands === "suspended" ? (
          <Button label={staff.reinstateTitle(of.name)} onPress={() => setAsked("reinstated")}>
            {staff.reinstate}
          </Button>
        ) : (
          <Button label={staff.suspendTitle(of.name)} onPress={() => setAsked("suspended")}>
            {staff.suspend}
          </Button>
        )}
        <Button kind="quiet" label={staff.leaveTitle(of.name)} onPress={() => setAsked("left")}>
          {staff.leave}
        </Button>
      </Actions>
      <Confirm
        title={words?.title ?? ""}
        answer={asked === undefined ? "" : staff.answers[asked]}
        kind={asked === "reinstated" ? "main" : "final"}
        isOpen={asked !== undefined}
        isPending={setting.isPending}
        onAnswer={() => {
          if (asked !== undefined) setting.start(asked);
        }}
        onClose={close}
      >
        <p>{words?.more}</p>
        {setting.problem && <Failure of={setting.problem} />}
      </Confirm>
      {setting.question}
    </>
  );
}

function wordsOf(
  status: Status,
  staff: ReturnType<typeof useText>["administrator"]["staff"],
  name: string,
): { readonly title: string; readonly more: string } {
  if (status === "suspended") return { title: staff.suspendTitle(name), more: staff.suspendMore };
  if (status === "left") return { title: staff.leaveTitle(name), more: staff.leaveMore };
  return { title: staff.reinstateTitle(name), more: staff.reinstateMore };
}
