import { useState } from "react";
import type { TypedIdentifier } from "../device/sources/identifiers.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Checkbox, Field, Form } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

type Kind = TypedIdentifier["kind"];
const KINDS = ["email", "phone", "health-number", "record-number"] as const;
const SYSTEMS: Readonly<Record<Kind, string>> = {
  email: "",
  phone: "",
  "health-number": "abha",
  "record-number": "",
};

/** Adds something that she is found by; a phone number with a code, if she likes. */
export function AddIdentifier({ onDone }: { readonly onDone: () => void }) {
  const { sources } = useText();
  const [kind, setKind] = useState<Kind>("email");
  const [system, setSystem] = useState("");
  const [text, setText] = useState("");
  const [isProving, setProving] = useState(false);
  const [isSent, setSent] = useState(false);
  const typed: TypedIdentifier = { kind, system, text };
  const adding = useDo(() => device().identifiers.add(typed), onDone);
  const sending = useDo(
    () => device().identifiers.sendCode(typed),
    () => setSent(true),
  );
  const proves = kind === "phone" && isProving;
  if (isSent) return <Code onDone={onDone} />;
  return (
    <Form onSubmit={proves ? sending.start : adding.start}>
      <Select<Kind>
        label={sources.kind}
        value={kind}
        onChange={(chosen) => {
          setKind(chosen);
          setSystem(SYSTEMS[chosen]);
          setText("");
        }}
        choices={KINDS.map((value) => ({ value, label: sources.kinds[value] }))}
      />
      {kind === "health-number" && (
        <Field
          label={sources.healthSystem}
          hint={sources.healthSystemHint}
          value={system}
          onChange={setSystem}
        />
      )}
      {kind === "record-number" && (
        <Field label={sources.recordSystem} value={system} onChange={setSystem} />
      )}
      <Value kind={kind} value={text} onChange={setText} />
      {kind === "phone" && (
        <Checkbox isSelected={isProving} onChange={setProving}>
          {sources.prove}
        </Checkbox>
      )}
      {adding.problem && <Failure of={adding.problem} />}
      {sending.problem && <Failure of={sending.problem} />}
      <Button
        type="submit"
        isPending={adding.isPending || sending.isPending}
        isDisabled={text.trim() === ""}
      >
        {proves ? sources.sendCode : sources.addAnswer}
      </Button>
    </Form>
  );
}

function Value({
  kind,
  value,
  onChange,
}: {
  readonly kind: Kind;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { sources } = useText();
  switch (kind) {
    case "email":
      return (
        <Field
          label={sources.emailText}
          type="email"
          autoComplete="email"
          value={value}
          onChange={onChange}
        />
      );
    case "phone":
      return (
        <Field
          label={sources.phoneText}
          hint={sources.phoneHint}
          type="tel"
          autoComplete="tel"
          value={value}
          onChange={onChange}
        />
      );
    case "health-number":
      return <Field label={sources.healthText} value={value} onChange={onChange} />;
    case "record-number":
      return <Field label={sources.recordText} value={value} onChange={onChange} />;
  }
}

function Code({ onDone }: { readonly onDone: () => void }) {
  const { sources } = useText();
  const [code, setCode] = useState("");
  const proving = useDo(() => device().identifiers.prove(code), onDone);
  return (
    <Form onSubmit={proving.start}>
      <Field
        label={sources.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        autoFocus
      />
      {proving.problem && <Failure of={proving.problem} />}
      <Button type="submit" isPending={proving.isPending} isDisabled={code.trim() === ""}>
        {sources.codeAnswer}
      </Button>
    </Form>
  );
}
