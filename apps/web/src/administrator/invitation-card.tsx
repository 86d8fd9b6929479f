import type { ReactNode } from "react";
import { Actions } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field } from "../parts/field.tsx";
import { Card } from "../parts/page.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { useText } from "../text/text.tsx";

/** An invitation to be shown to one person: as a code, and as its text. */
export function InvitationCard({
  text,
  name,
  lead,
  children,
}: {
  readonly text: string;
  readonly name: string;
  readonly lead: string;
  /** What can be done next. */
  readonly children: ReactNode;
}) {
  const { staff } = useText().administrator;
  return (
    <Card tone="accent" label={staff.forOne(name)}>
      <h3>
        <bdi>{staff.forOne(name)}</bdi>
      </h3>
      <p>{lead}</p>
      <div className="salus-own-code">
        <QrCode of={text} label={staff.codeLabel} ecc="low" />
      </div>
      <Disclosure title={staff.text}>
        <Field label={staff.text} value={text} lines isReadOnly />
      </Disclosure>
      <Actions>{children}</Actions>
    </Card>
  );
}
