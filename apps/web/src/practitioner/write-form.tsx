import { useState } from "react";
import type { ChartHead } from "../device/practice/chart.ts";
import type { WritingPreview } from "../device/practice/writing.ts";
import type { Draft } from "../device/practice/written-resource.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button, ButtonLink } from "../parts/button.tsx";
import { Form, Radios } from "../parts/field.tsx";
import { Card, Section } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { DraftFields, emptyDraft } from "./draft-fields.tsx";
import { Pending } from "./pending.tsx";
import { WritingShown } from "./writing-shown.tsx";

/** Write something into a patient's record: filled in, looked at, signed, handed to the hospital. */
export function WriteForm({ head }: { readonly head: ChartHead }) {
  const { write } = useText().practitioner;
  const [draft, setDraft] = useState<Draft>(() => emptyDraft("note"));
  const [shown, setShown] = useState<WritingPreview>();
  const [isDone, setDone] = useState(false);
  const previewing = useDo(device().practice.writing.preview, setShown);
  if (isDone) {
    const again = (): void => {
      setDone(false);
      setShown(undefined);
      setDraft(emptyDraft(draft.kind));
    };
    return <Done vault={head.vault} onAgain={again} />;
  }
  if (shown !== undefined) {
    const back = (): void => setShown(undefined);
    return <Signing head={head} shown={shown} onBack={back} onDone={() => setDone(true)} />;
  }
  const { problem } = previewing;
  const need = problem?.kind === "bad-input" ? needOf(problem.reason) : undefined;
  return (
    <Section title={write.title}>
      <p className="salus-soft">{write.lead}</p>
      <Radios
        label={write.kind}
        value={draft.kind}
        onChange={(kind) => {
          previewing.forget();
          setDraft(emptyDraft(kind));
        }}
        choices={KINDS.map((value) => ({ value, label: write.kinds[value] }))}
      />
      <Form label={write.title} onSubmit={() => previewing.start(draft)}>
        <DraftFields draft={draft} onChange={setDraft} />
        {need !== undefined && (
          <p className="salus-field-error" role="alert">
            {write.needs[need]}
          </p>
        )}
        {problem && need === undefined && <Failure of={problem} />}
        <Button kind="main" type="submit" isPending={previewing.isPending}>
          {write.preview}
        </Button>
      </Form>
    </Section>
  );
}

const KINDS = ["note", "measurement", "prescription"] as const;
const NEEDS = ["value", "range", "text", "title", "date", "days"] as const;

function needOf(reason: string | undefined): (typeof NEEDS)[number] | undefined {
  return NEEDS.find((need) => need === reason);
}

function Signing({
  head,
  shown,
  onBack,
  onDone,
}: {
  readonly head: ChartHead;
  readonly shown: WritingPreview;
  readonly onBack: () => void;
  readonly onDone: () => void;
}) {
  const { write } = useText().practitioner;
  const signing = useDo(device().practice.writing.sign, onDone);
  const known = head.scope.covered.some(({ name }) => name === shown.through);
  return (
    <>
      {signing.problem && <Failure of={signing.problem} />}
      <Card label={write.previewTitle} tone="accent">
        <h2>{write.previewTitle}</h2>
        <p>{write.previewLead}</p>
        <WritingShown of={shown} patient={head} />
        {!known && <p>{write.notAssociated(shown.through)}</p>}
      </Card>
      <Actions>
        <Button
          kind="main"
          isPending={signing.isPending}
          onPress={() => signing.start(head.vault, shown.json)}
        >
          {write.sign}
        </Button>
        <Button kind="quiet" onPress={onBack}>
          {write.change}
        </Button>
      </Actions>
    </>
  );
}

function Done({ vault, onAgain }: { readonly vault: string; readonly onAgain: () => void }) {
  const { write } = useText().practitioner;
  return (
    <Section title={write.handedOver}>
      <p role="status">{write.handedOverLead}</p>
      <Pending vault={vault} sayStored />
      <Actions>
        <ButtonLink kind="main" to={`/patients/${vault}`}>
          {write.seeChart}
        </ButtonLink>
        <Button onPress={onAgain}>{write.another}</Button>
      </Actions>
    </Section>
  );
}
