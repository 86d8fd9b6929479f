import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useText } from "../text/text.tsx";
import { Actions, Button, type ButtonKind } from "./button.tsx";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A question that must be answered before anything else. */
export function Dialog({ isOpen, ...props }: DialogProps) {
  return isOpen ? <OpenDialog {...props} /> : null;
}

/** The browser keeps the focus inside, and gives it back to what had it. */
function OpenDialog({ title, onClose, children }: Omit<DialogProps, "isOpen">) {
  const id = useId();
  const shown = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = shown.current;
    dialog?.showModal();
    // Not on its first button: that may be the one which cannot be undone.
    const first = dialog?.querySelector<HTMLElement>("[autofocus]") ?? dialog;
    first?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: with the keyboard it is Escape, which cancels.
    <dialog
      ref={shown}
      className="salus-dialog"
      aria-labelledby={id}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // What is inside covers all of it: whoever hits the dialog itself has hit what is around it.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="salus-dialog-body">
        <h2 id={id}>
          <bdi>{title}</bdi>
        </h2>
        {children}
      </div>
    </dialog>
  );
}

/** Asks once more before what cannot be undone. */
export function Confirm({
  title,
  children,
  answer,
  kind = "final",
  isOpen,
  isPending = false,
  onAnswer,
  onClose,
}: {
  readonly title: string;
  readonly children: ReactNode;
  /** What the button says that does it. */
  readonly answer: string;
  readonly kind?: ButtonKind;
  readonly isOpen: boolean;
  readonly isPending?: boolean;
  readonly onAnswer: () => void;
  readonly onClose: () => void;
}) {
  const text = useText();
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      {children}
      <Actions>
        <Button kind={kind} onPress={onAnswer} isPending={isPending}>
          {answer}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {text.parts.cancel}
        </Button>
      </Actions>
    </Dialog>
  );
}
