import { useState } from "react";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

const NODE_MAX = 64;
const NAME_MAX = 128;

/** Founds an organisation: its keys are drawn here, an authority certifies them. */
export function FoundForm({ onDone }: { readonly onDone: () => void }) {
  const { organisation } = useText().administrator;
  const [name, setName] = useState("");
  const [node, setNode] = useState("");
  const [identifier, setIdentifier] = useState("");
  const founding = useDo(device().organisation.found, onDone);
  const identifiers = identifier.trim() === "" ? [] : [identifier.trim()];
  return (
    <Form
      label={organisation.found}
      onSubmit={() => founding.start({ name: name.trim(), node: node.trim(), identifiers })}
    >
      <p className="salus-soft">{organisation.foundMore}</p>
      <Names name={name} setName={setName} node={node} setNode={setNode} />
      <Field
        label={organisation.identifier}
        hint={organisation.identifierHint}
        value={identifier}
        onChange={setIdentifier}
      />
      {founding.problem && <Failure of={founding.problem} />}
      <Button kind="main" type="submit" isPending={founding.isPending}>
        {organisation.make}
      </Button>
    </Form>
  );
}

/** Founds a department, which its organisation certifies at once. */
export function FoundBelowForm({
  parents,
  onDone,
}: {
  readonly parents: readonly { readonly value: string; readonly label: string }[];
  readonly onDone: () => void;
}) {
  const { organisation } = useText().administrator;
  const [name, setName] = useState("");
  const [node, setNode] = useState("");
  const [parent, setParent] = useState(parents[0]?.value ?? "");
  const founding = useDo(device().organisation.foundBelow, () => {
    setName("");
    setNode("");
    onDone();
  });
  const named = { name: name.trim(), node: node.trim(), identifiers: [] };
  return (
    <Form label={organisation.foundBelow} onSubmit={() => founding.start(parent, named)}>
      <p className="salus-soft">{organisation.foundBelowMore}</p>
      {parents.length > 1 && (
        <Select label={organisation.below} choices={parents} value={parent} onChange={setParent} />
      )}
      <Names name={name} setName={setName} node={node} setNode={setNode} />
      {founding.problem && <Failure of={founding.problem} />}
      <Button kind="main" type="submit" isPending={founding.isPending}>
        {organisation.makeBelow}
      </Button>
    </Form>
  );
}

function Names({
  name,
  setName,
  node,
  setNode,
}: {
  readonly name: string;
  readonly setName: (name: string) => void;
  readonly node: string;
  readonly setNode: (node: string) => void;
}) {
  const { organisation } = useText().administrator;
  return (
    <>
      <Field
        label={organisation.name}
        value={name}
        onChange={setName}
        maxLength={NAME_MAX}
        isRequired
      />
      <Field
        label={organisation.node}
        hint={organisation.nodeHint}
        value={node}
        onChange={setNode}
        maxLength={NODE_MAX}
        isRequired
      />
    </>
  );
}
