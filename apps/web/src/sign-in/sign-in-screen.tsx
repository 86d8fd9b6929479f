import { ok } from "@salus/base";
import { useState } from "react";
import type { KeptHome } from "../device/who.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Page } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { CredentialsForm, OtherWays } from "./credentials-form.tsx";
import { DemoCard } from "./demo-card.tsx";
import { useEntering } from "./entering.tsx";
import { KeptHomes } from "./kept-homes.tsx";
import type { Take } from "./take.ts";

/** Where everybody comes in: by what this browser keeps, or anew. */
export function SignInScreen() {
  const { signIn } = useText();
  const { take, screen } = useEntering();
  const kept = useAsk(keptHomes, []);
  if (screen) return screen;
  switch (kept.state) {
    case "loading":
      return (
        <Page title={signIn.title} lead={signIn.lead}>
          <Waiting for={signIn.title} />
        </Page>
      );
    case "failed":
      return (
        <Page title={signIn.title}>
          <Failure of={kept.problem} onAgain={kept.again} />
        </Page>
      );
    case "ready":
      return <Ways homes={kept.view} take={take} onGone={kept.again} />;
  }
}

function Ways({
  homes: [first, ...others],
  take,
  onGone,
}: {
  readonly homes: readonly KeptHome[];
  readonly take: Take;
  readonly onGone: () => void;
}) {
  const { signIn, parts } = useText();
  const [isAnother, setAnother] = useState(false);
  if (first === undefined || isAnother) {
    return (
      <Page title={signIn.title} lead={signIn.lead}>
        <DemoCard />
        <CredentialsForm take={take} />
        {first !== undefined && (
          <Actions>
            <Button kind="quiet" onPress={() => setAnother(false)}>
              {parts.back}
            </Button>
          </Actions>
        )}
        <OtherWays />
      </Page>
    );
  }
  return (
    <Page title={signIn.keptTitle} lead={signIn.keptLead}>
      <KeptHomes homes={[first, ...others]} take={take} onGone={onGone} />
      <Actions>
        <Button kind="quiet" onPress={() => setAnother(true)}>
          {signIn.another}
        </Button>
      </Actions>
    </Page>
  );
}

const DATABASE = "salus";

/** The worker, with all its cryptography, is started only where something is kept. */
async function keptHomes() {
  const databases = await indexedDB.databases?.();
  const isKept = databases?.some(({ name }) => name === DATABASE) ?? true;
  return isKept ? device().account.kept() : ok([]);
}
