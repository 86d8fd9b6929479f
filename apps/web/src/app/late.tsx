import { Component, type ComponentType, Fragment, type ReactNode, Suspense } from "react";
import { useLocation } from "wouter";
import type { Problem } from "../device/problem.ts";
import { Page } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { Opening } from "./opening.tsx";

type Frame = ComponentType<{ readonly children: ReactNode }>;

/**
 * Screens whose code is fetched when they are first shown. In the place of one that cannot be shown it is
 * said why.
 *
 * Takes:   `frame`, around those words where nothing else frames them.
 */
export function Late({
  frame = Fragment,
  children,
}: {
  readonly frame?: Frame;
  readonly children: ReactNode;
}) {
  const [location] = useLocation();
  return (
    <Caught at={location} frame={frame}>
      <Suspense fallback={<Opening />}>{children}</Suspense>
    </Caught>
  );
}

interface Place {
  readonly at: string;
  readonly frame: Frame;
  readonly children: ReactNode;
}

interface Fallen {
  readonly at: string;
  readonly problem: Problem | undefined;
}

/** Without this a file that did not come leaves an empty page. */
class Caught extends Component<Place, Fallen> {
  override state: Fallen = { at: this.props.at, problem: undefined };

  static getDerivedStateFromError(error: unknown): Partial<Fallen> {
    return { problem: { kind: isNotFetched(error) ? "unreachable" : "bug" } };
  }

  /** Another place is another screen. */
  static getDerivedStateFromProps({ at }: Place, before: Fallen): Fallen | null {
    return at === before.at ? null : { at, problem: undefined };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    const { frame: Framed, children } = this.props;
    if (problem === undefined) return children;
    return (
      <Framed>
        <NotShown problem={problem} />
      </Framed>
    );
  }
}

function NotShown({ problem }: { readonly problem: Problem }) {
  const { shell } = useText();
  // A module that was not fetched is not asked for again by the document that has asked for it.
  return (
    <Page title={shell.name}>
      <Failure of={problem} onAgain={() => location.reload()} />
    </Page>
  );
}

/** As browsers word it, each in its own way: nothing else tells it from a fault. */
function isNotFetched(error: unknown): boolean {
  return error instanceof TypeError && /\bmodule\b/.test(error.message);
}
