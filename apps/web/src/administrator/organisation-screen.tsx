import { useState } from "react";
import type { TreeView } from "../device/organisation/tree.ts";
import { device } from "../page/call.ts";
import { type Asked, useAsk, useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field } from "../parts/field.tsx";
import { Card, Page } from "../parts/page.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Failure, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { FoundBelowForm, FoundForm } from "./found-forms.tsx";
import { TreeTable } from "./tree-table.tsx";
import { certifiedOnes, useTrees } from "./trees.tsx";

const JSON_TYPE = "application/json";

/** The organisations whose keys are here, everybody in them, and how more are founded. */
export default function OrganisationScreen() {
  const { administrator, shell } = useText();
  const { organisation } = administrator;
  const trees = useTrees();
  return (
    <Page title={shell.places.organisation} lead={organisation.lead} wide>
      <Founded of={trees} />
    </Page>
  );
}

function Founded({ of }: { readonly of: Asked<readonly TreeView[]> }) {
  const { administrator } = useText();
  const { organisation } = administrator;
  if (of.state === "loading") return <Waiting for={administrator.waiting} lines={6} />;
  if (of.state === "failed") return <Failure of={of.problem} onAgain={of.again} />;
  const parents = certifiedOnes(of.view);
  return (
    <>
      {of.view.map((tree) => (
        <Tree key={tree.node} of={tree} again={of.again} />
      ))}
      {parents.length > 0 && (
        <Disclosure title={organisation.foundBelow}>
          <FoundBelowForm parents={parents} onDone={of.again} />
        </Disclosure>
      )}
      {of.view.length === 0 ? (
        <Card label={administrator.first.title}>
          <h2>{administrator.first.title}</h2>
          <p>{administrator.first.lead}</p>
          <FoundForm onDone={of.again} />
        </Card>
      ) : (
        <Disclosure title={organisation.found}>
          <FoundForm onDone={of.again} />
        </Disclosure>
      )}
      <p className="salus-soft">{organisation.onlyHere}</p>
    </>
  );
}

function Tree({ of, again }: { readonly of: TreeView; readonly again: () => void }) {
  const missing = of.nodes.filter(({ stands }) => stands === "uncertified");
  const isApplying = missing.some(({ node }) => node === of.node);
  return (
    <>
      <TreeTable of={of} />
      {isApplying && <Application of={of} again={again} />}
      {!isApplying &&
        missing.map(({ node, name }) => (
          <Uncertified key={node} node={node} name={name} again={again} />
        ))}
    </>
  );
}

function Application({ of, again }: { readonly of: TreeView; readonly again: () => void }) {
  const { organisation } = useText().administrator;
  const asked = useAsk(() => device().organisation.application(of.node), [of.node]);
  return (
    <Card tone="notice" label={organisation.application}>
      <h2>{organisation.application}</h2>
      <p>{organisation.applicationLead}</p>
      {asked.state === "loading" && <Waiting for={organisation.application} />}
      {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
      {asked.state === "ready" && (
        <>
          <Field label={organisation.application} value={asked.view} lines isReadOnly />
          <Actions>
            <Button
              onPress={() =>
                saveFile(new Blob([`${asked.view}\n`], { type: JSON_TYPE }), `${of.node}.json`)
              }
            >
              {organisation.applicationSave}
            </Button>
            <Button onPress={again}>{organisation.look}</Button>
          </Actions>
        </>
      )}
    </Card>
  );
}

/** A department whose certificate was not published: the network failed in between. */
function Uncertified({
  node,
  name,
  again,
}: {
  readonly node: string;
  readonly name: string;
  readonly again: () => void;
}) {
  const { administrator } = useText();
  const certifying = useDo(() => device().organisation.certifyAgain(node), again);
  const [title] = useState(administrator.home.uncertified(name));
  return (
    <Card tone="notice" label={title}>
      <p>{title}</p>
      {certifying.problem && <Failure of={certifying.problem} />}
      <Actions>
        <Button isPending={certifying.isPending} onPress={certifying.start}>
          {administrator.organisation.retry}
        </Button>
      </Actions>
    </Card>
  );
}
