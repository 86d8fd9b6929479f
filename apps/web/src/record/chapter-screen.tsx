import { useParams } from "wouter";
import type { ChapterName } from "../device/record/chapters.ts";
import { device } from "../page/call.ts";
import { NotFound } from "../parts/not-found.tsx";
import { Page } from "../parts/page.tsx";
import { useText } from "../text/text.tsx";
import { LineList } from "./line-list.tsx";
import { ListFilter, orderOf, useFilter } from "./list-filter.tsx";

/** One chapter of the record, the newest first. */
export default function ChapterScreen() {
  const { record } = useText();
  const { chapter = "" } = useParams();
  const [filter, setFilter] = useFilter();
  if (!Object.hasOwn(record.chapters, chapter)) return <NotFound />;
  const name = chapter as ChapterName;
  const title = record.chapters[name];
  return (
    <Page title={title} wide back={{ to: "/record", label: record.overview.all }}>
      <ListFilter value={filter} onChange={setFilter} />
      <LineList
        label={title}
        name={JSON.stringify([name, filter])}
        ask={(start) => device().record.chapter(name, { ...orderOf(filter), start })}
      />
    </Page>
  );
}
