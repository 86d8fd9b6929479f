import { useState } from "react";
import type { AssociationView } from "../device/organisation/patients.ts";
import type { TreeView } from "../device/organisation/tree.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Badge } from "../parts/chip.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Select } from "../parts/select.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { Collect } from "./collect.tsx";
import { InvitePatient } from "./invite-patient.tsx";
import { NumberOf } from "./number-of.tsx";
import { certifiedOnes, useTrees, WithTrees } from "./trees.tsx";

/** Patients who let the organisation write. Nothing of what is written is shown. */
export default function AssociationsScreen() {
  const { administrator, shell } = useText();
  const trees = useTrees();
  return (
    <Page title={shell.places.associations} lead={administrator.associations.lead} wide>
      <WithTrees of={trees}>{(all) => <OfTrees of={all} />}</WithTrees>
    </Page>
  );
}

function OfTrees({ of }: { readonly of: readonly TreeView[] }) {
  const { administrator } = useText();
  const by = certifiedOnes(of);
  const [chosen, setChosen] = useState(by[0]?.value);
  const node = chosen ?? by[0]?.value;
  if (node === undefined) {
    return <Nothing title={administrator.organisation.stands.uncertified} />;
  }
  return (
    <>
      {by.length > 1 && (
        <Select label={administrator.choose} choices={by} value={node} onChange={setChosen} />
      )}
      <Associations key={node} node={node} />
    </>
  );
}

function Associations({ node }: { readonly node: string }) {
  const { associations } = useText().administrator;
  const asked = useAsk(() => device().organisation.associations(node), [node]);
  const { again } = asked;
  return (
    <>
      <Section title={associations.all}>
        <Collect onDone={again} />
        {asked.state === "loading" && <Waiting for={associations.all} lines={4} />}
        {asked.state === "failed" && <Failure of={asked.problem} onAgain={again} />}
        {asked.state === "ready" && <Listed of={asked.view} node={node} again={again} />}
      </Section>
      <Section title={associations.invite}>
        <InvitePatient by={node} />
      </Section>
    </>
  );
}

function Listed({
  of,
  node,
  again,
}: {
  readonly of: readonly AssociationView[];
  readonly node: string;
  readonly again: () => void;
}) {
  const { associations } = useText().administrator;
  const format = useFormat();
  if (of.length === 0) {
    return (
      <Nothing title={associations.none}>
        <p>{associations.noneMore}</p>
      </Nothing>
    );
  }
  return (
    <Table
      caption={associations.all}
      items={of}
      keyOf={({ reference }) => reference}
      columns={[
        {
          head: associations.patient,
          cell: ({ label }) => (
            <strong>
              <bdi>{label}</bdi>
            </strong>
          ),
        },
        {
          head: associations.number,
          cell: (one) => <NumberOf of={one} by={node} onDone={again} />,
        },
        {
          head: associations.since,
          cell: ({ since }) =>
            since === undefined ? associations.unknownSince : format.dateTime(since),
        },
        { head: associations.now, cell: ({ live }) => <Now of={live} /> },
      ]}
    />
  );
}

function Now({ of }: { readonly of: boolean | undefined }) {
  const { associations } = useText().administrator;
  if (of === undefined) return <Badge tone="notice">{associations.unasked}</Badge>;
  return of ? <Badge>{associations.live}</Badge> : <Badge tone="notice">{associations.over}</Badge>;
}
