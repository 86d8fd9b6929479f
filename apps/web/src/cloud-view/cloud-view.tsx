import type { ProbeView, SeenView } from "../device/cloud-view/cloud-view.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Disclosure } from "../parts/disclosure.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { Bytes, Hex } from "./bytes.tsx";

/**
 * What the cloud saw of a question: closed until somebody wonders.
 *
 * Takes:   `after` and `until`, marks that the device gave before and after it asked.
 */
export function CloudView({ after, until }: { readonly after: number; readonly until: number }) {
  const { cloudView } = useText();
  return (
    <Disclosure title={cloudView.title}>
      <Seen after={after} until={until} />
    </Disclosure>
  );
}

function Seen({ after, until }: { readonly after: number; readonly until: number }) {
  const { cloudView } = useText();
  const format = useFormat();
  const asked = useAsk(() => device().cloudView.between(after, until), [after, until]);
  if (asked.state === "loading") return <Waiting for={cloudView.loading} />;
  if (asked.state === "failed") return <Failure of={asked.problem} />;
  const { view } = asked;
  if (view.length === 0) return <p>{cloudView.nothing}</p>;
  const sum = (size: (seen: SeenView) => number): string =>
    format.bytes(view.reduce((total, seen) => total + size(seen), 0));
  return (
    <>
      <p>
        {cloudView.question(
          view.length,
          sum(({ sent }) => sent.bytes),
          sum(({ received }) => received.bytes),
        )}
      </p>
      {view.map((seen) => (
        <Exchange key={seen.number} of={seen} />
      ))}
    </>
  );
}

function Exchange({ of }: { readonly of: SeenView }) {
  const { cloudView } = useText();
  return (
    <section className="salus-exchange">
      <h3>
        <code>
          {of.method} {shortPath(of.path)}
        </code>
      </h3>
      <p>{cloudView.gives[meaningOf(of)]}</p>
      {of.probes.length > 0 && <Probes of={of.probes} more={of.moreProbes} />}
      {of.sent.bytes > 0 && <Bytes label={cloudView.sent} of={of.sent} />}
      <Bytes label={cloudView.received} of={of.received} />
    </section>
  );
}

function Probes({ of, more }: { readonly of: readonly ProbeView[]; readonly more: number }) {
  const { cloudView } = useText();
  return (
    <>
      <Table
        caption={cloudView.probes}
        items={of.map((probe, number) => ({ ...probe, number }))}
        keyOf={({ number }) => String(number)}
        columns={[
          {
            head: cloudView.kind,
            cell: ({ kind }) => <span className="salus-whole">{cloudView.kinds[kind]}</span>,
          },
          { head: cloudView.where, cell: ({ where, column }) => <Hex of={column ?? where} /> },
          { head: cloudView.low, cell: ({ low }) => <Hex of={low} /> },
          { head: cloudView.high, cell: ({ high }) => high && <Hex of={high} /> },
        ]}
      />
      {more > 0 && <p>{cloudView.moreProbes(more)}</p>}
    </>
  );
}

/** Handles in an address are long: their beginnings tell them apart. */
function shortPath(path: string): string {
  return path.replace(/[0-9a-f]{16,}/g, (handle) => `${handle.slice(0, 8)}…`);
}

function meaningOf({
  service,
  path,
}: SeenView): "query" | "records" | "batches" | "chain" | "directory" | "other" {
  if (service === "directory") return "directory";
  const last = path.split("?")[0]?.split("/").at(-1);
  if (last === "query" || last === "records" || last === "batches" || last === "chain") return last;
  return "other";
}
