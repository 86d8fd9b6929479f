import { FileUp } from "lucide-react";
import { DropZone, FileTrigger } from "react-aria-components";
import { Button } from "../parts/button.tsx";
import { useText } from "../text/text.tsx";

const TYPES = [".json", ".ndjson", ".jsonl", ".gz", "application/json", "application/fhir+json"];

/** Where files are dropped, or chosen; with the keyboard too. */
export function DropArea({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const { uploads } = useText().administrator;
  return (
    <DropZone
      className="salus-drop"
      aria-label={uploads.drop}
      onDrop={({ items }) => {
        const files = items.flatMap((item) => (item.kind === "file" ? [item.getFile()] : []));
        void Promise.all(files).then(onFiles);
      }}
    >
      <FileUp size={28} aria-hidden="true" />
      <strong>{uploads.drop}</strong>
      <span className="salus-soft">{uploads.dropMore}</span>
      <FileTrigger
        allowsMultiple
        acceptedFileTypes={TYPES}
        onSelect={(files) => onFiles([...(files ?? [])])}
      >
        <Button>{uploads.choose}</Button>
      </FileTrigger>
    </DropZone>
  );
}
