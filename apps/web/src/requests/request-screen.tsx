import { fail } from "@salus/base";
import { useState } from "react";
import { useParams } from "wouter";
import type { RequestView } from "../device/requests/request-view.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Actions, Button, ButtonLink } from "../parts/button.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { Card, Page, Section } from "../parts/page.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useFinal } from "../security/step-up.tsx";
import { useText } from "../text/text.tsx";
import { asAsked, chosenOf, type Narrowed } from "./narrowing.ts";
import { NarrowingForm } from "./narrowing-form.tsx";
import { Signed } from "./signed.tsx";
import { noteAnswered } from "./use-waiting.ts";
import { WhoAsks } from "./who-asks.tsx";

/** One request: who asks for what, how it is narrowed, and what exactly is signed. */
export default function RequestScreen() {
  const { id = "" } = useParams<{ readonly id: string }>();
  const { requests } = useText();
  const request = useAsk(() => device().requests.get(id), [id]);
  return (
    <Page title={requests.title} back={{ to: "/requests", label: requests.back }}>
      {request.state === "loading" && <Waiting for={requests.waiting} lines={6} />}
      {request.state === "failed" && <Failure of={request.problem} onAgain={request.again} />}
      {request.state === "ready" && <Deciding key={id} request={request.view} />}
    </Page>
  );
}

type Answered = { readonly said: "yes" | "no"; readonly posted: boolean };

function Deciding({ request }: { readonly request: RequestView }) {
  const [answered, setAnswered] = useState<Answered>();
  if (answered !== undefined) return <Done of={answered} />;
  const take = (answer: Answered): void => {
    noteAnswered();
    setAnswered(answer);
  };
  return (
    <>
      <WhoAsks request={request} />
      <Decision request={request} onAnswer={take} />
    </>
  );
}

/** So much fits the 1,024 bytes of an answer in any script. */
const NOTE_MAX = 250;

function Decision({
  request,
  onAnswer,
}: {
  readonly request: RequestView;
  readonly onAnswer: (answered: Answered) => void;
}) {
  const { requests } = useText();
  const [opened] = useState(() => Date.now());
  const [form, setForm] = useState<Narrowed>(() => asAsked(request));
  const [note, setNote] = useState("");
  const [isDenying, setDenying] = useState(false);
  const chosen = chosenOf(form, request, opened);
  const proposal = useAsk(
    async () =>
      chosen === undefined
        ? fail({ kind: "nothing-granted" })
        : device().requests.propose(request.id, chosen),
    [request.id, JSON.stringify(chosen)],
  );
  const approving = useFinal(
    (shown: string) => device().requests.approve(request.id, shown, note),
    ({ posted }) => onAnswer({ said: "yes", posted }),
  );
  const denying = useFinal(
    () => device().requests.deny(request.id, note),
    ({ posted }) => onAnswer({ said: "no", posted }),
  );
  const shown = chosen !== undefined && proposal.state === "ready" ? proposal.view : undefined;
  return (
    <>
      <Section title={requests.what}>
        <p className="salus-soft">{requests.whatLead}</p>
        <NarrowingForm request={request} now={opened} form={form} onChange={setForm} />
      </Section>
      <Section title={requests.sign}>
        {chosen === undefined && (
          <Nothing title={requests.nothingLeft}>
            <p>{requests.nothingLeftMore}</p>
          </Nothing>
        )}
        {chosen !== undefined && proposal.state === "loading" && <Waiting for={requests.sign} />}
        {chosen !== undefined && proposal.state === "failed" && (
          <Failure of={proposal.problem} onAgain={proposal.again} />
        )}
        {shown && <Signed of={shown} />}
      </Section>
      <Field
        label={requests.note}
        hint={requests.noteHint}
        value={note}
        onChange={setNote}
        lines
        maxLength={NOTE_MAX}
      />
      {/* What was shown may be stale: it is shown anew. */}
      {approving.problem && <Failure of={approving.problem} onAgain={proposal.again} />}
      {denying.problem && <Failure of={denying.problem} />}
      <Actions>
        <Button
          kind="main"
          isDisabled={shown === undefined}
          isPending={approving.isPending}
          onPress={() => shown && approving.start(shown.id)}
        >
          {requests.approve}
        </Button>
        <Button kind="final" isPending={denying.isPending} onPress={() => setDenying(true)}>
          {requests.deny}
        </Button>
      </Actions>
      <Confirm
        title={requests.denyTitle}
        answer={requests.denyAnswer}
        isOpen={isDenying}
        onAnswer={() => {
          setDenying(false);
          denying.start();
        }}
        onClose={() => setDenying(false)}
      >
        <p>{requests.denyMore}</p>
      </Confirm>
      {approving.question}
      {denying.question}
    </>
  );
}

function Done({ of }: { readonly of: Answered }) {
  const { requests } = useText();
  const yes = of.said === "yes";
  return (
    <Card tone="accent">
      <h2>{yes ? requests.approved : requests.denied}</h2>
      <p>{yes ? requests.approvedMore : requests.deniedMore}</p>
      {!of.posted && <p>{requests.notPosted}</p>}
      <Actions>
        {yes && (
          <ButtonLink kind="main" to="/sharing">
            {requests.toSharing}
          </ButtonLink>
        )}
        <ButtonLink to="/requests">{requests.back}</ButtonLink>
      </Actions>
    </Card>
  );
}
