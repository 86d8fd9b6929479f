import type { PolicyChoice } from "@salus/protocol";
import { Disclosure } from "../parts/disclosure.tsx";
import { Radios } from "../parts/field.tsx";
import { useText } from "../text/text.tsx";

const POLICIES: readonly PolicyChoice[] = ["balanced", "sealed-only"];

/** How much of the order of her dates and values the cloud may have: most people leave it as it is. */
export function IndexChoice({
  value,
  onChange,
}: {
  readonly value: PolicyChoice;
  readonly onChange: (value: PolicyChoice) => void;
}) {
  const { signUp } = useText();
  return (
    <Disclosure title={signUp.index}>
      <Radios<PolicyChoice>
        label={signUp.indexLead}
        value={value}
        onChange={onChange}
        choices={POLICIES.map((policy) => ({ value: policy, ...signUp.policies[policy] }))}
      />
    </Disclosure>
  );
}
