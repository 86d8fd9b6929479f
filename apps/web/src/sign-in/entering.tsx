import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import type { Entered } from "../device/account/entered.ts";
import { useSession } from "../page/session.tsx";
import { AddFactor } from "./add-factor.tsx";
import { Locked } from "./locked.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { SessionOver } from "./session-over.tsx";
import type { Take } from "./take.ts";

/** Screens that are there for those who are not signed in. */
const FRONT: readonly string[] = ["/sign-in", "/sign-up", "/recover", "/demo"];

/**
 * Follow the steps of signing in, whichever way they began.
 *
 * Gives:   `screen`, of the step that is asked next; none before the first, when the caller's own shows.
 */
export function useEntering(): { readonly take: Take; readonly screen: ReactNode } {
  const { enter } = useSession();
  const [location, go] = useLocation();
  const [step, setStep] = useState<Entered>();
  const take = (entered: Entered): void => {
    if (entered.step !== "in") {
      setStep(entered);
      return;
    }
    // Any other address is where she wanted to go.
    if (FRONT.includes(location)) go("/", { replace: true });
    enter(entered.who);
    // What is kept must not be thrown away when the machine's disk is full.
    navigator.storage?.persist().catch(() => undefined);
  };
  return { take, screen: step && <Step of={step} take={take} onBack={() => setStep(undefined)} /> };
}

function Step({
  of,
  take,
  onBack,
}: {
  readonly of: Entered;
  readonly take: Take;
  readonly onBack: () => void;
}) {
  switch (of.step) {
    case "in":
      return null;
    case "second-factor":
      return <SecondFactor factors={of.factors} again={of.again} take={take} onBack={onBack} />;
    case "locked":
      return <Locked card={of.card} take={take} />;
    case "factor":
      return <AddFactor take={take} />;
    case "password":
      return <SessionOver take={take} onBack={onBack} />;
  }
}
