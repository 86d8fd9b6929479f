import type { ReactNode } from "react";
import { Link } from "wouter";

/** Things of one kind, one below the other. */
export function Rows({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <ul className="salus-rows" aria-label={label}>
      {children}
    </ul>
  );
}

/** One of them: what it is, something about it, and at the end a value, a badge or a button. */
export function Row({
  title,
  detail,
  end,
  to,
}: {
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly end?: ReactNode;
  /** Where more of it is. A row that leads somewhere holds nothing else to press. */
  readonly to?: string;
}) {
  const inside = (
    <>
      <div className="salus-row-main">
        <span className="salus-row-title">{title}</span>
        {detail !== undefined && <span className="salus-row-detail">{detail}</span>}
      </div>
      {end !== undefined && <div className="salus-row-end">{end}</div>}
    </>
  );
  return (
    <li>
      {to === undefined ? (
        <div className="salus-row">{inside}</div>
      ) : (
        <Link href={to} className="salus-row">
          {inside}
        </Link>
      )}
    </li>
  );
}

/** Names of facts, and the facts. */
export function Facts({
  of,
}: {
  readonly of: readonly (readonly [name: string, fact: ReactNode])[];
}) {
  return (
    <dl className="salus-facts">
      {of.map(([name, fact]) => (
        <div key={name} className="salus-fact">
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}
