import { Fragment, type ReactNode } from "react";
import type { ReaderName, SourceName } from "../device/deciding/names.ts";
import { useSpoken, useText } from "../text/text.tsx";
import { Told } from "./told.tsx";

/** Who writes, by name. */
export function SourceText({
  of,
  inside = false,
}: {
  readonly of: SourceName;
  /** In the middle of a sentence. */
  readonly inside?: boolean;
}) {
  const { deciding } = useText();
  if (of.kind === "own") return inside ? deciding.ownInside : deciding.own;
  if (of.kind === "certified") return <Told>{of.name}</Told>;
  return (
    <>
      {deciding.unknownSource} <code>{of.handle.slice(0, 8)}</code>
    </>
  );
}

/** Who reads, by name. */
export function ReaderText({ of }: { readonly of: ReaderName }) {
  const { deciding } = useText();
  if (of.kind === "unknown") {
    return (
      <>
        {deciding.unknownReader} <code>{deciding.keyOf(of.key)}</code>
      </>
    );
  }
  return <Told>{of.name}</Told>;
}

/** A registration number as people read it, from `system|number`. */
export function RegistrationText({ of }: { readonly of: string }) {
  const bar = of.lastIndexOf("|");
  return (
    <>
      <Told>{of.slice(bar + 1)}</Told>
      {bar > 0 && (
        <small className="salus-registry salus-soft">
          <Told>{of.slice(0, bar)}</Told>
        </small>
      )}
    </>
  );
}

/** A purpose as it stands behind "for". */
export function PurposeText({ of }: { readonly of: string }) {
  const { purpose } = useText();
  const known = Object.hasOwn(purpose.names, of) ? purpose.names[of] : undefined;
  if (known !== undefined) return known;
  return (
    <>
      {purpose.other} <Told>{of}</Told>
    </>
  );
}

/** A sentence that a catalogue has put together of its own words and of parts that are shown. */
export function Sentence({ of }: { readonly of: readonly ReactNode[] }) {
  return of.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no other name.
    <Fragment key={at}>{part}</Fragment>
  ));
}

/** Parts one after the other, as the language does it: "a, b and c". */
export function Listed({ of }: { readonly of: readonly ReactNode[] }) {
  const { language } = useSpoken();
  const marks = new Intl.ListFormat(language, { type: "conjunction" }).formatToParts(
    of.map((_, at) => String(at)),
  );
  return (
    <Sentence
      of={marks.map(({ type, value }) => (type === "element" ? of[Number(value)] : value))}
    />
  );
}
