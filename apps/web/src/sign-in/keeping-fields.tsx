import type { Keeping } from "../device/account/sign-in.ts";
import { Checkbox, Field } from "../parts/field.tsx";
import { useText } from "../text/text.tsx";

/** What is to be kept in this browser: sealed in any case, and only as long as she says. */
export function KeepingFields({
  value,
  onChange,
}: {
  readonly value: Keeping;
  readonly onChange: (keeping: Keeping) => void;
}) {
  const { signIn } = useText();
  return (
    <>
      <Checkbox
        isSelected={value.shared}
        onChange={(shared) => onChange({ ...value, shared })}
        hint={signIn.sharedHint}
      >
        {signIn.shared}
      </Checkbox>
      {!value.shared && (
        <Field
          label={signIn.label}
          hint={signIn.labelHint}
          value={value.label}
          onChange={(label) => onChange({ ...value, label })}
          autoComplete="off"
          maxLength={60}
        />
      )}
    </>
  );
}
