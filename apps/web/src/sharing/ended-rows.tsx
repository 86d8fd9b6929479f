import { ReaderText } from "../deciding/names.tsx";
import type { AccessView } from "../device/sharing/access-view.ts";
import { Badge } from "../parts/chip.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** What is over: nothing of it opens any more. */
export function EndedRows({ of }: { readonly of: readonly AccessView[] }) {
  const { sharing, category } = useText();
  const format = useFormat();
  return (
    <Rows label={sharing.over}>
      {of.map(({ id, who, categories, from, until, state }) => (
        <Row
          key={id}
          title={<ReaderText of={who} />}
          detail={
            <>
              {format.list(categories.map((one) => category.names[one]))} · {format.dateTime(from)}{" "}
              – {format.dateTime(until)}
            </>
          }
          end={state !== "live" && <Badge>{sharing.ended[state]}</Badge>}
        />
      ))}
    </Rows>
  );
}
