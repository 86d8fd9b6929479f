import { CircleAlert, CircleSlash, EyeOff, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import type { Problem } from "../device/problem.ts";
import { useText } from "../text/text.tsx";
import { Button } from "./button.tsx";

// What is not there looks different for every reason that there is: "none" means none.

/** Still coming. */
export function Waiting({
  for: what,
  lines = 3,
}: {
  readonly for: string;
  readonly lines?: number;
}) {
  const text = useText();
  return (
    <div className="salus-waiting" role="status">
      <span className="salus-unseen">{text.parts.waiting(what)}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name.
        <span key={line} className="salus-waiting-line" aria-hidden="true" />
      ))}
      <p className="salus-waiting-long">{text.parts.waitingLong}</p>
    </div>
  );
}

/** Something went wrong: what, what is safe, what to do. */
export function Failure({ of, onAgain }: { readonly of: Problem; readonly onAgain?: () => void }) {
  const text = useText();
  const { what, safe, next } = text.problem.kinds[of.kind] ?? text.problem.other(of);
  return (
    <div className="salus-state" data-state="failed" role="alert">
      <CircleAlert size={22} aria-hidden="true" />
      <div>
        <strong>{what}</strong>
        <p>{safe}</p>
        <p>{next}</p>
        {onAgain && <Button onPress={onAgain}>{text.parts.again}</Button>}
      </div>
    </div>
  );
}

/** There is none, and everybody who could have it has said so. */
export function Nothing({
  title,
  children,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <State icon={<CircleSlash size={22} aria-hidden="true" />} state="nothing" title={title}>
      {children}
    </State>
  );
}

/** There may be some: a source did not answer. */
export function Silent({
  title,
  children,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <State icon={<Unplug size={22} aria-hidden="true" />} state="silent" title={title}>
      {children}
    </State>
  );
}

/** There may be some: the patient has not shared it. */
export function Hidden({
  title,
  children,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <State icon={<EyeOff size={22} aria-hidden="true" />} state="hidden" title={title}>
      {children}
    </State>
  );
}

function State({
  icon,
  state,
  title,
  children,
}: {
  readonly icon: ReactNode;
  readonly state: string;
  readonly title: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="salus-state" data-state={state}>
      {icon}
      <div>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}

/** How far long work has come. */
export function Progress({
  label,
  done,
  of,
}: {
  readonly label: string;
  readonly done: number;
  /** Unknown while it is being counted. */
  readonly of: number | undefined;
}) {
  return (
    <label className="salus-progress">
      <span>{label}</span>
      <progress {...(of !== undefined && { value: done, max: of })} />
    </label>
  );
}
