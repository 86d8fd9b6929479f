import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { Link } from "wouter";

/** `main`: what the screen is for, once at most. `final`: what cannot be undone. */
export type ButtonKind = "main" | "plain" | "quiet" | "final";

export function Button({
  kind = "plain",
  type = "button",
  label,
  isDisabled = false,
  isPending = false,
  onPress,
  children,
}: {
  readonly kind?: ButtonKind;
  readonly type?: "button" | "submit";
  /** What a screen reader says, where the face alone says too little. */
  readonly label?: string;
  readonly isDisabled?: boolean;
  /** While it is at work: it cannot be pressed twice. */
  readonly isPending?: boolean;
  readonly onPress?: () => void;
  readonly children: ReactNode;
}) {
  return (
    <AriaButton
      className="salus-button"
      data-kind={kind}
      // Not the library's own `isPending`: when that ends it announces a bar which is gone by then, as a
      // picture without a name.
      type={isPending ? "button" : type}
      isDisabled={isDisabled}
      {...(isPending && { "aria-disabled": true })}
      {...(label !== undefined && { "aria-label": label })}
      {...(onPress !== undefined && !isPending && { onPress })}
    >
      {children}
    </AriaButton>
  );
}

/** What looks as a button and leads to another screen. */
export function ButtonLink({
  kind = "plain",
  to,
  children,
}: {
  readonly kind?: ButtonKind;
  readonly to: string;
  readonly children: ReactNode;
}) {
  return (
    <Link href={to} className="salus-button" data-kind={kind}>
      {children}
    </Link>
  );
}

/** Buttons that belong together. */
export function Actions({ children }: { readonly children: ReactNode }) {
  return <div className="salus-actions">{children}</div>;
}
