import { Check } from "lucide-react";
import { useState } from "react";
import { dayOf, endOf } from "../deciding/time-left.ts";
import type { NewProxy } from "../device/proxies/proxies.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Checkbox, Field, Form, Radios } from "../parts/field.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useFinal } from "../security/step-up.tsx";
import { useFormat, useText } from "../text/text.tsx";

const DAY_MS = 86_400_000;
const DAYS_FIRST = 180;
const DAYS_MAX = 365;

/** Lets somebody read everything: whose card it is, two people compare before it is signed. */
export function AddProxy({ onDone }: { readonly onDone: () => void }) {
  const { proxies } = useText();
  const [added, setAdded] = useState(0);
  return (
    <>
      <p className="salus-soft">{proxies.addLead}</p>
      {added > 0 && (
        <p className="salus-with-icon" role="status" data-tone="good">
          <Check size={20} aria-hidden="true" />
          {proxies.added}
        </p>
      )}
      <Disclosure key={added} title={proxies.addStart}>
        <AddForm
          onDone={() => {
            setAdded(added + 1);
            onDone();
          }}
        />
      </Disclosure>
    </>
  );
}

function AddForm({ onDone }: { readonly onDone: () => void }) {
  const { proxies } = useText();
  const format = useFormat();
  const [name, setName] = useState("");
  const [card, setCard] = useState("");
  const [compared, setCompared] = useState<string>();
  const [purpose, setPurpose] = useState<NewProxy["purpose"]>("FAMRQT");
  const [day, setDay] = useState(() => dayOf(Date.now() + DAYS_FIRST * DAY_MS));
  const until = endOf(day);
  const adding = useFinal((proxy: NewProxy) => device().proxies.add(proxy), onDone);
  const isWhole = name.trim() !== "" && compared === card && until !== undefined;
  return (
    <Form onSubmit={() => isWhole && adding.start({ name, card, purpose, until })}>
      <Field label={proxies.name} hint={proxies.nameHint} value={name} onChange={setName} />
      <Field label={proxies.card} value={card} onChange={setCard} lines />
      {card.trim() !== "" && (
        <CardNumber
          of={card}
          isCompared={compared === card}
          onCompare={(same) => setCompared(same ? card : undefined)}
        />
      )}
      <Radios<NewProxy["purpose"]>
        label={proxies.why}
        value={purpose}
        onChange={setPurpose}
        choices={(["FAMRQT", "PWATRNY"] as const).map((value) => ({
          value,
          label: proxies.purposes[value],
        }))}
      />
      <Field
        label={proxies.until}
        hint={proxies.untilHint}
        type="date"
        min={dayOf(Date.now())}
        max={dayOf(Date.now() + DAYS_MAX * DAY_MS)}
        value={day}
        onChange={setDay}
      />
      {until !== undefined && <p>{proxies.what(format.dateTime(until))}</p>}
      {adding.problem && <Failure of={adding.problem} />}
      <Button kind="main" type="submit" isDisabled={!isWhole} isPending={adding.isPending}>
        {proxies.addAnswer}
      </Button>
      {adding.question}
    </Form>
  );
}

/** A card that was sent may have been exchanged on the way: the number says whose it is. */
function CardNumber({
  of,
  isCompared,
  onCompare,
}: {
  readonly of: string;
  readonly isCompared: boolean;
  readonly onCompare: (same: boolean) => void;
}) {
  const { proxies } = useText();
  const number = useAsk(() => device().proxies.numberOf(of), [of]);
  if (number.state === "loading") return <Waiting for={proxies.number} lines={1} />;
  if (number.state === "failed") return <Failure of={number.problem} />;
  return (
    <div>
      <p>
        {proxies.number}: <code className="salus-card-number">{number.view}</code>
      </p>
      <p className="salus-soft">{proxies.numberMore}</p>
      <Checkbox isSelected={isCompared} onChange={onCompare}>
        {proxies.compared}
      </Checkbox>
    </div>
  );
}
