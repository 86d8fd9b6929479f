import type { Refusal } from "../device/organisation/uploads/tally.ts";
import type { UploadView } from "../device/organisation/uploads/uploads.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Failure, Waiting } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { refusalsAsCsv } from "./refusals-csv.ts";

const CSV = "text/csv;charset=utf-8";

const SHOWN = 100;

/** What of an upload was not taken: where each stands, and why. */
export function Refusals({ of }: { readonly of: UploadView }) {
  const { uploads } = useText().administrator;
  const format = useFormat();
  return (
    <Disclosure title={uploads.list(format.number(of.refused))}>
      <Listed of={of} />
    </Disclosure>
  );
}

function Listed({ of }: { readonly of: UploadView }) {
  const { administrator } = useText();
  const { uploads } = administrator;
  const format = useFormat();
  const asked = useAsk(() => device().organisation.uploads.refusals(of.by, of.id), [of.id]);
  if (asked.state === "loading") return <Waiting for={uploads.notTaken} />;
  if (asked.state === "failed") return <Failure of={asked.problem} onAgain={asked.again} />;
  const said = (why: string) => administrator.whys[why] ?? administrator.whyOther(why);
  return (
    <>
      <Table
        caption={uploads.notTaken}
        items={asked.view.slice(0, SHOWN)}
        keyOf={keyOf}
        columns={[
          {
            head: uploads.where,
            cell: ({ file, line, entry }) => (
              <div className="salus-roomy">
                <bdi>{file}</bdi>, {uploads.line(line, entry)}
              </div>
            ),
          },
          { head: uploads.what, cell: (one) => <bdi className="salus-roomy">{nameOf(one)}</bdi> },
          {
            head: uploads.why,
            cell: ({ why, element, patient }) => (
              <div className="salus-roomy">
                {said(why).what}
                <div className="salus-row-detail">
                  <bdi>{element ?? patient}</bdi>
                </div>
              </div>
            ),
          },
        ]}
      />
      {of.refused > SHOWN && <p>{uploads.listFirst(format.number(Math.min(SHOWN, of.refused)))}</p>}
      <Actions>
        <Button
          onPress={() =>
            saveFile(new Blob([refusalsAsCsv(asked.view)], { type: CSV }), "not-taken.csv")
          }
        >
          {uploads.save}
        </Button>
      </Actions>
    </>
  );
}

function nameOf({ type, id }: Refusal): string {
  if (type === undefined) return "–";
  return id === undefined ? type : `${type}/${id}`;
}

function keyOf({ file, line, entry, why, type, id, patient }: Refusal): string {
  return [file, line, entry, why, type, id, patient].join(" ");
}
