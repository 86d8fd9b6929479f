import { useState } from "react";
import type { SummaryView } from "../device/portable/portable.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Page } from "../parts/page.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Failure, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { valueWords } from "../text/value-words.ts";
import { SilentSources } from "./silent-sources.tsx";

/** A summary for a doctor: to be read here, printed, or saved. */
export default function SummaryScreen() {
  const { exporting, shell } = useText();
  const asked = useAsk(() => device().portable.summary(), []);
  return (
    <Page title={exporting.summary.heading} back={{ to: "/export", label: shell.places.export }}>
      {asked.state === "loading" && <Waiting for={exporting.summary.waiting} lines={8} />}
      {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
      {asked.state === "ready" && <Summary of={asked.view} />}
    </Page>
  );
}

const REQUIRED = ["allergies", "medications", "problems"] as const;

function Summary({ of }: { readonly of: SummaryView }) {
  const { exporting } = useText();
  const format = useFormat();
  const born = of.birthDate === "" ? "" : format.date(of.birthDate);
  const unknown = REQUIRED.filter((name) => !of.sections.some((section) => section.name === name));
  return (
    <>
      <SummaryActions of={of} />
      <article className="salus-summary">
        <header>
          <p className="salus-summary-who">
            <bdi>{exporting.summary.of(of.name, born)}</bdi>
          </p>
          <p className="salus-row-detail">{exporting.summary.made(format.dateTime(Date.now()))}</p>
        </header>
        <SilentSources names={of.silent} />
        {unknown.map((name) => (
          <section key={name}>
            <h2>{exporting.sections[name]}</h2>
            <p>{exporting.summary.unknown}</p>
          </section>
        ))}
        {of.sections.map(({ name, lines }) => (
          <section key={name}>
            <h2>{exporting.sections[name]}</h2>
            <ul>
              {lines.map(({ title, values, date }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and never move.
                <li key={at}>
                  <strong>
                    <bdi>{title}</bdi>
                  </strong>
                  {values.length > 0 && <bdi>{valueWords({ values }, format)}</bdi>}
                  {date !== "" && <span className="salus-row-detail">{format.date(date)}</span>}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </article>
    </>
  );
}

function SummaryActions({ of }: { readonly of: SummaryView }) {
  const spoken = useText();
  const format = useFormat();
  const [isUnshowable, setUnshowable] = useState(false);
  const { summary } = spoken.exporting;
  const savePdf = async (): Promise<void> => {
    const { summaryPdf } = await import("./summary-pdf.ts");
    const file = await summaryPdf(of, spoken, format);
    if (file === undefined) setUnshowable(true);
    else saveFile(file, "salus-summary.pdf");
  };
  return (
    <div className="salus-no-print">
      <Actions>
        <Button kind="main" onPress={() => print()}>
          {summary.print}
        </Button>
        <Button
          onPress={() => {
            void savePdf();
          }}
        >
          {summary.pdf}
        </Button>
        <Button onPress={() => saveFile(of.file, "salus-summary.json")}>{summary.fhir}</Button>
      </Actions>
      {isUnshowable && <p role="alert">{summary.notInPdf}</p>}
    </div>
  );
}
