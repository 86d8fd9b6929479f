import { useState } from "react";
import { Link } from "wouter";
import { Listed, PurposeText, ReaderText, SourceText } from "../deciding/names.tsx";
import { countedOnce } from "../deciding/own-sources.ts";
import { careDayOf, spanText } from "../deciding/time-left.ts";
import { Told } from "../deciding/told.tsx";
import type { AccessView } from "../device/sharing/access-view.ts";
import type { LastUses } from "../device/sharing/sharing.ts";
import { device } from "../page/call.ts";
import { type Asked, useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Card } from "../parts/page.tsx";
import { Facts } from "../parts/rows.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { ExtendDialog } from "./extend-dialog.tsx";
import { NarrowDialog } from "./narrow-dialog.tsx";

/** One access that lasts: what it covers, and the three things that can be done about it. */
export function AccessCard({
  of,
  uses,
  onChange,
}: {
  readonly of: AccessView;
  readonly uses: Asked<LastUses>;
  readonly onChange: () => void;
}) {
  const { sharing } = useText();
  const [asking, setAsking] = useState<"extend" | "narrow" | "stop">();
  const close = (): void => setAsking(undefined);
  const changed = (): void => {
    close();
    onChange();
  };
  const stopping = useDo(() => device().sharing.stop(of.id), changed);
  return (
    <Card>
      <Head of={of} />
      <Scope of={of} uses={uses} />
      {stopping.problem && <Failure of={stopping.problem} />}
      <Actions>
        {of.asked && (
          <>
            <Button onPress={() => setAsking("extend")}>{sharing.extend}</Button>
            <Button onPress={() => setAsking("narrow")}>{sharing.narrow}</Button>
          </>
        )}
        <Button kind="final" isPending={stopping.isPending} onPress={() => setAsking("stop")}>
          {sharing.stop}
        </Button>
        <Link href={`/log?access=${of.id}`}>{sharing.toLog}</Link>
      </Actions>
      <Confirm
        title={sharing.stopTitle(shortName(of))}
        answer={sharing.stopAnswer}
        isOpen={asking === "stop"}
        onAnswer={() => {
          close();
          stopping.start();
        }}
        onClose={close}
      >
        <p>{sharing.stopWorks}</p>
        <p>{sharing.stopCannot}</p>
      </Confirm>
      <ExtendDialog of={of} isOpen={asking === "extend"} onClose={close} onDone={changed} />
      <NarrowDialog of={of} isOpen={asking === "narrow"} onClose={close} onDone={changed} />
    </Card>
  );
}

function Head({ of }: { readonly of: AccessView }) {
  const { deciding } = useText();
  const left = spanText(of.until - Date.now(), deciding);
  return (
    <div className="salus-access-head">
      <div>
        <h3>
          <ReaderText of={of.who} />
        </h3>
        {of.who.kind === "certified" && (
          <span className="salus-soft">
            <Told>{of.who.organisation}</Told>
          </span>
        )}
      </div>
      <Badge tone="accent">{deciding.timeLeft(left)}</Badge>
    </div>
  );
}

function Scope({ of, uses }: { readonly of: AccessView; readonly uses: Asked<LastUses> }) {
  const { sharing, category } = useText();
  const format = useFormat();
  const { period } = of;
  return (
    <Facts
      of={[
        [sharing.what, format.list(of.categories.map((one) => category.names[one]))],
        [
          sharing.sources,
          <Listed
            key="sources"
            of={countedOnce(of.sources).map(({ source, name }) => (
              <SourceText key={source} of={name} />
            ))}
          />,
        ],
        [
          sharing.care,
          period === undefined
            ? sharing.careAny
            : sharing.careBetween(
                format.date(careDayOf(period.from)),
                format.date(careDayOf(period.to)),
              ),
        ],
        [sharing.why, <PurposeText key="why" of={of.purpose} />],
        [sharing.until, format.dateTime(of.until)],
        [sharing.lastUse, <LastUse key="use" of={of.id} uses={uses} />],
      ]}
    />
  );
}

/** That it was never used is said only when the log has said so. */
function LastUse({ of, uses }: { readonly of: string; readonly uses: Asked<LastUses> }) {
  const { sharing } = useText();
  const format = useFormat();
  if (uses.state === "loading") return <span className="salus-soft">{sharing.lastUseWaiting}</span>;
  if (uses.state === "failed") return sharing.lastUseUnknown;
  const time = uses.view[of];
  return time === undefined ? sharing.never : `${format.dateTime(time)}, ${format.relative(time)}`;
}

const NAME_SHOWN = 60;

/** In a heading, where no box of its own can stand around it. */
function shortName({ who }: AccessView): string {
  if (who.kind === "unknown") return who.key;
  const { name } = who;
  const cut = name.length > NAME_SHOWN ? `${name.slice(0, NAME_SHOWN)}…` : name;
  // FIRST STRONG ISOLATE and its end: its direction of writing stays with it.
  return `\u2068${cut}\u2069`;
}
