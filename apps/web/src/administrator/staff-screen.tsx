import { useState } from "react";
import type { TreeView } from "../device/organisation/tree.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Page, Section } from "../parts/page.tsx";
import { useText } from "../text/text.tsx";
import { Collect } from "./collect.tsx";
import { InviteForm } from "./invite-form.tsx";
import { InvitedRows } from "./invited-rows.tsx";
import { StandingActions } from "./standing-actions.tsx";
import { TreeTable } from "./tree-table.tsx";
import { inviters, useTrees, WithTrees } from "./trees.tsx";

/** Who works here, who is invited, and who is suspended. */
export default function StaffScreen() {
  const { administrator, shell } = useText();
  const trees = useTrees();
  return (
    <Page title={shell.places.staff} lead={administrator.staff.lead} wide>
      <WithTrees of={trees}>{(all, again) => <Staff of={all} again={again} />}</WithTrees>
    </Page>
  );
}

function Staff({ of, again }: { readonly of: readonly TreeView[]; readonly again: () => void }) {
  const { administrator } = useText();
  const { staff } = administrator;
  const invited = useAsk(() => device().organisation.invited(), []);
  const [round, setRound] = useState(0);
  const lookAgain = (): void => {
    setRound(round + 1);
    invited.again();
    again();
  };
  const by = inviters(of);
  return (
    <>
      <Section title={staff.open}>
        <Collect onDone={lookAgain} />
        <InvitedRows of={invited} onDone={lookAgain} />
      </Section>
      {by.length > 0 && (
        <Section title={staff.invite}>
          <InviteForm by={by} onDone={lookAgain} />
        </Section>
      )}
      <Section title={staff.people}>
        {of.map((tree) => (
          <TreeTable
            key={tree.node}
            of={tree}
            more={[
              {
                head: staff.change,
                cell: (node) => <StandingActions of={node} tree={tree} onDone={lookAgain} />,
              },
            ]}
          />
        ))}
      </Section>
    </>
  );
}
