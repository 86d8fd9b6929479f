import { Check } from "lucide-react";
import { type ReactNode, useId } from "react";

/** Fields that are sent together, with the keyboard too. */
export function Form({
  onSubmit,
  label,
  children,
}: {
  readonly onSubmit: () => void;
  readonly label?: string;
  readonly children: ReactNode;
}) {
  return (
    <form
      className="salus-form"
      // What is wrong is said in the application's words, beside the field.
      noValidate
      {...(label !== undefined && { "aria-label": label })}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

/** One line of text, or several. */
export function Field({
  label,
  hint,
  error,
  value,
  onChange,
  type = "text",
  inputMode,
  autoComplete,
  lines = false,
  isRequired = false,
  isReadOnly = false,
  autoFocus = false,
  maxLength,
  min,
  max,
}: {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onChange?: (value: string) => void;
  readonly type?:
    | "text"
    | "password"
    | "email"
    | "tel"
    | "search"
    | "number"
    | "date"
    | "time"
    | "datetime-local";
  readonly inputMode?: "text" | "decimal" | "numeric" | "tel" | "email" | "search";
  readonly autoComplete?: string;
  readonly lines?: boolean;
  readonly isRequired?: boolean;
  readonly isReadOnly?: boolean;
  readonly autoFocus?: boolean;
  readonly maxLength?: number;
  readonly min?: string;
  readonly max?: string;
}) {
  const id = useId();
  const described = [hint !== undefined && `${id}hint`, error !== undefined && `${id}error`];
  const common = {
    ...{ id, value, readOnly: isReadOnly, className: "salus-input" },
    ...{ inputMode, autoComplete, maxLength },
    "aria-required": isRequired || undefined,
    "aria-invalid": error !== undefined || undefined,
    "aria-describedby": described.filter(Boolean).join(" ") || undefined,
    ref: autoFocus ? focusFirst : undefined,
  };
  return (
    <div className="salus-field">
      <label className="salus-label" htmlFor={id}>
        {label}
      </label>
      {hint !== undefined && (
        <span id={`${id}hint`} className="salus-field-hint">
          {hint}
        </span>
      )}
      {lines ? (
        <textarea {...common} onChange={(event) => onChange?.(event.target.value)} />
      ) : (
        <input
          {...common}
          {...{ type, min, max }}
          onChange={(event) => onChange?.(event.target.value)}
        />
      )}
      {error !== undefined && (
        <span id={`${id}error`} className="salus-field-error">
          {error}
        </span>
      )}
    </div>
  );
}

/** A screen that asks one thing puts the cursor there; in a dialog, which is opened later, that does. */
function focusFirst(element: HTMLElement | null): void {
  element?.setAttribute("autofocus", "");
  element?.focus();
}

/** One thing that is or is not. */
export function Checkbox({
  isSelected,
  onChange,
  hint,
  children,
}: {
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <label className="salus-check">
      <input
        type="checkbox"
        className="salus-check-input"
        checked={isSelected}
        onChange={(event) => onChange(event.target.checked)}
      />
      <Box />
      <Named hint={hint}>{children}</Named>
    </label>
  );
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  /** What it means, in smaller words below. */
  readonly hint?: ReactNode;
  readonly isDisabled?: boolean;
}

/** Some of many. */
export function Checks<Value extends string>({
  label,
  hint,
  choices,
  value,
  onChange,
}: {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly choices: readonly Choice<Value>[];
  readonly value: readonly Value[];
  readonly onChange: (value: readonly Value[]) => void;
}) {
  const id = useId();
  return (
    <fieldset
      className="salus-choices"
      aria-labelledby={id}
      {...(hint !== undefined && { "aria-describedby": `${id}hint` })}
    >
      <span id={id} className="salus-label">
        {label}
      </span>
      {hint !== undefined && (
        <span id={`${id}hint`} className="salus-field-hint">
          {hint}
        </span>
      )}
      <div className="salus-checks">
        {choices.map((choice) => (
          <label key={choice.value} className="salus-check">
            <input
              type="checkbox"
              className="salus-check-input"
              checked={value.includes(choice.value)}
              disabled={choice.isDisabled ?? false}
              onChange={(event) => {
                const others = value.filter((one) => one !== choice.value);
                onChange(event.target.checked ? [...others, choice.value] : others);
              }}
            />
            <Box />
            <Named hint={choice.hint}>{choice.label}</Named>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** One of a few, all of them in sight. */
export function Radios<Value extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  const id = useId();
  return (
    <div className="salus-choices" role="radiogroup" aria-labelledby={id}>
      <span id={id} className="salus-label">
        {label}
      </span>
      <div className="salus-checks">
        {choices.map((choice) => (
          <label key={choice.value} className="salus-check" data-kind="radio">
            <input
              type="radio"
              name={id}
              className="salus-check-input"
              checked={value === choice.value}
              disabled={choice.isDisabled ?? false}
              onChange={() => onChange(choice.value)}
            />
            <Box />
            <Named hint={choice.hint}>{choice.label}</Named>
          </label>
        ))}
      </div>
    </div>
  );
}

function Named({ children, hint }: { readonly children: ReactNode; readonly hint: ReactNode }) {
  return (
    <span className="salus-check-name">
      {children}
      {hint !== undefined && <small className="salus-soft">{hint}</small>}
    </span>
  );
}

function Box() {
  return (
    <span className="salus-check-box">
      <Check size={14} strokeWidth={3.5} aria-hidden="true" />
    </span>
  );
}
