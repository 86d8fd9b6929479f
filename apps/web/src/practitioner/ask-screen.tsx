import type { Category } from "@salus/health";
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import { device } from "../page/call.ts";
import { useAsk, useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Form } from "../parts/field.tsx";
import { Card, Page } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { AskFields } from "./ask-fields.tsx";
import { AskReview } from "./ask-review.tsx";
import { identifierText } from "./patient-name.tsx";
import { EMPTY, faultOf, type RequestForm, wantedOf } from "./request-form.ts";
import { Templates } from "./templates.tsx";

/** Ask whoever was found for access: filled in, looked at once more, sent. */
export default function AskScreen() {
  const { id = "" } = useParams<{ readonly id: string }>();
  const text = useText();
  const { ask, find } = text.practitioner;
  const found = useAsk(() => device().practice.foundBy(id), [id]);
  const to =
    found.state !== "ready"
      ? undefined
      : found.view === ""
        ? ask.toCode
        : ask.to(identifierText(found.view, text));
  return (
    <Page title={ask.title} lead={to} back={{ to: "/find", label: find.title }}>
      {found.state === "loading" && <Waiting for={ask.title} />}
      {found.state === "failed" && <Failure of={found.problem} />}
      {found.state === "ready" && <Asking key={id} id={id} />}
    </Page>
  );
}

function Asking({ id }: { readonly id: string }) {
  const { category, practitioner } = useText();
  const { ask } = practitioner;
  const [, go] = useLocation();
  const [form, setForm] = useState<RequestForm>(EMPTY);
  const [isReviewing, setReviewing] = useState(false);
  const [isTried, setTried] = useState(false);
  const all = Object.keys(category.names) as Category[];
  const organisations = useAsk(() => device().practice.organisations(), []);
  const hospitals = organisations.state === "ready" ? organisations.view : [];
  const sending = useDo(device().practice.ask, () => go("/patients"));
  const fault = faultOf(form);
  if (isReviewing) {
    const wanted = wantedOf(form, all, Date.now());
    return (
      <>
        {sending.problem && <Failure of={sending.problem} />}
        <Card label={ask.reviewTitle} tone="accent">
          <h2>{ask.reviewTitle}</h2>
          <p>{ask.reviewLead}</p>
          <AskReview wanted={wanted} hospitals={hospitals} />
        </Card>
        <Actions>
          <Button
            kind="main"
            isPending={sending.isPending}
            onPress={() => sending.start(id, wantedOf(form, all, Date.now()))}
          >
            {ask.send}
          </Button>
          <Button kind="quiet" onPress={() => setReviewing(false)}>
            {ask.change}
          </Button>
        </Actions>
      </>
    );
  }
  return (
    <Form
      label={ask.title}
      onSubmit={() => {
        setTried(true);
        if (fault === undefined) setReviewing(true);
      }}
    >
      <Templates form={form} onChange={setForm} />
      <AskFields form={form} onChange={setForm} hospitals={hospitals} categories={all} />
      {isTried && fault && (
        <p className="salus-field-error" role="alert">
          {ask[fault]}
        </p>
      )}
      <Button kind="main" type="submit">
        {ask.review}
      </Button>
    </Form>
  );
}
