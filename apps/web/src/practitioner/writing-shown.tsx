import { Quote, Told } from "../deciding/told.tsx";
import type { WritingPreview } from "../device/practice/writing.ts";
import { Disclosure } from "../parts/disclosure.tsx";
import { Facts } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { valueWords } from "../text/value-words.ts";
import { type Called, PatientName } from "./patient-name.tsx";

/** What is about to be signed, read back from the resource that will be. */
export function WritingShown({
  of: { said, json, author, through, category: belongs },
  patient,
}: {
  readonly of: WritingPreview;
  readonly patient: Called;
}) {
  const { category, practitioner } = useText();
  const { write, chart } = practitioner;
  const format = useFormat();
  const value = valueWords(said, format);
  const note = noteIn(json);
  return (
    <>
      <Facts
        of={[
          [category.names[belongs], <Told key="title">{`${said.title} ${value}`.trim()}</Told>],
          [chart.date, said.date === "" ? chart.undated : format.dateTime(said.date)],
          ...said.details
            .filter(({ name }) => name !== "author" && name !== "format")
            .map(
              ({ name, text }) => [chart.details[name], <Told key={name}>{text}</Told>] as const,
            ),
          [write.into, <PatientName key="patient" of={patient} />],
          [write.signedBy, <Told key="author">{author}</Told>],
          [write.through, <Told key="through">{through}</Told>],
        ]}
      />
      {note !== "" && <Quote of={said.title}>{note}</Quote>}
      <Disclosure title={chart.raw}>
        <pre className="salus-raw" dir="ltr">
          {json}
        </pre>
      </Disclosure>
    </>
  );
}

/** The words of a note, out of the very resource that is signed. */
function noteIn(json: string): string {
  const data = JSON.parse(json).content?.[0]?.attachment?.data;
  if (typeof data !== "string") return "";
  return new TextDecoder().decode(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)));
}
