import { Search } from "lucide-react";
import { PurposeText } from "../deciding/names.tsx";
import { Told } from "../deciding/told.tsx";
import type { RequestView } from "../device/requests/request-view.ts";
import type { InboxView, LookUpView } from "../device/requests/requests.ts";
import { device } from "../page/call.ts";
import { useAsk, useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** What waits for her answer, and who has looked for her. */
export default function RequestsScreen() {
  const { requests, shell } = useText();
  const inbox = useAsk(() => device().requests.list(), []);
  return (
    <Page title={shell.places.requests} lead={requests.lead}>
      {inbox.state === "loading" && <Waiting for={requests.waiting} />}
      {inbox.state === "failed" && <Failure of={inbox.problem} onAgain={inbox.again} />}
      {inbox.state === "ready" && <Inbox of={inbox.view} onChange={inbox.again} />}
    </Page>
  );
}

function Inbox({ of, onChange }: { readonly of: InboxView; readonly onChange: () => void }) {
  const { requests, shell } = useText();
  return (
    <>
      {of.waiting.length === 0 ? (
        <Nothing title={requests.none}>
          <p>{requests.noneMore}</p>
        </Nothing>
      ) : (
        <Rows label={shell.places.requests}>
          {of.waiting.map((request) => (
            <RequestRow key={request.id} of={request} />
          ))}
        </Rows>
      )}
      {of.lookUps.length > 0 && <LookUps of={of.lookUps} />}
      {of.notShown.length > 0 && <NotShown of={of.notShown} onChange={onChange} />}
    </>
  );
}

function RequestRow({ of }: { readonly of: RequestView }) {
  const { requests } = useText();
  const format = useFormat();
  return (
    <Row
      to={`/requests/${of.id}`}
      title={<Told>{of.who.name}</Told>}
      detail={
        <>
          <Told>{of.who.organisation}</Told> ·{" "}
          {of.allCategories ? requests.asksAll : requests.asksFor(of.categories.length)} ·{" "}
          <PurposeText of={of.purpose} />
        </>
      }
      end={
        <Badge tone="accent">
          {requests.answerBy} {format.date(new Date(of.answerBy).toISOString())}
        </Badge>
      }
    />
  );
}

function LookUps({ of }: { readonly of: readonly LookUpView[] }) {
  const { requests } = useText();
  const format = useFormat();
  return (
    <Section title={requests.lookUps}>
      <p className="salus-soft">{requests.lookUpsLead}</p>
      <Rows label={requests.lookUps}>
        {of.map(({ time, who, purpose, foundBy }) => (
          <Row
            key={`${time}-${who?.name}`}
            title={who === undefined ? requests.nobodyShown : <Told>{who.name}</Told>}
            detail={
              <>
                {who && (
                  <>
                    <Told>{who.organisation}</Told> ·{" "}
                  </>
                )}
                {foundBy && `${requests.lookedBy} ${requests.kinds[foundBy.kind] ?? ""} · `}
                <PurposeText of={purpose} />
              </>
            }
            end={
              <span className="salus-soft">
                <Search size={16} aria-hidden="true" /> {format.dateTime(time)}
              </span>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}

function NotShown({
  of,
  onChange,
}: {
  readonly of: InboxView["notShown"];
  readonly onChange: () => void;
}) {
  const { requests, problem } = useText();
  const format = useFormat();
  const dropping = useDo((number: number) => device().requests.drop(number), onChange);
  return (
    <Disclosure title={requests.notShown}>
      <p>{requests.notShownLead(of.length)}</p>
      {dropping.problem && <Failure of={dropping.problem} />}
      <Rows label={requests.notShown}>
        {of.map(({ number, time, kind }) => {
          const known = { kind } as Parameters<typeof problem.other>[0];
          const { what } = problem.kinds[kind] ?? problem.other(known);
          return (
            <Row
              key={number}
              title={format.dateTime(time)}
              detail={`${requests.notShownRow}: ${what}`}
              end={<Button onPress={() => dropping.start(number)}>{requests.drop}</Button>}
            />
          );
        })}
      </Rows>
    </Disclosure>
  );
}
