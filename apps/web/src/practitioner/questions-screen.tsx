import { useState } from "react";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Page } from "../parts/page.tsx";
import { Select } from "../parts/select.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { nameText } from "./patient-name.tsx";
import { QuestionBox } from "./question-box.tsx";

const ALL = "all";

/** Search over everything that patients have shared. */
export default function QuestionsScreen() {
  const text = useText();
  const { question } = text.practitioner;
  const [whom, setWhom] = useState<string>(ALL);
  const readable = useAsk(() => device().practice.readable(), []);
  return (
    <Page title={question.title} lead={question.lead} wide>
      {readable.state === "loading" && <Waiting for={question.title} />}
      {readable.state === "failed" && <Failure of={readable.problem} onAgain={readable.again} />}
      {readable.state === "ready" && readable.view.length === 0 && (
        <Nothing title={question.nobody} />
      )}
      {readable.state === "ready" && readable.view.length > 0 && (
        <>
          <Select
            label={question.whom}
            value={whom}
            onChange={setWhom}
            choices={[
              { value: ALL, label: `${question.everybody} (${readable.view.length})` },
              ...readable.view.map((one) => ({ value: one.vault, label: nameText(one, text) })),
            ]}
          />
          <QuestionBox key={whom} vault={whom === ALL ? undefined : whom} />
        </>
      )}
    </Page>
  );
}
