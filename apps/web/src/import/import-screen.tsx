import { Page } from "../parts/page.tsx";
import { useText } from "../text/text.tsx";
import { BringDocuments } from "./bring-documents.tsx";
import { BringFile } from "./bring-file.tsx";
import { BringTable } from "./bring-table.tsx";

/** Where a patient brings what she has from elsewhere. */
export default function ImportScreen() {
  const { importing, shell } = useText();
  return (
    <Page title={shell.places.import} lead={importing.lead}>
      <BringDocuments />
      <BringTable />
      <BringFile />
    </Page>
  );
}
