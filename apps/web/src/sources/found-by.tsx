import { Fragment, type ReactNode, useState } from "react";
import type { FoundByView, IdentifierView } from "../device/sources/identifiers.ts";
import { device } from "../page/call.ts";
import { useAsk, useDo } from "../page/use-ask.ts";
import { Actions, Button, ButtonLink } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Radios } from "../parts/field.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useFinal } from "../security/step-up.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { AddIdentifier } from "./add-identifier.tsx";

/** What practitioners find her by, and whether they may. */
export function FoundBy() {
  const { sources } = useText();
  const listed = useAsk(() => device().identifiers.list(), []);
  return (
    <>
      <p className="salus-soft">{sources.foundByLead}</p>
      <Actions>
        <ButtonLink to="/code">{sources.toMyCode}</ButtonLink>
      </Actions>
      {listed.state === "loading" && <Waiting for={sources.foundByWaiting} />}
      {listed.state === "failed" && <Failure of={listed.problem} onAgain={listed.again} />}
      {listed.state === "ready" && <Identifiers of={listed.view} onChange={listed.again} />}
    </>
  );
}

type Shown = "found" | "hidden";

function Identifiers({
  of,
  onChange,
}: {
  readonly of: FoundByView;
  readonly onChange: () => void;
}) {
  const { sources } = useText();
  const [count, setCount] = useState(0);
  const hiding = useFinal(
    (shown: Shown) => device().identifiers.setDiscoverable(shown === "found"),
    onChange,
  );
  const removing = useDo((tag: string) => device().identifiers.remove(tag), onChange);
  return (
    <>
      <Radios<Shown>
        label={sources.foundHow}
        value={of.discoverable ? "found" : "hidden"}
        onChange={hiding.start}
        choices={[
          { value: "found", label: sources.discoverable },
          { value: "hidden", label: sources.notDiscoverable },
        ]}
      />
      {hiding.problem && <Failure of={hiding.problem} />}
      {!of.discoverable && <p>{sources.nobodyFinds}</p>}
      {of.identifiers.length === 0 ? (
        <Nothing title={sources.noIdentifiers} />
      ) : (
        <Rows label={sources.foundBy}>
          {of.identifiers.map((one) => (
            <IdentifierRow key={one.tag} of={one} onRemove={() => removing.start(one.tag)} />
          ))}
        </Rows>
      )}
      {removing.problem && <Failure of={removing.problem} />}
      <Disclosure title={sources.addIdentifier}>
        <AddIdentifier
          key={count}
          onDone={() => {
            setCount(count + 1);
            onChange();
          }}
        />
      </Disclosure>
      {hiding.question}
    </>
  );
}

function IdentifierRow({
  of,
  onRemove,
}: {
  readonly of: IdentifierView;
  readonly onRemove: () => void;
}) {
  const { sources } = useText();
  const format = useFormat();
  const value = of.value?.replace("|", " ");
  return (
    <Row
      title={value === undefined ? sources.elsewhere : <bdi>{breakable(value)}</bdi>}
      detail={`${sources.kinds[of.kind]} · ${sources.since(format.date(new Date(of.since).toISOString()))}`}
      end={
        <>
          {of.kind === "phone" && <Badge>{of.proven ? sources.proven : sources.claimed}</Badge>}
          <Button
            kind="quiet"
            label={sources.removeOf(value ?? sources.kinds[of.kind])}
            onPress={onRemove}
          >
            {sources.remove}
          </Button>
        </>
      }
    />
  );
}

/** Where there is no room for an address, it goes on after a mark of its own. */
function breakable(address: string): ReactNode {
  return address.split(/(?<=[@.])/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of an address have no other name.
    <Fragment key={at}>
      {part}
      <wbr />
    </Fragment>
  ));
}
