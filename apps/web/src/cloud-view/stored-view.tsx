import type { EntryView, PartView } from "../device/cloud-view/stored.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Disclosure } from "../parts/disclosure.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { Hex } from "./bytes.tsx";

/** All that the cloud has of one record, part by part: closed until somebody wonders. */
export function StoredRecord({ handle }: { readonly handle: string }) {
  const { cloudView } = useText();
  return (
    <Disclosure title={cloudView.storedTitle}>
      <Parts handle={handle} />
    </Disclosure>
  );
}

function Parts({ handle }: { readonly handle: string }) {
  const { cloudView } = useText();
  const format = useFormat();
  const asked = useAsk(() => device().cloudView.stored(handle), [handle]);
  if (asked.state === "loading") return <Waiting for={cloudView.loading} />;
  if (asked.state === "failed") return <Failure of={asked.problem} onAgain={asked.again} />;
  const { bytes, parts, entries } = asked.view;
  const hex: Column<PartView | EntryView> = {
    head: cloudView.bytes,
    cell: (of) => (
      <>
        <Hex of={of.hex} /> <span className="salus-soft">{format.bytes(of.bytes)}</span>
      </>
    ),
  };
  const read = ({ name, number }: PartView): string => {
    if (number === undefined) return "";
    if (name === "sealed") return format.dateTime(number);
    return name === "size" ? format.bytes(number) : format.number(number);
  };
  return (
    <>
      <p>{cloudView.gives.stored}</p>
      <Table
        caption={cloudView.envelope(format.bytes(bytes))}
        items={parts}
        keyOf={({ name }) => name}
        columns={[
          {
            head: cloudView.part,
            cell: ({ name }) => <strong className="salus-whole">{cloudView.parts[name][0]}</strong>,
          },
          hex,
          {
            head: cloudView.says,
            cell: (part) => (
              <>
                {cloudView.parts[part.name][1]} <strong>{read(part)}</strong>
              </>
            ),
          },
        ]}
      />
      <Table
        caption={cloudView.entries(entries.length)}
        items={entries.map((entry, number) => ({ ...entry, number }))}
        keyOf={({ number }) => String(number)}
        columns={[
          {
            head: cloudView.part,
            cell: ({ kind }) => (
              <strong className="salus-whole">{cloudView.entryKinds[kind][0]}</strong>
            ),
          },
          hex,
          { head: cloudView.says, cell: ({ kind }) => cloudView.entryKinds[kind][1] },
        ]}
      />
    </>
  );
}
