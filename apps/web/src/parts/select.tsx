import { ChevronDown } from "lucide-react";
import { useId } from "react";

/** One of many, by name. */
export function Select<Value extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  const id = useId();
  return (
    <div className="salus-field">
      <label className="salus-label" htmlFor={id}>
        {label}
      </label>
      <div className="salus-select">
        <select
          id={id}
          className="salus-input"
          value={value}
          onChange={(event) => onChange(event.target.value as Value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
        <ChevronDown size={18} aria-hidden="true" />
      </div>
    </div>
  );
}
