import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useText } from "../text/text.tsx";
import { Actions, Button, type ButtonKind } from "./button.tsx";

/** A question that must be answered before anything else. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <ModalOverlay
      className="salus-backdrop"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="salus-dialog">
        <AriaDialog className="salus-dialog-body">
          <Heading slot="title">
            <bdi>{title}</bdi>
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
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
