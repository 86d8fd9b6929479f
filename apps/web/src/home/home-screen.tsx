import { ok } from "@salus/base";
import { Link } from "wouter";
import { Told } from "../deciding/told.tsx";
import type { FewView, HomeView, ResultView } from "../device/record/views.ts";
import { device } from "../page/call.ts";
import { useSession, useWho } from "../page/session.tsx";
import { useAsk } from "../page/use-ask.ts";
import { Actions, ButtonLink } from "../parts/button.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Failure, Nothing, Silent, Waiting } from "../parts/states.tsx";
import { Trend } from "../practitioner/trend.tsx";
import { Covers, isPartial, Warnings } from "../record/covers.tsx";
import { FromBadge, Judgement, LineRow } from "../record/line-row.tsx";
import { titleOf } from "../record/title.ts";
import { useFormat, useText } from "../text/text.tsx";
import { valueWords } from "../text/value-words.ts";
import { HomeReaders } from "./home-readers.tsx";

/** What somebody wants to know first. */
export default function HomeScreen() {
  const { record } = useText();
  const { name } = useWho();
  const { reading } = useSession();
  const asked = useAsk(() => device().record.home(), []);
  const isNow = asked.state === "ready" && asked.view.seen === undefined;
  // What is shown first waits for nothing of this.
  const trends = useAsk(async () => (isNow ? device().record.trends() : ok(undefined)), [isNow]);
  const longer = trends.state === "ready" ? trends.view : undefined;
  return (
    <Page title={reading === undefined ? record.home.title(name ?? "") : record.home.other} wide>
      {reading === undefined && <HomeReaders part="requests" />}
      {asked.state === "loading" && <Waiting for={record.waiting} lines={8} />}
      {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
      {asked.state === "ready" && <Home of={{ ...asked.view, ...longer }} />}
      {reading === undefined && <HomeReaders part="readers" />}
    </Page>
  );
}

function Home({ of }: { readonly of: HomeView }) {
  const { record } = useText();
  const { reading } = useSession();
  const { home } = record;
  const { allergies, problems, medications, results, vitals } = of;
  const counts = [allergies.lines, problems.lines, medications.lines, results, vitals];
  const isEmpty = counts.every((some) => some.length === 0);
  if (isEmpty && !isPartial(of) && reading === undefined) return <Empty of={of} />;
  return (
    <>
      <Warnings of={of} />
      <div className="salus-home">
        <div>
          <Few of={allergies} title={home.allergies} to="/record/allergies" home={of} />
          <Few of={problems} title={home.problems} to="/record/problems" home={of} />
          <Few of={medications} title={home.medications} to="/record/medications" home={of} />
        </div>
        <div>
          <Latest of={vitals} title={home.vitals} to="/record/vitals" home={of} />
          <Latest of={results} title={home.results} to="/record/laboratory" home={of} />
        </div>
      </div>
      <Covers of={of} />
    </>
  );
}

function Empty({ of }: { readonly of: HomeView }) {
  const { home } = useText().record;
  return (
    <>
      <Nothing title={home.empty}>
        <p>{home.emptyLead}</p>
        <Actions>
          <ButtonLink kind="main" to="/sources">
            {home.hospitals}
          </ButtonLink>
          <ButtonLink to="/import">{home.bring}</ButtonLink>
          <ButtonLink to="/measure">{home.measure}</ButtonLink>
        </Actions>
      </Nothing>
      <Covers of={of} />
    </>
  );
}

interface Named {
  readonly title: string;
  readonly to: string;
  readonly home: HomeView;
}

const FEW_SHOWN = 5;

function Few({ of, title, to, home }: Named & { readonly of: FewView }) {
  const { record } = useText();
  return (
    <Section title={title} more={<Link href={to}>{record.home.all}</Link>}>
      {of.lines.length === 0 ? (
        <None title={title} home={home} />
      ) : (
        <ul className="salus-rows" aria-label={title}>
          {of.lines.slice(0, FEW_SHOWN).map((line) => (
            <LineRow key={line.handle} of={line} />
          ))}
        </ul>
      )}
    </Section>
  );
}

/** "None" only where everybody has said so. */
function None({ title, home }: Pick<Named, "title" | "home">) {
  const { record } = useText();
  if (isPartial(home)) return <Silent title={record.list.maybeNone} />;
  return <Nothing title={record.home.none(title)} />;
}

function Latest({ of, title, to, home }: Named & { readonly of: readonly ResultView[] }) {
  const { record } = useText();
  return (
    <Section title={title} more={<Link href={to}>{record.home.all}</Link>}>
      {of.length === 0 ? (
        <None title={title} home={home} />
      ) : (
        <ul className="salus-rows" aria-label={title}>
          {of.map((result) => (
            <ResultRow key={result.handle} of={result} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function ResultRow({ of: { handle, latest, trend } }: { readonly of: ResultView }) {
  const text = useText();
  const { record } = text;
  const title = titleOf(latest, text);
  const format = useFormat();
  const hasNumber = latest.values.some(({ number }) => number !== undefined);
  return (
    <li className="salus-line">
      <Link href={hasNumber ? `/result/${handle}` : `/item/${handle}`} className="salus-row">
        <div className="salus-row-main">
          <span className="salus-row-title">
            <Told>{title}</Told>
          </span>
          <span className="salus-row-detail">
            {latest.date === "" ? record.undated : format.date(latest.date)}
          </span>
        </div>
        <div className="salus-row-end">
          <Trend name={title} of={trend} />
          <span className="salus-value">
            <Told>{valueWords(latest, format)}</Told> <Judgement of={latest} />
          </span>
          <FromBadge of={latest.from} />
        </div>
      </Link>
    </li>
  );
}
