import { useState } from "react";
import { useLocation, useParams } from "wouter";
import type { Measurement } from "../device/record/measures.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Page, Section } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { LineList } from "../record/line-list.tsx";
import { useText } from "../text/text.tsx";
import { MeasureForm } from "./measure-form.tsx";

/** What somebody measures herself: to be written down, looked at, and corrected. */
export default function MeasureScreen() {
  const { record, shell } = useText();
  const { id } = useParams();
  const [, go] = useLocation();
  const [written, setWritten] = useState(0);
  const { measure } = record;
  if (id !== undefined) {
    return (
      <Page title={measure.change} back={{ to: `/item/${id}`, label: record.item.values }}>
        <Correcting id={id} onWritten={() => go(`/item/${id}`, { replace: true })} />
      </Page>
    );
  }
  return (
    <Page title={shell.places.measure} lead={measure.lead}>
      <MeasureForm
        key={written}
        work={(entry) => device().record.measure(entry)}
        onWritten={() => setWritten((count) => count + 1)}
      />
      <p className="salus-said" role="status">
        {written > 0 && measure.written}
      </p>
      <Section title={measure.mine}>
        <LineList
          label={measure.mine}
          name={String(written)}
          ask={(start) => device().record.measurements(start)}
          none={{ title: measure.mineNone }}
        />
      </Section>
    </Page>
  );
}

function Correcting({ id, onWritten }: { readonly id: string; readonly onWritten: () => void }) {
  const { record } = useText();
  const asked = useAsk(() => device().record.measured(id), [id]);
  if (asked.state === "loading") return <Waiting for={record.waiting} />;
  if (asked.state === "failed") return <Failure of={asked.problem} onAgain={asked.again} />;
  return (
    <MeasureForm
      first={asked.view}
      work={(entry: Measurement) => device().record.correct(id, entry)}
      onWritten={onWritten}
    />
  );
}
