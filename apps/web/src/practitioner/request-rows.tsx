import { spanText } from "../deciding/time-left.ts";
import { Told } from "../deciding/told.tsx";
import type { RequestView } from "../device/practice/requests.ts";
import { Badge } from "../parts/chip.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { PatientName } from "./patient-name.tsx";

/** Requests of one kind; those that are approved lead to the chart. */
export function RequestRows({
  label,
  of,
}: {
  readonly label: string;
  readonly of: readonly RequestView[];
}) {
  return (
    <Rows label={label}>
      {of.map((request) => (
        <RequestRow key={request.id} of={request} />
      ))}
    </Rows>
  );
}

function RequestRow({ of }: { readonly of: RequestView }) {
  const { practitioner } = useText();
  const { status, vault } = of;
  const chart = status === "approved" && vault !== undefined ? `/patients/${vault}` : undefined;
  return (
    <Row
      title={<PatientName of={of} />}
      detail={
        <>
          <Scope of={of} />
          {of.answer !== "" && (
            <>
              {" · "}
              {practitioner.saidBy}: <Told>{of.answer}</Told>
            </>
          )}
        </>
      }
      end={<TimeBadge of={of} />}
      {...(chart && { to: chart })}
    />
  );
}

/** What was asked for, or given, in one line. */
function Scope({ of }: { readonly of: RequestView }) {
  const { category, practitioner } = useText();
  const format = useFormat();
  const given = new Set(of.covered.flatMap(({ categories }) => categories));
  const categories = given.size > 0 ? [...given] : of.categories;
  const what =
    categories === "all"
      ? practitioner.ask.everything
      : format.list(categories.map((name) => category.names[name]));
  return `${what} · ${practitioner.asked(format.relative(of.asked))}`;
}

function TimeBadge({ of }: { readonly of: RequestView }) {
  const { deciding, practitioner } = useText();
  const format = useFormat();
  if (of.status === "approved") {
    return (
      <Badge tone="accent">{deciding.timeLeft(spanText(of.expires - Date.now(), deciding))}</Badge>
    );
  }
  if (of.status === "waiting") {
    return <Badge>{practitioner.answerUntil(format.date(dayOf(of.answerBy)))}</Badge>;
  }
  const tone = of.status === "unread" ? "notice" : "plain";
  return <Badge tone={tone}>{practitioner.statuses[of.status]}</Badge>;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
