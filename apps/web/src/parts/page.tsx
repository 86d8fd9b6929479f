import { ChevronLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import { useText } from "../text/text.tsx";

/** One screen: its name, what it is for, and what is on it. The name is the document's too. */
export function Page({
  title,
  lead,
  wide,
  back,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  /** For tables and charts, which need room. */
  readonly wide?: boolean;
  /** Where one came from. */
  readonly back?: { readonly to: string; readonly label: string };
  readonly children: ReactNode;
}) {
  const text = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = text.shell.name;
  }, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another name is another step.
  useEffect(() => beginStep(heading.current), [title]);
  return (
    <div className="salus-page" data-wide={wide || undefined}>
      <header className="salus-page-head">
        {back && (
          <Link href={back.to} className="salus-page-back salus-no-print">
            <ChevronLeft size={18} aria-hidden="true" />
            {back.label}
          </Link>
        )}
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {lead !== undefined && <p className="salus-page-lead">{lead}</p>}
      </header>
      {children}
    </div>
  );
}

/**
 * Before anybody is signed in, one step follows another at one address: each begins at its top, also for a
 * screen reader, unless it puts the cursor into a field itself. Nothing moves before she has done something.
 */
function beginStep(heading: HTMLHeadingElement | null): void {
  const isStep = heading?.closest("[data-signed-in]") === null;
  if (!isStep || heading === null || !navigator.userActivation.hasBeenActive) return;
  if (document.activeElement?.hasAttribute("autofocus")) return;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

/** A heading, perhaps a way to more of it, and what it heads. */
export function Section({
  title,
  more,
  children,
}: {
  readonly title: ReactNode;
  readonly more?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="salus-section">
      <div className="salus-section-head">
        <h2>{title}</h2>
        {more !== undefined && <div className="salus-section-more">{more}</div>}
      </div>
      {children}
    </section>
  );
}

export type Tone = "plain" | "notice" | "alert" | "accent";

/** Something that stands for itself. */
export function Card({
  tone = "plain",
  label,
  children,
}: {
  readonly tone?: Tone;
  /** Makes it a region that a screen reader can find. */
  readonly label?: string;
  readonly children: ReactNode;
}) {
  if (label === undefined) {
    return (
      <div className="salus-card" data-tone={tone}>
        {children}
      </div>
    );
  }
  return (
    <section className="salus-card" data-tone={tone} aria-label={label}>
      {children}
    </section>
  );
}
