import { ChevronDown } from "lucide-react";
import {
  Select as AriaSelect,
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from "react-aria-components";

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
  return (
    <AriaSelect
      className="salus-field"
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
    >
      <Label className="salus-label">{label}</Label>
      <Button className="salus-input salus-select">
        <SelectValue />
        <ChevronDown size={18} aria-hidden="true" />
      </Button>
      <Popover className="salus-popover">
        <ListBox className="salus-list" items={choices}>
          {(choice) => (
            <ListBoxItem className="salus-option" id={choice.value} textValue={choice.label}>
              {choice.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
