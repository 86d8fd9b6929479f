import { ok, type Result } from "@salus/base";
import { type ReactNode, useRef, useState } from "react";
import type { Problem } from "../device/problem.ts";
import { device } from "../page/call.ts";
import { hasPasskeys, signWithPasskey } from "../page/passkey.ts";
import { type Doing, useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field, Form, Radios } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

type Way = "password" | "code" | "passkey";

/** Something final, and the question that it may lead to. */
export interface Final<Given extends readonly unknown[]> extends Doing<Given> {
  /** To be put on the screen: shows itself when she is to be asked who she is. */
  readonly question: ReactNode;
}

/**
 * Do something that may be refused until she has shown once more who she is: then she is asked, and it
 * is done again as it was wanted.
 */
export function useFinal<Given extends readonly unknown[], View>(
  work: (...given: Given) => Promise<Result<View, Problem>>,
  then?: (view: View) => void,
): Final<Given> {
  const wanted = useRef<Given>(undefined);
  const doing = useDo(work, then);
  const isAsked = doing.problem?.kind === "step-up";
  const start = (...given: Given): void => {
    wanted.current = given;
    doing.start(...given);
  };
  const question = (
    <StepUpDialog
      isOpen={isAsked}
      onClose={doing.forget}
      onDone={() => {
        if (wanted.current !== undefined) doing.start(...wanted.current);
      }}
    />
  );
  return { ...doing, problem: isAsked ? undefined : doing.problem, start, question };
}

function StepUpDialog({
  isOpen,
  onClose,
  onDone,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { stepUp } = useText();
  return (
    <Dialog title={stepUp.title} isOpen={isOpen} onClose={onClose}>
      <p>{stepUp.lead}</p>
      <StepUpForm onClose={onClose} onDone={onDone} />
    </Dialog>
  );
}

/** Lives as long as the dialog is open: what was typed is gone with it. */
function StepUpForm({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { stepUp, parts } = useText();
  const [way, setWay] = useState<Way>("password");
  const [typed, setTyped] = useState("");
  const proving = useDo(() => prove(way, typed), onDone);
  const ways: readonly Way[] = hasPasskeys()
    ? ["password", "code", "passkey"]
    : ["password", "code"];
  return (
    <Form onSubmit={proving.start}>
      <Radios<Way>
        label={stepUp.how}
        value={way}
        onChange={(chosen) => {
          setWay(chosen);
          setTyped("");
          proving.forget();
        }}
        choices={ways.map((value) => ({ value, label: stepUp.ways[value] }))}
      />
      {way === "password" && (
        <Field
          label={stepUp.password}
          type="password"
          autoComplete="current-password"
          value={typed}
          onChange={setTyped}
          autoFocus
        />
      )}
      {way === "code" && (
        <Field
          label={stepUp.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          value={typed}
          onChange={setTyped}
          autoFocus
        />
      )}
      {proving.problem && <Failure of={proving.problem} />}
      <Actions>
        <Button
          kind="main"
          type="submit"
          isPending={proving.isPending}
          isDisabled={way !== "passkey" && typed.trim() === ""}
        >
          {way === "passkey" ? stepUp.usePasskey : stepUp.continue}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {parts.cancel}
        </Button>
      </Actions>
    </Form>
  );
}

async function prove(way: Way, typed: string): Promise<Result<void, Problem>> {
  const { account } = device();
  if (way === "password") return account.stepUpByPassword(typed);
  if (way === "code") return account.stepUpByCode(typed.replaceAll(/\s/gu, ""));
  const options = await account.stepUpOptions();
  if (!options.ok) return options;
  const signed = await signWithPasskey(options.value);
  if (!signed.ok) return signed;
  const done = await account.stepUpByPasskey(signed.value);
  return done.ok ? ok(undefined) : done;
}
