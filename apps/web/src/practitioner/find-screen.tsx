import type { IdentifierKind } from "@salus/protocol";
import { useState } from "react";
import { useLocation } from "wouter";
import type { Sought } from "../device/practice/found.ts";
import type { OrganisationView } from "../device/practice/standing.ts";
import { device } from "../page/call.ts";
import { type Asked, useAsk, useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { CodeReader } from "../parts/code-reader.tsx";
import { Field, Form, Radios } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { Select } from "../parts/select.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

type Way = IdentifierKind | "code";

/** What was typed, whichever way is chosen. */
interface Typed {
  readonly text: string;
  /** Of a number: who gave it; of a telephone: its country. */
  readonly of: string;
  readonly reason: string;
}

const WAYS: readonly Way[] = ["phone", "email", "health-number", "record-number", "code"];

/** Find a patient by one thing, without being told whether she exists. */
export default function FindScreen() {
  const { find } = useText().practitioner;
  const [, go] = useLocation();
  const [way, setWay] = useState<Way>("phone");
  const [typed, setTyped] = useState<Typed>({ text: "", of: "", reason: "TREAT" });
  const found = (id: string): void => go(`/ask/${id}`);
  const finding = useDo(device().practice.find, found);
  const reading = useDo(device().practice.findByCode, found);
  const problem = way === "code" ? reading.problem : finding.problem;
  const choose = (chosen: Way): void => {
    setWay(chosen);
    setTyped({ ...typed, text: "", of: "" });
    finding.forget();
    reading.forget();
  };
  return (
    <Page title={find.title} lead={find.lead}>
      <Radios
        label={find.by}
        value={way}
        onChange={choose}
        choices={WAYS.map((value) => ({ value, label: wayName(value, find) }))}
      />
      {problem && <Failure of={problem} />}
      {way === "code" ? (
        <CodeReader onRead={reading.start} />
      ) : (
        <Form onSubmit={() => finding.start(soughtOf(way, typed))} label={find.title}>
          <WhatFields way={way} typed={typed} onChange={setTyped} />
          <Select
            label={find.reason}
            value={typed.reason}
            onChange={(reason) => setTyped({ ...typed, reason })}
            choices={Object.entries(find.reasons).map(([value, label]) => ({ value, label }))}
          />
          <p className="salus-soft">{find.honest}</p>
          <Button kind="main" type="submit" isPending={finding.isPending}>
            {find.look}
          </Button>
        </Form>
      )}
    </Page>
  );
}

type Words = ReturnType<typeof useText>["practitioner"]["find"];

function wayName(way: Way, find: Words): string {
  const names: Readonly<Record<Way, string>> = {
    phone: find.phone,
    email: find.email,
    "health-number": find.healthNumber,
    "record-number": find.recordNumber,
    code: find.code,
  };
  return names[way];
}

/** A number stands behind who gave it. */
function soughtOf(kind: IdentifierKind, { text, of, reason }: Typed): Sought {
  if (kind === "phone") return { kind, text, region: of, reason };
  const numbered = kind === "health-number" || kind === "record-number";
  return { kind, text: numbered ? `${of}|${text}` : text, region: "", reason };
}

function WhatFields({
  way,
  typed,
  onChange,
}: {
  readonly way: IdentifierKind;
  readonly typed: Typed;
  readonly onChange: (typed: Typed) => void;
}) {
  const { find } = useText().practitioner;
  const organisations = useAsk(() => device().practice.organisations(), []);
  const text = { value: typed.text, onChange: (text: string) => onChange({ ...typed, text }) };
  const of = { value: typed.of, onChange: (of: string) => onChange({ ...typed, of }) };
  switch (way) {
    case "phone":
      return (
        <>
          <Field label={find.phone} hint={find.phoneHint} type="tel" isRequired {...text} />
          <Select
            label={find.region}
            choices={Object.entries(find.regions).map(([value, label]) => ({ value, label }))}
            {...of}
          />
        </>
      );
    case "email":
      return <Field label={find.email} type="email" isRequired {...text} />;
    case "health-number":
      return (
        <>
          <Field label={find.system} hint={find.systemHint} isRequired {...of} />
          <Field label={find.healthNumber} isRequired {...text} />
        </>
      );
    case "record-number":
      return (
        <>
          <Select label={find.organisation} choices={hospitalsOf(organisations)} {...of} />
          <Field label={find.recordNumber} isRequired {...text} />
        </>
      );
  }
}

function hospitalsOf(
  asked: Asked<readonly OrganisationView[]>,
): readonly { readonly value: string; readonly label: string }[] {
  const all = asked.state === "ready" ? asked.view : [];
  return all.map(({ node, name }) => ({ value: node, label: name }));
}
