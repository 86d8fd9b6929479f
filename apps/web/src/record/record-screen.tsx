import { Link } from "wouter";
import { Told } from "../deciding/told.tsx";
import type { ChapterView } from "../device/record/views.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Page } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { Covers, Warnings } from "./covers.tsx";
import { titleOf } from "./title.ts";

/** What there is, by chapters. */
export default function RecordScreen() {
  const { record, shell } = useText();
  const asked = useAsk(() => device().record.chapters(), []);
  return (
    <Page title={shell.places.record} lead={record.overview.lead} wide>
      {asked.state === "loading" && <Waiting for={record.waiting} lines={9} />}
      {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
      {asked.state === "ready" && (
        <>
          <Warnings of={asked.view} />
          <ul className="salus-chapters">
            {asked.view.chapters.map((chapter) => (
              <Chapter key={chapter.name} of={chapter} />
            ))}
          </ul>
          <Covers of={asked.view} />
        </>
      )}
    </Page>
  );
}

function Chapter({ of: { name, count, more, latest } }: { readonly of: ChapterView }) {
  const text = useText();
  const { record } = text;
  const format = useFormat();
  const { overview } = record;
  const when = latest === undefined || latest.date === "" ? "" : format.date(latest.date);
  return (
    <li>
      <Link href={`/record/${name}`} className="salus-card salus-chapter">
        <span className="salus-chapter-head">
          <strong>{record.chapters[name]}</strong>
          <span>{count === 0 ? overview.empty : overview.count(count, more)}</span>
        </span>
        {latest !== undefined && (
          <span className="salus-row-detail">
            <Told>{overview.latest(titleOf(latest, text), when)}</Told>
          </span>
        )}
      </Link>
    </li>
  );
}
