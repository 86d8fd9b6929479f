import type { Result } from "@salus/base";
import { type ReactNode, useState } from "react";
import type { Problem } from "../device/problem.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Failure } from "../parts/states.tsx";
import { useFinal } from "./step-up.tsx";

/** A button that asks once more, and perhaps who she is, before it takes something away. */
export function Removable({
  label,
  what,
  title,
  body,
  remove,
  onRemoved,
}: {
  /** What the button says. */
  readonly label: string;
  /** What it is about, for who cannot see where it stands. */
  readonly what: string;
  readonly title: string;
  readonly body: ReactNode;
  readonly remove: () => Promise<Result<unknown, Problem>>;
  readonly onRemoved: () => void;
}) {
  const [isAsked, setAsked] = useState(false);
  const removing = useFinal(remove, () => {
    setAsked(false);
    onRemoved();
  });
  return (
    <>
      <Button kind="quiet" label={`${label}: ${what}`} onPress={() => setAsked(true)}>
        {label}
      </Button>
      <Confirm
        title={title}
        answer={label}
        isOpen={isAsked}
        isPending={removing.isPending}
        onAnswer={removing.start}
        onClose={() => {
          setAsked(false);
          removing.forget();
        }}
      >
        <p>{body}</p>
        {removing.problem && <Failure of={removing.problem} />}
      </Confirm>
      {removing.question}
    </>
  );
}
