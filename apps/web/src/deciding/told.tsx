import type { ReactNode } from "react";

/**
 * A few words that somebody else has written, inside ours: they keep to their box, whatever they are
 * made of, and their direction of writing does not reach out of it.
 */
export function Told({ children }: { readonly children: ReactNode }) {
  return <bdi className="salus-told">{children}</bdi>;
}

/** What somebody else has written, as a whole; above it stands whose words they are. */
export function Quote({ of, children }: { readonly of: string; readonly children: ReactNode }) {
  return (
    <figure className="salus-quote">
      <figcaption>{of}</figcaption>
      {/* Focusable, so that what is long can be moved with the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks for it where content scrolls. */}
      <blockquote tabIndex={0}>
        <bdi>{children}</bdi>
      </blockquote>
    </figure>
  );
}
