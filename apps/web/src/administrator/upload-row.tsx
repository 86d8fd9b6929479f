import type { UploadView } from "../device/organisation/uploads/uploads.ts";
import { Badge } from "../parts/chip.tsx";
import { Row } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** An upload in a line: which files, when, and how it went. */
export function UploadRow({ of }: { readonly of: UploadView }) {
  const { uploads, home } = useText().administrator;
  const format = useFormat();
  const names = of.files.map(({ name }) => name);
  const done = [
    format.relative(of.started),
    `${uploads.stored} ${format.number(of.stored)}`,
    ...(of.refused > 0 ? [home.refused(format.number(of.refused))] : []),
  ];
  return (
    <Row
      to="/uploads"
      title={<bdi>{format.list(names)}</bdi>}
      detail={done.join(" · ")}
      end={<StateBadge of={of.state} />}
    />
  );
}

/** How an upload stands, in a word. */
export function StateBadge({ of }: { readonly of: UploadView["state"] }) {
  const { states } = useText().administrator.uploads;
  const isBad = of === "failed" || of === "interrupted";
  return <Badge tone={isBad ? "alert" : "plain"}>{states[of]}</Badge>;
}
