import { useLocation } from "wouter";
import { Told } from "../deciding/told.tsx";
import type { OthersRecord } from "../device/proxies/others.ts";
import { device } from "../page/call.ts";
import { useSession } from "../page/session.tsx";
import { useAsk, useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** Records of those who trust her, each with the way into it. */
export function OthersRecords() {
  const { proxies } = useText();
  const asked = useAsk(() => device().proxies.others(), []);
  if (asked.state === "loading") return <Waiting for={proxies.othersWaiting} />;
  if (asked.state === "failed") return <Failure of={asked.problem} onAgain={asked.again} />;
  if (asked.view.length === 0) return <Nothing title={proxies.othersNone} />;
  return (
    <>
      <p className="salus-soft">{proxies.othersLead}</p>
      <Rows label={proxies.others}>
        {asked.view.map((one) => (
          <OthersRow key={one.vault} of={one} />
        ))}
      </Rows>
    </>
  );
}

function OthersRow({ of }: { readonly of: OthersRecord }) {
  const { proxies, sharing } = useText();
  const format = useFormat();
  const { setReading } = useSession();
  const [, go] = useLocation();
  const name = of.name ?? proxies.unnamed;
  const reading = useDo(
    () => device().proxies.read(of.vault),
    () => {
      setReading(of);
      go("/");
    },
  );
  return (
    <>
      <Row
        title={<Told>{name}</Told>}
        detail={`${sharing.until} ${format.dateTime(of.until)}`}
        end={
          <Button
            label={proxies.read(name)}
            isPending={reading.isPending}
            onPress={() => reading.start()}
          >
            {proxies.readShort}
          </Button>
        }
      />
      {reading.problem && (
        <li>
          <Failure of={reading.problem} />
        </li>
      )}
    </>
  );
}
