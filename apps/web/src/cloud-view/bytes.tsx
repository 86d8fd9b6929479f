import type { BytesView } from "../device/cloud-view/bytes-view.ts";
import { useFormat, useText } from "../text/text.tsx";

const GROUP = 4;

/** Bytes in hexadecimal, in groups that an eye can hold, and how many there are in all. */
export function Bytes({ label, of }: { readonly label: string; readonly of: BytesView }) {
  const { cloudView } = useText();
  const format = useFormat();
  const groups = of.hex.match(new RegExp(`.{1,${GROUP}}`, "g")) ?? [];
  const isCut = of.hex.length < of.bytes * 2;
  return (
    <figure className="salus-bytes">
      <figcaption>
        {label} · {format.bytes(of.bytes)}
      </figcaption>
      {/* Focusable, so that it can be scrolled with the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks for it where content scrolls. */}
      <pre dir="ltr" tabIndex={0}>
        {groups.join(" ")}
        {isCut && `\n${cloudView.rest(format.bytes(of.bytes))}`}
      </pre>
    </figure>
  );
}

const SHOWN_DIGITS = 32;

/** The beginning of bytes, on one line. */
export function Hex({ of }: { readonly of: string }) {
  return (
    <code dir="ltr" title={of}>
      {of.slice(0, SHOWN_DIGITS)}
      {of.length > SHOWN_DIGITS && "…"}
    </code>
  );
}
