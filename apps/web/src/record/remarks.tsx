import { useState } from "react";
import { Quote } from "../deciding/told.tsx";
import type { ItemView } from "../device/record/views.ts";
import { device } from "../page/call.ts";
import { useSession } from "../page/session.tsx";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button, ButtonLink } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Section } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

const REMARK_MAX = 4_000;

/** What she has said beside a record, and a place to say more. */
export function Remarks({
  of: { line, notes },
  onChange,
}: {
  readonly of: ItemView;
  readonly onChange: () => void;
}) {
  const { item } = useText().record;
  const format = useFormat();
  const { reading } = useSession();
  const [text, setText] = useState("");
  const adding = useDo(
    () => device().record.annotate(line.handle, text),
    () => {
      setText("");
      onChange();
    },
  );
  return (
    <Section title={item.remarks}>
      {notes.length === 0 && <p className="salus-soft">{item.remarkNone}</p>}
      {notes.map((note) => (
        <div key={note.handle} className="salus-remark">
          <Quote of={format.dateTime(note.date)}>{note.text}</Quote>
          {reading === undefined && (
            <ButtonLink kind="quiet" to={`/item/${note.handle}`}>
              {item.remove}
            </ButtonLink>
          )}
        </div>
      ))}
      {reading === undefined && (
        <Disclosure title={item.remark}>
          <Form onSubmit={() => adding.start()}>
            <Field
              label={item.remarkText}
              hint={item.remarkHint}
              lines
              value={text}
              onChange={setText}
              maxLength={REMARK_MAX}
            />
            {adding.problem && <Failure of={adding.problem} />}
            <Actions>
              <Button type="submit" kind="main" isPending={adding.isPending}>
                {item.remarkSave}
              </Button>
            </Actions>
          </Form>
        </Disclosure>
      )}
    </Section>
  );
}
