import type { ReactNode } from "react";
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
    <button
      className="salus-button"
      data-kind={kind}
      // It keeps the focus while it is at work: what is disabled loses it.
      type={isPending ? "button" : type}
      disabled={isDisabled}
      aria-disabled={isPending || undefined}
      aria-label={label}
      onClick={isPending ? undefined : onPress}
    >
      {children}
    </button>
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
