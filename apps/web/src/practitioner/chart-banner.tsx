import { CircleSlash, Clock, EyeOff, ShieldAlert, Unplug } from "lucide-react";
import { spanText } from "../deciding/time-left.ts";
import { Told } from "../deciding/told.tsx";
import type { ChartHead, SectionView } from "../device/practice/chart.ts";
import type { Entry } from "../device/practice/entry.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Badge } from "../parts/chip.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { namesOf, organisationsOf, sourceName } from "./source-words.ts";

/** What must never be out of sight: allergies, and what may be read for how long. */
export function ChartBanner({ head }: { readonly head: ChartHead }) {
  const { chart } = useText().practitioner;
  const { vault } = head;
  const allergies = useAsk(() => device().practice.section(vault, "allergies"), [vault]);
  return (
    <section className="salus-banner" aria-label={chart.banner}>
      <div className="salus-banner-part" data-part="allergies">
        <h2>
          <ShieldAlert size={20} aria-hidden="true" />
          {chart.allergies}
        </h2>
        {allergies.state === "loading" && <Waiting for={chart.allergies} lines={1} />}
        {allergies.state === "failed" && (
          <Failure of={allergies.problem} onAgain={allergies.again} />
        )}
        {allergies.state === "ready" && <Allergies of={allergies.view} />}
      </div>
      <Access head={head} />
    </section>
  );
}

/** Recorded, none, hidden and unanswered are four things. */
function Allergies({ of }: { readonly of: SectionView }) {
  const text = useText();
  const format = useFormat();
  const { chart } = text.practitioner;
  const names = (word: string): string => namesOf(of.sources, word, text, format);
  const by = (word: string): boolean => of.sources.some((one) => one.word === word);
  const asked = of.sources.some(({ word }) => word !== "hidden");
  const whole = of.sources.every(({ word }) => word === "answered" || word === "hidden");
  if (!asked) {
    return (
      <p className="salus-said">
        <EyeOff size={18} aria-hidden="true" />
        {chart.allergyHidden}
      </p>
    );
  }
  return (
    <>
      {of.entries.length > 0 && (
        <ul className="salus-allergies">
          {of.entries.map((entry) => (
            <Allergy key={entry.id} of={entry} />
          ))}
        </ul>
      )}
      {of.entries.length === 0 && whole && (
        <p className="salus-said">
          <CircleSlash size={18} aria-hidden="true" />
          {chart.allergyNone(names("answered"))}
        </p>
      )}
      {by("silent") && (
        <p className="salus-said" data-tone="notice">
          <Unplug size={18} aria-hidden="true" />
          {chart.allergySilent(names("silent"))}
        </p>
      )}
      {by("stale") && <p className="salus-said">{chart.staleAt(names("stale"))}</p>}
      {by("hidden") && (
        <p className="salus-said">
          <EyeOff size={18} aria-hidden="true" />
          {chart.allergyPartly(names("hidden"))}
        </p>
      )}
      {of.doubtful > 0 && <p className="salus-said">{chart.doubtful(of.doubtful)}</p>}
    </>
  );
}

function Allergy({ of }: { readonly of: Entry }) {
  const text = useText();
  const format = useFormat();
  const { chart } = text.practitioner;
  const { said } = of;
  const detail = (name: string): string | undefined =>
    said.details.find((one) => one.name === name)?.text;
  const worded = (word: string): string => text.record.statuses[word.toLowerCase()] ?? word;
  const criticality = detail("criticality");
  const more = [
    criticality && `${chart.details.criticality}: ${worded(criticality)}`,
    ...[detail("reaction"), detail("verification"), said.status],
  ];
  return (
    <li>
      <strong>
        <Told>{said.title}</Told>
      </strong>{" "}
      <span className="salus-row-detail">
        <Told>{more.flatMap((word) => (word ? [worded(word)] : [])).join(", ")}</Told>
        {" · "}
        {chart.by(format.list(organisationsOf(of, text)))}
      </span>
    </li>
  );
}

function Access({ head: { scope } }: { readonly head: ChartHead }) {
  const text = useText();
  const format = useFormat();
  const { category, deciding } = text;
  const { chart } = text.practitioner;
  const day = (time: number): string => format.date(new Date(time).toISOString().slice(0, 10));
  return (
    <div className="salus-banner-part">
      <h2>
        <Clock size={20} aria-hidden="true" />
        {chart.access}
      </h2>
      <p>
        <Badge tone="accent">{chart.left(spanText(scope.expires - Date.now(), deciding))}</Badge>{" "}
        {chart.until(format.dateTime(scope.expires))}
      </p>
      {scope.periods.map(([from, to]) =>
        from === undefined || to === undefined ? null : (
          <p key={from}>{chart.periodOnly(day(from), day(to))}</p>
        ),
      )}
      <Disclosure title={`${chart.shares}: ${chart.covers(scope.covered.length)}`}>
        <ul className="salus-covered">
          {scope.covered.map((source) => (
            <li key={source.source}>
              <strong>
                <Told>{sourceName(source, text)}</Told>
              </strong>
              : {format.list(source.categories.map((one) => category.names[one]))}
            </li>
          ))}
        </ul>
        <p className="salus-row-detail">{chart.others}</p>
      </Disclosure>
    </div>
  );
}
