import { type ReactNode, useState } from "react";

/** Something that opens below its name. What is inside is made when it is first opened. */
export function Disclosure({
  title,
  children,
}: {
  readonly title: ReactNode;
  readonly children: ReactNode;
}) {
  const [wasOpen, setWasOpen] = useState(false);
  return (
    <details
      className="salus-disclosure"
      onToggle={({ currentTarget: { open } }) => {
        if (open) setWasOpen(true);
      }}
    >
      <summary>{title}</summary>
      {wasOpen && <div className="salus-disclosure-body">{children}</div>}
    </details>
  );
}
