import { PurposeText } from "../deciding/names.tsx";
import { Quote, Told } from "../deciding/told.tsx";
import type { Wanted } from "../device/practice/requests.ts";
import type { OrganisationView } from "../device/practice/standing.ts";
import { Facts } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** What will be readable and for how long, of the very request that is sent. */
export function AskReview({
  wanted,
  hospitals,
}: {
  readonly wanted: Wanted;
  readonly hospitals: readonly OrganisationView[];
}) {
  const { category, practitioner } = useText();
  const { ask } = practitioner;
  const format = useFormat();
  const { categories, sources, period, note } = wanted;
  const nameOf = (node: string): string => hospitals.find((one) => one.node === node)?.name ?? node;
  const parts = categories === "all" ? [] : categories.map((name) => category.names[name]);
  const from = sources === "all" ? [] : sources.map(nameOf);
  const days = period?.map((time) => format.date(new Date(time).toISOString().slice(0, 10)));
  return (
    <>
      <Facts
        of={[
          [ask.readable, categories === "all" ? ask.everything : format.list(parts)],
          [
            ask.fromSources,
            sources === "all" ? ask.allSources : <Told key="from">{format.list(from)}</Told>,
          ],
          [ask.periodOf, days === undefined ? ask.anyTime : `${days[0]} – ${days[1]}`],
          [ask.until, format.dateTime(wanted.expires)],
          [ask.purpose, <PurposeText key="purpose" of={wanted.purpose} />],
          [ask.answerBy, format.dateTime(wanted.answerBy)],
        ]}
      />
      {note !== "" && <Quote of={ask.note}>{note}</Quote>}
    </>
  );
}
