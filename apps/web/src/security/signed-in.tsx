import type { SessionView } from "../device/account/security.ts";
import { device } from "../page/call.ts";
import { useSession } from "../page/session.tsx";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { Removable } from "./removable.tsx";

/** Where the account is signed in. */
export function SignedIn({
  sessions,
  onChanged,
}: {
  readonly sessions: readonly SessionView[];
  readonly onChanged: () => void;
}) {
  const { security, shell } = useText();
  const { lock } = useSession();
  const format = useFormat();
  const ending = useDo((id: string) => device().account.endSession(id), onChanged);
  return (
    <Section title={security.sessions}>
      {ending.problem && <Failure of={ending.problem} />}
      <Rows label={security.sessions}>
        {sessions.map(({ id, role, seen, current }) => (
          <Row
            key={id}
            title={security.session(shell.roles[role])}
            detail={security.seen(format.relative(Date.parse(seen)))}
            end={
              current ? (
                <Badge tone="accent">{security.thisSession}</Badge>
              ) : (
                <Button
                  kind="quiet"
                  label={`${security.end}: ${security.session(shell.roles[role])}`}
                  onPress={() => ending.start(id)}
                >
                  {security.end}
                </Button>
              )
            }
          />
        ))}
      </Rows>
      <div>
        <Removable
          label={security.everywhere}
          what={security.sessions}
          title={security.everywhere}
          body={security.everywhereBody}
          remove={() => device().account.signOutEverywhere()}
          onRemoved={lock}
        />
      </div>
    </Section>
  );
}
