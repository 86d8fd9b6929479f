import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { showWaiting } from "../page/badge.ts";
import { device } from "../page/call.ts";

const LOOK_MS = 60_000;
/** What is on the screen goes before what stands beside it. */
const FIRST_MS = 1_500;

const answering = new EventTarget();
const ANSWERED = "answered";

/** One of them waits no more. */
export function noteAnswered(): void {
  answering.dispatchEvent(new Event(ANSWERED));
}

/**
 * How many requests wait for her: counted when she goes somewhere else, and every minute while she looks.
 * It stands on the application's icon too. Nothing while it is not known.
 */
export function useWaiting(): number | undefined {
  const [count, setCount] = useState<number>();
  const [location] = useLocation();
  const isDeciding = location.startsWith("/requests/");
  useEffect(() => {
    if (isDeciding) return;
    let current = true;
    const look = (): void => {
      if (document.visibilityState === "hidden") return;
      void device()
        .requests.list()
        .then((inbox) => {
          // What is not known now was known a moment ago: the last number stays.
          if (!current || !inbox.ok) return;
          setCount(inbox.value.waiting.length);
          return showWaiting(inbox.value.waiting.length);
        });
    };
    const first = setTimeout(look, FIRST_MS);
    const timer = setInterval(look, LOOK_MS);
    return () => {
      current = false;
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [isDeciding]);
  useEffect(() => {
    const less = (): void => setCount((before) => before && before - 1);
    answering.addEventListener(ANSWERED, less);
    return () => answering.removeEventListener(ANSWERED, less);
  }, []);
  return count;
}
