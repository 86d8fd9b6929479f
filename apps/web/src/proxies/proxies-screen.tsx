import { useState } from "react";
import { ReaderText } from "../deciding/names.tsx";
import { spanText } from "../deciding/time-left.ts";
import type { AccessView } from "../device/sharing/access-view.ts";
import { device } from "../page/call.ts";
import { useAsk, useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field } from "../parts/field.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { EndedRows } from "../sharing/ended-rows.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { AddProxy } from "./add-proxy.tsx";
import { OthersRecords } from "./others-records.tsx";

/** People whom she trusts with everything. */
export default function ProxiesScreen() {
  const { proxies, shell } = useText();
  const accesses = useAsk(() => device().sharing.list(), []);
  return (
    <Page title={shell.places.proxies} lead={proxies.lead}>
      {accesses.state === "loading" && <Waiting for={proxies.waiting} />}
      {accesses.state === "failed" && <Failure of={accesses.problem} onAgain={accesses.again} />}
      {accesses.state === "ready" && (
        <Trusted of={accesses.view.filter(({ proxy }) => proxy)} onChange={accesses.again} />
      )}
      <Section title={proxies.add}>
        <AddProxy onDone={accesses.again} />
      </Section>
      <Section title={proxies.others}>
        <OthersRecords />
      </Section>
      <Section title={proxies.own}>
        <p className="salus-soft">{proxies.ownLead}</p>
        <Disclosure title={proxies.ownStart}>
          <OwnCard />
        </Disclosure>
      </Section>
    </Page>
  );
}

function Trusted({
  of,
  onChange,
}: {
  readonly of: readonly AccessView[];
  readonly onChange: () => void;
}) {
  const { proxies } = useText();
  const live = of.filter(({ state }) => state === "live");
  const over = of.filter(({ state }) => state !== "live");
  return (
    <>
      {live.length === 0 ? (
        <Nothing title={proxies.none}>
          <p>{proxies.noneMore}</p>
        </Nothing>
      ) : (
        <Section title={proxies.now}>
          <Rows label={proxies.now}>
            {live.map((access) => (
              <TrustedRow key={access.id} of={access} onChange={onChange} />
            ))}
          </Rows>
        </Section>
      )}
      {over.length > 0 && (
        <Disclosure title={`${proxies.over} (${over.length})`}>
          <EndedRows of={over} />
        </Disclosure>
      )}
    </>
  );
}

function TrustedRow({ of, onChange }: { readonly of: AccessView; readonly onChange: () => void }) {
  const { proxies, purpose, deciding, sharing } = useText();
  const format = useFormat();
  const [isAsking, setAsking] = useState(false);
  const stopping = useDo(() => device().sharing.stop(of.id), onChange);
  return (
    <>
      <Row
        title={<ReaderText of={of.who} />}
        detail={`${purpose.names[of.purpose] ?? ""} · ${sharing.until} ${format.dateTime(of.until)}`}
        end={
          <>
            <Badge tone="accent">
              {deciding.timeLeft(spanText(of.until - Date.now(), deciding))}
            </Badge>
            <Button kind="final" isPending={stopping.isPending} onPress={() => setAsking(true)}>
              {proxies.stop}
            </Button>
          </>
        }
      />
      {stopping.problem && (
        <li>
          <Failure of={stopping.problem} />
        </li>
      )}
      <Confirm
        title={proxies.stopTitle}
        answer={sharing.stopAnswer}
        isOpen={isAsking}
        onAnswer={() => {
          setAsking(false);
          stopping.start();
        }}
        onClose={() => setAsking(false)}
      >
        <p>{sharing.stopWorks}</p>
        <p>{sharing.stopCannot}</p>
      </Confirm>
    </>
  );
}

function OwnCard() {
  const { proxies } = useText();
  const own = useAsk(() => device().proxies.ownCard(), []);
  if (own.state === "loading") return <Waiting for={proxies.ownWaiting} />;
  if (own.state === "failed") return <Failure of={own.problem} onAgain={own.again} />;
  return (
    <>
      <p>
        {proxies.number}: <code className="salus-card-number">{own.view.number}</code>
      </p>
      <Field label={proxies.ownText} value={own.view.card} lines isReadOnly />
    </>
  );
}
