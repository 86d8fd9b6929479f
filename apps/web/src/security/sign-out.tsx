import { useState } from "react";
import type { Loss } from "../device/account/leaving.ts";
import { device } from "../page/call.ts";
import { clearCache } from "../page/leaving.ts";
import { useSession } from "../page/session.tsx";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Form, Radios } from "../parts/field.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

type Kept = "keep" | "destroy";

/** Signs out, after saying what would be lost. */
export function SignOut() {
  const { security } = useText();
  const [loss, setLoss] = useState<Loss>();
  const asking = useDo(() => device().account.loss(), setLoss);
  return (
    <>
      <Actions>
        <Button kind="final" onPress={asking.start} isPending={asking.isPending}>
          {security.signOut}
        </Button>
      </Actions>
      {asking.problem && <Failure of={asking.problem} />}
      <Dialog
        title={security.signOutTitle}
        isOpen={loss !== undefined}
        onClose={() => setLoss(undefined)}
      >
        {loss && <SignOutForm loss={loss} onClose={() => setLoss(undefined)} />}
      </Dialog>
    </>
  );
}

function SignOutForm({ loss, onClose }: { readonly loss: Loss; readonly onClose: () => void }) {
  const { security, parts } = useText();
  const { lock } = useSession();
  const [kept, setKept] = useState<Kept>(loss.shared ? "destroy" : "keep");
  const leaving = useDo(
    () => device().account.signOut(kept === "destroy"),
    () => {
      lock();
      void clearCache();
    },
  );
  return (
    <Form onSubmit={leaving.start}>
      <Radios<Kept>
        label={security.here}
        value={kept}
        onChange={setKept}
        choices={[
          { value: "keep", label: security.keep },
          { value: "destroy", label: security.destroy },
        ]}
      />
      <p>{kept === "keep" ? security.keepHint : security.destroyHint}</p>
      {kept === "destroy" && loss.undelivered > 0 && (
        <p role="alert">{security.undelivered(loss.undelivered)}</p>
      )}
      {kept === "destroy" && loss.otherDevices === 0 && <p role="alert">{security.onlyDevice}</p>}
      {leaving.problem && <Failure of={leaving.problem} />}
      <Actions>
        <Button kind="final" type="submit" isPending={leaving.isPending}>
          {security.signOut}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {parts.cancel}
        </Button>
      </Actions>
    </Form>
  );
}
