import { Told } from "../deciding/told.tsx";
import type { Catalogue } from "../text/catalogue.ts";
import { useText } from "../text/text.tsx";

/** What is known of somebody, for a name on a screen. */
export interface Called {
  readonly name: string | undefined;
  /** `kind|value`, or empty for a code. */
  readonly identifier: string;
}

/** A patient by her name, or by what she was looked up by. */
export function PatientName({ of }: { readonly of: Called }) {
  const text = useText();
  return <Told>{nameText(of, text)}</Told>;
}

/** The same as a text, for labels. */
export function nameText({ name, identifier }: Called, { practitioner }: Catalogue): string {
  if (name !== undefined && name !== "") return name;
  if (identifier === "") return practitioner.byCode;
  const [kind, value] = partsOf(identifier);
  return practitioner.byIdentifier(practitioner.kinds[kind] ?? kind, value);
}

/** What somebody was looked up by, without the number's own system. */
export function identifierText(identifier: string, { practitioner }: Catalogue): string {
  const [kind, value] = partsOf(identifier);
  return `${practitioner.kinds[kind] ?? kind} ${value}`;
}

function partsOf(identifier: string): readonly [kind: string, value: string] {
  const bar = identifier.indexOf("|");
  return [identifier.slice(0, bar), identifier.slice(bar + 1).replace("|", " ")];
}
