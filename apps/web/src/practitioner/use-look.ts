import { useEffect, useRef } from "react";

/** Answers and endings come while nobody presses anything. */
const LOOK_MS = 15_000;

/**
 * Ask again every so often while the screen is seen, and at once when it turns to something else.
 *
 * Takes:   `again`, of what was asked, once there is an answer; `turned`, what the screen shows.
 */
export function useLook(again: (() => void) | undefined, turned = ""): void {
  useEffect(() => {
    if (again === undefined) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [again]);
  const before = useRef(turned);
  useEffect(() => {
    if (before.current !== turned) again?.();
    before.current = turned;
  }, [again, turned]);
}
