import { Check } from "lucide-react";
import type { ReactNode } from "react";
import {
  Checkbox as AriaCheckbox,
  CheckboxGroup as AriaCheckboxGroup,
  Form as AriaForm,
  Radio as AriaRadio,
  RadioGroup as AriaRadioGroup,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
} from "react-aria-components";

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
    <AriaForm
      className="salus-form"
      {...(label !== undefined && { "aria-label": label })}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </AriaForm>
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
  return (
    <AriaTextField
      className="salus-field"
      value={value}
      type={type as "text"}
      isRequired={isRequired}
      isReadOnly={isReadOnly}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      // A screen that asks one thing puts the cursor there.
      autoFocus={autoFocus}
      {...(onChange !== undefined && { onChange })}
      {...(inputMode !== undefined && { inputMode })}
      {...(autoComplete !== undefined && { autoComplete })}
      {...(maxLength !== undefined && { maxLength })}
    >
      <Label className="salus-label">{label}</Label>
      {hint !== undefined && (
        <Text slot="description" className="salus-field-hint">
          {hint}
        </Text>
      )}
      {lines ? (
        <TextArea className="salus-input" />
      ) : (
        <Input
          className="salus-input"
          {...(min !== undefined && { min })}
          {...(max !== undefined && { max })}
        />
      )}
      <FieldError className="salus-field-error">{error}</FieldError>
    </AriaTextField>
  );
}

/** One thing that is or is not. */
export function Checkbox({
  isSelected,
  onChange,
  children,
}: {
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly children: ReactNode;
}) {
  return (
    <AriaCheckbox className="salus-check" isSelected={isSelected} onChange={onChange}>
      <Box />
      {children}
    </AriaCheckbox>
  );
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
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
  return (
    <AriaCheckboxGroup
      className="salus-choices"
      value={[...value]}
      onChange={(chosen) => onChange(chosen as readonly string[] as readonly Value[])}
    >
      <Label className="salus-label">{label}</Label>
      {hint !== undefined && (
        <Text slot="description" className="salus-field-hint">
          {hint}
        </Text>
      )}
      <div className="salus-checks">
        {choices.map((choice) => (
          <AriaCheckbox
            key={choice.value}
            className="salus-check"
            value={choice.value}
            isDisabled={choice.isDisabled ?? false}
          >
            <Box />
            <span>{choice.label}</span>
          </AriaCheckbox>
        ))}
      </div>
    </AriaCheckboxGroup>
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
  return (
    <AriaRadioGroup
      className="salus-choices"
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
    >
      <Label className="salus-label">{label}</Label>
      <div className="salus-checks">
        {choices.map((choice) => (
          <AriaRadio
            key={choice.value}
            className="salus-check"
            data-kind="radio"
            value={choice.value}
            isDisabled={choice.isDisabled ?? false}
          >
            <Box />
            <span>{choice.label}</span>
          </AriaRadio>
        ))}
      </div>
    </AriaRadioGroup>
  );
}

function Box() {
  return (
    <span className="salus-check-box">
      <Check size={14} strokeWidth={3.5} aria-hidden="true" />
    </span>
  );
}
