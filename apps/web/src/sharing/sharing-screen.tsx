import type { AccessView } from "../device/sharing/access-view.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Disclosure } from "../parts/disclosure.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { AccessCard } from "./access-card.tsx";
import { EndedRows } from "./ended-rows.tsx";

/** Everybody whom she lets read. */
export default function SharingScreen() {
  const { sharing, shell } = useText();
  const accesses = useAsk(() => device().sharing.list(), []);
  return (
    <Page title={shell.places.sharing} lead={sharing.lead}>
      {accesses.state === "loading" && <Waiting for={sharing.waiting} />}
      {accesses.state === "failed" && <Failure of={accesses.problem} onAgain={accesses.again} />}
      {accesses.state === "ready" && <Accesses of={accesses.view} onChange={accesses.again} />}
    </Page>
  );
}

function Accesses({
  of,
  onChange,
}: {
  readonly of: readonly AccessView[];
  readonly onChange: () => void;
}) {
  const { sharing } = useText();
  // Asked for by itself: to verify the log takes longer than to say who may read.
  const uses = useAsk(() => device().sharing.lastUses(), []);
  const live = of.filter(({ state }) => state === "live");
  const over = of.filter(({ state }) => state !== "live");
  return (
    <>
      <Section title={sharing.live}>
        {live.length === 0 ? (
          <Nothing title={sharing.none}>
            <p>{sharing.noneMore}</p>
          </Nothing>
        ) : (
          live.map((access) => (
            <AccessCard key={access.id} of={access} uses={uses} onChange={onChange} />
          ))
        )}
      </Section>
      {over.length > 0 && (
        <Disclosure title={`${sharing.over} (${over.length})`}>
          <EndedRows of={over} />
        </Disclosure>
      )}
    </>
  );
}
