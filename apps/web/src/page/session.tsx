import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from "react";
import type { OthersRecord } from "../device/proxies/others.ts";
import type { Who } from "../device/who.ts";
import { endDevice } from "./call.ts";

/** Who is at the screen, as far as the page knows. */
export type Session = { readonly state: "out" } | { readonly state: "in"; readonly who: Who };

interface SessionHold {
  readonly session: Session;
  /** Somebody has signed in, or unlocked what this browser keeps. */
  readonly enter: (who: Who) => void;
  /** Forget everything decrypted; what is kept stays sealed, to be unlocked. */
  readonly lock: () => void;
  /** Another's record, while she reads that and not her own. */
  readonly reading: OthersRecord | undefined;
  readonly setReading: (of: OthersRecord | undefined) => void;
}

/** Nobody touches it for so long, and it locks. */
const IDLE_MS = 10 * 60_000;
const LOOK_MS = 5_000;
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

const SessionContext = createContext<SessionHold | undefined>(undefined);

export function Sessions({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<Session>({ state: "out" });
  const [reading, setReading] = useState<OthersRecord>();
  const enter = useCallback((who: Who) => {
    setSession({ state: "in", who });
    setReading(undefined);
  }, []);
  const lock = useCallback(() => {
    endDevice();
    setSession({ state: "out" });
    setReading(undefined);
  }, []);
  const isIn = session.state === "in";
  useEffect(() => (isIn ? lockWhenIdle(lock) : undefined), [isIn, lock]);
  const hold = useMemo(
    () => ({ session, enter, lock, reading, setReading }),
    [session, enter, lock, reading],
  );
  return <SessionContext value={hold}>{children}</SessionContext>;
}

export function useSession(): SessionHold {
  const hold = use(SessionContext);
  if (hold === undefined) throw new Error("bug: a session is used outside of Sessions");
  return hold;
}

/** Who is signed in. Only for screens that are shown to somebody who is. */
export function useWho(): Who {
  const { session } = useSession();
  if (session.state !== "in") throw new Error("bug: nobody is signed in on this screen");
  return session.who;
}

/** By the clock and not by a timer alone: a machine that slept wakes up locked. */
function lockWhenIdle(lock: () => void): () => void {
  let touched = Date.now();
  const touch = (): void => {
    if (Date.now() - touched < IDLE_MS) touched = Date.now();
  };
  const look = (): void => {
    if (Date.now() - touched >= IDLE_MS) lock();
  };
  const timer = setInterval(look, LOOK_MS);
  for (const name of TOUCHES) addEventListener(name, touch, { passive: true });
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    for (const name of TOUCHES) removeEventListener(name, touch);
    document.removeEventListener("visibilitychange", look);
  };
}
