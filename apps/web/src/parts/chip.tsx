import { Check, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "./page.tsx";

/** A filter that is on or off. */
export function Chip({
  isOn,
  onChange,
  children,
}: {
  readonly isOn: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      className="salus-chip"
      aria-pressed={isOn}
      onClick={() => onChange(!isOn)}
    >
      {isOn && <Check size={16} aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A part of a question, which can be taken away. */
export function RemovableChip({
  removeLabel,
  onRemove,
  children,
}: {
  readonly removeLabel: string;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button type="button" className="salus-chip" aria-label={removeLabel} onClick={onRemove}>
      {children}
      <X size={16} aria-hidden="true" />
    </button>
  );
}

/** A word about a thing: where it comes from, what state it is in. */
export function Badge({
  tone = "plain",
  icon,
  children,
}: {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <span className="salus-badge" data-tone={tone}>
      {icon}
      <bdi>{children}</bdi>
    </span>
  );
}
