import type { UploadView } from "../device/organisation/uploads/uploads.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Card } from "../parts/page.tsx";
import { Facts } from "../parts/rows.tsx";
import { Failure, Progress } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { Refusals } from "./refusals.tsx";
import { StateBadge } from "./upload-row.tsx";

/** One upload: how far it is, what was stored, and what was not taken for which reason. */
export function UploadCard({ of, again }: { readonly of: UploadView; readonly again: () => void }) {
  const { uploads } = useText().administrator;
  const format = useFormat();
  const title = format.list(of.files.map(({ name }) => name));
  const stopping = useDo(() => device().organisation.uploads.stop(of.id), again);
  const goingOn = useDo(() => device().organisation.uploads.again(of.id), again);
  const isGoing = of.state === "looking" || of.state === "sending";
  return (
    <Card label={title}>
      <div className="salus-upload-head">
        <h3>
          <bdi>{title}</bdi>
        </h3>
        <StateBadge of={of.state} />
        <span className="salus-row-detail">{format.dateTime(of.started)}</span>
      </div>
      {isGoing && (
        <Progress
          label={uploads.progress(percentOf(of))}
          done={of.read}
          of={of.bytes === 0 ? undefined : of.bytes}
        />
      )}
      {of.problem && <Failure of={of.problem} />}
      {of.state === "interrupted" && <p>{uploads.interruptedMore}</p>}
      {of.state === "stopped" && <p>{uploads.stoppedMore}</p>}
      <Facts
        of={[
          [uploads.stored, format.number(of.stored)],
          [uploads.unchanged, format.number(of.unchanged)],
          [uploads.notTaken, format.number(of.refused)],
        ]}
      />
      {of.refused > 0 && <Whys of={of} />}
      <Disclosure title={uploads.files}>
        <Files of={of} />
      </Disclosure>
      {of.refused > 0 && !isGoing && <Refusals of={of} />}
      {goingOn.problem && <Failure of={goingOn.problem} />}
      {isGoing && (
        <Actions>
          <Button isPending={stopping.isPending} onPress={() => stopping.start()}>
            {uploads.stop}
          </Button>
        </Actions>
      )}
      {of.again && (
        <Actions>
          <Button isPending={goingOn.isPending} onPress={() => goingOn.start()}>
            {uploads.again}
          </Button>
        </Actions>
      )}
    </Card>
  );
}

function percentOf({ read, bytes }: UploadView): number {
  return bytes === 0 ? 100 : Math.floor((100 * read) / bytes);
}

function Whys({ of }: { readonly of: UploadView }) {
  const { administrator } = useText();
  const { uploads } = administrator;
  const format = useFormat();
  const said = (why: string) => administrator.whys[why] ?? administrator.whyOther(why);
  return (
    <Table
      caption={uploads.notTaken}
      items={of.whys}
      keyOf={([why]) => why}
      columns={[
        { head: uploads.why, cell: ([why]) => <div className="salus-roomy">{said(why).what}</div> },
        { head: uploads.count, cell: ([, count]) => format.number(count), isNumber: true },
        { head: uploads.how, cell: ([why]) => <div className="salus-roomy">{said(why).next}</div> },
      ]}
    />
  );
}

function Files({ of }: { readonly of: UploadView }) {
  const { uploads } = useText().administrator;
  const format = useFormat();
  return (
    <Table
      caption={uploads.files}
      items={of.files}
      keyOf={({ name, bytes }) => `${name} ${bytes}`}
      columns={[
        { head: uploads.file, cell: ({ name }) => <bdi className="salus-roomy">{name}</bdi> },
        { head: uploads.size, cell: ({ bytes }) => format.bytes(bytes), isNumber: true },
        { head: uploads.found, cell: ({ found }) => format.number(found), isNumber: true },
        { head: uploads.taken, cell: ({ taken }) => format.number(taken), isNumber: true },
        {
          head: uploads.providers,
          cell: ({ providers }) => format.number(providers),
          isNumber: true,
        },
        { head: uploads.notTaken, cell: ({ refused }) => format.number(refused), isNumber: true },
      ]}
    />
  );
}
