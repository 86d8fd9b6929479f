import { Inbox } from "lucide-react";
import { Link } from "wouter";
import { ReaderText } from "../deciding/names.tsx";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { ButtonLink } from "../parts/button.tsx";
import { Card, Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";

const SHOWN = 4;

/** What waits for her answer, and who may read now: asked for beside the record, which does not wait. */
export function HomeReaders({ part }: { readonly part: "requests" | "readers" }) {
  return part === "requests" ? <Requests /> : <Readers />;
}

function Requests() {
  const { home } = useText().record;
  const inbox = useAsk(() => device().requests.list(), []);
  if (inbox.state !== "ready" || inbox.view.waiting.length === 0) return null;
  return (
    <Card tone="accent" label={home.requests(inbox.view.waiting.length)}>
      <div className="salus-home-requests">
        <Inbox size={22} aria-hidden="true" />
        <strong>{home.requests(inbox.view.waiting.length)}</strong>
        <ButtonLink kind="main" to="/requests">
          {home.look(inbox.view.waiting.length)}
        </ButtonLink>
      </div>
    </Card>
  );
}

function Readers() {
  const { record } = useText();
  const { home } = record;
  const format = useFormat();
  const accesses = useAsk(() => device().sharing.list(), []);
  if (accesses.state !== "ready") return null;
  const live = accesses.view.filter(({ state }) => state === "live");
  return (
    <Section title={home.readers} more={<Link href="/sharing">{home.all}</Link>}>
      <p>{home.readersNow(live.length)}</p>
      {live.length > 0 && (
        <Rows label={home.readers}>
          {live.slice(0, SHOWN).map(({ id, who, until }) => (
            <Row
              key={id}
              title={<ReaderText of={who} />}
              detail={home.until(format.dateTime(until))}
              to="/sharing"
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
