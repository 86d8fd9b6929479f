import { Field } from "../parts/field.tsx";
import { useText } from "../text/text.tsx";

/** A new password, typed twice. */
export interface NewPassword {
  readonly password: string;
  readonly again: string;
}

export const NO_PASSWORD: NewPassword = { password: "", again: "" };
const LENGTH_MIN = 12;

export function isGood({ password, again }: NewPassword): boolean {
  return password.length >= LENGTH_MIN && password === again;
}

/** Asks for a new password, and says what is wrong with it once the second field has something. */
export function NewPasswordFields({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: NewPassword;
  readonly onChange: (value: NewPassword) => void;
}) {
  const { signUp } = useText();
  const { password, again } = value;
  const isShort = again !== "" && password.length < LENGTH_MIN;
  const differ = again !== "" && password !== again;
  return (
    <>
      <Field
        label={label}
        hint={signUp.passwordHint}
        error={isShort ? signUp.short : undefined}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(typed) => onChange({ ...value, password: typed })}
        isRequired
      />
      <Field
        label={signUp.passwordAgain}
        error={differ ? signUp.differ : undefined}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={(typed) => onChange({ ...value, again: typed })}
        isRequired
      />
    </>
  );
}
