import { CircleAlert, CircleCheck, Unplug } from "lucide-react";
import type {
  AuditItem,
  AuditView,
  LogStands,
  Shown,
  Stranger,
} from "../device/organisation/audit.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure, Nothing, Silent, Waiting } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** What the organisation's keys were used for, and what is publicly known of it. */
export default function AuditScreen() {
  const { administrator, shell } = useText();
  const { audit } = administrator;
  const asked = useAsk(() => device().organisation.audit(), []);
  return (
    <Page title={shell.places.audit} lead={audit.lead} wide>
      {asked.state === "loading" && <Waiting for={audit.waiting} lines={8} />}
      {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
      {asked.state === "ready" && <Audited of={asked.view} again={asked.again} />}
    </Page>
  );
}

function Audited({ of, again }: { readonly of: AuditView; readonly again: () => void }) {
  const { audit } = useText().administrator;
  return (
    <>
      <Log of={of.log} checked={of.checked} />
      <Actions>
        <Button onPress={again}>{audit.again}</Button>
      </Actions>
      {of.strangers.length > 0 && <Strangers of={of.strangers} />}
      {of.items.length === 0 ? <Nothing title={audit.none} /> : <Items of={of.items} />}
    </>
  );
}

function Log({ of, checked }: { readonly of: LogStands; readonly checked: number }) {
  const { administrator, problem } = useText();
  const { audit } = administrator;
  const format = useFormat();
  if (of.state === "unasked") {
    const said = problem.kinds[of.why] ?? problem.other({ kind: "unreachable" });
    return (
      <Silent title={audit.unasked}>
        <p>{said.what}</p>
      </Silent>
    );
  }
  if (of.state === "contradicts") {
    return (
      <Card tone="alert" label={audit.contradicts}>
        <h2 className="salus-with-icon">
          <CircleAlert size={22} aria-hidden="true" />
          {audit.contradicts}
        </h2>
        <p>{problem.kinds[of.how]?.what}</p>
        <p>{audit.contradictsMore}</p>
        {of.evidence !== undefined && (
          <Disclosure title={audit.evidence}>
            <p className="salus-bytes">
              <code>{of.evidence}</code>
            </p>
          </Disclosure>
        )}
      </Card>
    );
  }
  return (
    <Card label={audit.fits}>
      <h2 className="salus-with-icon" data-tone="good">
        <CircleCheck size={22} aria-hidden="true" />
        {audit.fits}
      </h2>
      <p>{audit.fitsMore(format.number(of.size), format.dateTime(checked))}</p>
    </Card>
  );
}

function Strangers({ of }: { readonly of: readonly Stranger[] }) {
  const { audit } = useText().administrator;
  const format = useFormat();
  return (
    <Card tone="alert" label={audit.strangers}>
      <h2 className="salus-with-icon">
        <CircleAlert size={22} aria-hidden="true" />
        {audit.strangers}
      </h2>
      <p>{audit.strangersLead}</p>
      <Rows label={audit.strangers}>
        {of.map(({ id, kind, name, node, time }) => (
          <Row
            key={id}
            title={<bdi>{audit[kind](name)}</bdi>}
            detail={<bdi>{node}</bdi>}
            end={format.dateTime(time)}
          />
        ))}
      </Rows>
    </Card>
  );
}

function Items({ of }: { readonly of: readonly AuditItem[] }) {
  const { audit } = useText().administrator;
  const format = useFormat();
  return (
    <Table
      caption={audit.all}
      items={of}
      keyOf={({ id }) => id}
      columns={[
        {
          head: audit.when,
          cell: ({ time }) => <span className="salus-whole">{format.dateTime(time)}</span>,
        },
        {
          head: audit.what,
          cell: ({ did, who, count, node }) => (
            <div className="salus-roomy">
              <bdi>{audit.did[did](who)}</bdi>
              <div className="salus-row-detail">
                <bdi>
                  {count === undefined ? labelOf(did, node) : audit.stored(format.number(count))}
                </bdi>
              </div>
            </div>
          ),
        },
        { head: audit.public, cell: ({ shown }) => <Public of={shown} /> },
      ]}
    />
  );
}

/** An association's name is a number that says nothing to people. */
function labelOf(did: AuditItem["did"], node: string): string {
  return did === "associated" ? "" : node;
}

function Public({ of }: { readonly of: Shown | undefined }) {
  const { audit } = useText().administrator;
  const format = useFormat();
  if (of === undefined) return <span className="salus-soft salus-whole">{audit.private}</span>;
  if (of.state === "logged") {
    return (
      <span className="salus-with-icon salus-roomy" data-tone="good">
        <CircleCheck size={18} aria-hidden="true" />
        {audit.logged(format.dateTime(of.time))}
      </span>
    );
  }
  return (
    <Badge
      tone={of.state === "missing" ? "alert" : "notice"}
      icon={<Unplug size={16} aria-hidden="true" />}
    >
      {audit[of.state]}
    </Badge>
  );
}
