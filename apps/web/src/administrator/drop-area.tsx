import { FileUp } from "lucide-react";
import { useState } from "react";
import { FileField } from "../parts/file-field.tsx";
import { useText } from "../text/text.tsx";

const TYPES = [".json", ".ndjson", ".jsonl", ".gz", "application/json", "application/fhir+json"];

/** Where files are dropped; or chosen, with the keyboard too. */
export function DropArea({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const { uploads } = useText().administrator;
  const [isOver, setOver] = useState(false);
  return (
    <section
      className="salus-drop"
      aria-label={uploads.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      <FileUp size={28} aria-hidden="true" />
      <strong>{uploads.drop}</strong>
      <span className="salus-soft">{uploads.dropMore}</span>
      <FileField accept={TYPES} multiple onChoose={onFiles}>
        {uploads.choose}
      </FileField>
    </section>
  );
}
