import { device } from "../page/call.ts";
import { Page } from "../parts/page.tsx";
import { LineList } from "../record/line-list.tsx";
import { ListFilter, orderOf, useFilter } from "../record/list-filter.tsx";
import { useText } from "../text/text.tsx";

/** Everything that has happened, from all sources together. */
export default function TimelineScreen() {
  const { record, shell } = useText();
  const [filter, setFilter] = useFilter();
  return (
    <Page title={shell.places.timeline} lead={record.timeline.lead} wide>
      <ListFilter value={filter} onChange={setFilter} />
      <LineList
        label={shell.places.timeline}
        name={JSON.stringify(filter)}
        ask={(start) => device().record.timeline({ ...orderOf(filter), start })}
      />
    </Page>
  );
}
