import type { SecurityView } from "../device/account/security.ts";
import { device } from "../page/call.ts";
import { Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { useText } from "../text/text.tsx";
import { Removable } from "./removable.tsx";

/** What opens the account on a device that is signed in. Password and phrase stay. */
export function Unlocks({
  unlocks,
  onChanged,
}: {
  readonly unlocks: SecurityView["unlocks"];
  readonly onChanged: () => void;
}) {
  const { security } = useText();
  return (
    <Section title={security.unlocks}>
      <p className="salus-soft">{security.unlocksLead}</p>
      <Rows label={security.unlocks}>
        {unlocks.map(({ id, kind }) => (
          <Row
            key={id}
            title={security.unlockKinds[kind]}
            end={
              kind === "passkey" && (
                <Removable
                  label={security.remove}
                  what={security.unlockKinds[kind]}
                  title={security.removeUnlock}
                  body={security.removeUnlockBody}
                  remove={() => device().account.removeUnlock(id)}
                  onRemoved={onChanged}
                />
              )
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
