import { useState } from "react";
import type { Confirmation, Kit } from "../device/account/kit.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Failure } from "../parts/states.tsx";
import { KitPage } from "../sign-up/kit.tsx";
import { WordsForm } from "../sign-up/words-form.tsx";
import { useText } from "../text/text.tsx";
import { useFinal } from "./step-up.tsx";

/** Another page to print, whose words take the place of the old ones once she has shown that she has it. */
export function NewKit() {
  const { security } = useText();
  const [kit, setKit] = useState<Kit>();
  const [isDone, setDone] = useState(false);
  const drawing = useDo(() => device().account.drawPhrase(), setKit);
  if (kit !== undefined) {
    return (
      <Replace
        kit={kit}
        onDone={() => {
          setKit(undefined);
          setDone(true);
        }}
      />
    );
  }
  return (
    <>
      <p>{security.newKitLead}</p>
      {isDone && <p role="status">{security.newKitDone}</p>}
      {drawing.problem && <Failure of={drawing.problem} />}
      <Actions>
        <Button onPress={drawing.start} isPending={drawing.isPending}>
          {security.newKit}
        </Button>
      </Actions>
    </>
  );
}

function Replace({ kit, onDone }: { readonly kit: Kit; readonly onDone: () => void }) {
  const { security, signUp } = useText();
  const replacing = useFinal(
    (confirmation: Confirmation) => device().account.replacePhrase(confirmation),
    onDone,
  );
  return (
    <>
      <KitPage of={kit} />
      <Actions>
        <Button onPress={() => print()}>{signUp.print}</Button>
      </Actions>
      <p>{signUp.confirmLead}</p>
      <WordsForm
        kit={kit}
        answer={security.newKitUse}
        isPending={replacing.isPending}
        problem={replacing.problem}
        onConfirm={replacing.start}
      />
      {replacing.question}
    </>
  );
}
