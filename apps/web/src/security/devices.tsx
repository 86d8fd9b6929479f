import { useState } from "react";
import type { SecurityView } from "../device/account/security.ts";
import { device } from "../page/call.ts";
import { Badge } from "../parts/chip.tsx";
import { CodeReader } from "../parts/code-reader.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { Removable } from "./removable.tsx";
import { useFinal } from "./step-up.tsx";

const SHOWN_LETTERS = 8;

/** The devices that open the account; another one is let in by its card. */
export function Devices({
  devices,
  onChanged,
}: {
  readonly devices: SecurityView["devices"];
  readonly onChanged: () => void;
}) {
  const { security } = useText();
  const format = useFormat();
  return (
    <Section title={security.devices}>
      {devices.length > 1 && <p className="salus-soft">{security.devicesLead}</p>}
      <Rows label={security.devices}>
        {devices.map(({ id, current, seen }) => {
          const number = security.deviceNumber(id.slice(0, SHOWN_LETTERS));
          const used =
            seen === undefined
              ? security.signedOut
              : security.seen(format.relative(Date.parse(seen)));
          return (
            <Row
              key={id}
              title={security.device}
              detail={`${number} · ${used}`}
              end={
                current ? (
                  <Badge tone="accent">{security.thisDevice}</Badge>
                ) : (
                  <Removable
                    label={security.takeOut}
                    what={`${security.device}, ${number}`}
                    title={security.removeDevice}
                    body={security.removeDeviceBody}
                    remove={() => device().account.removeDevice(id)}
                    onRemoved={onChanged}
                  />
                )
              }
            />
          );
        })}
      </Rows>
      <Disclosure title={security.approve}>
        <Approve onApproved={onChanged} />
      </Disclosure>
    </Section>
  );
}

function Approve({ onApproved }: { readonly onApproved: () => void }) {
  const { security } = useText();
  const [isDone, setDone] = useState(false);
  const approving = useFinal(
    (card: string) => device().account.approveDevice(card),
    () => {
      setDone(true);
      onApproved();
    },
  );
  return (
    <>
      <p>{security.approveLead}</p>
      {approving.problem && <Failure of={approving.problem} />}
      {isDone && <p role="status">{security.done}</p>}
      <CodeReader
        onRead={(card) => {
          setDone(false);
          approving.start(card);
        }}
      />
      {approving.question}
    </>
  );
}
