import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Page } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { Devices } from "./devices.tsx";
import { Factors } from "./factors.tsx";
import { Here } from "./here.tsx";
import { Password } from "./password.tsx";
import { SignedIn } from "./signed-in.tsx";
import { Unlocks } from "./unlocks.tsx";

/** What protects the account, and where it is open. */
export default function SecurityScreen() {
  const { security, shell } = useText();
  const asked = useAsk(() => device().account.security(), []);
  return (
    <Page title={shell.places.security} lead={security.lead}>
      {asked.state === "loading" && <Waiting for={shell.places.security} lines={8} />}
      {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
      {asked.state === "ready" && (
        <>
          <Factors factors={asked.view.factors} onChanged={asked.again} />
          <Unlocks unlocks={asked.view.unlocks} onChanged={asked.again} />
          <Devices devices={asked.view.devices} onChanged={asked.again} />
          <SignedIn sessions={asked.view.sessions} onChanged={asked.again} />
          <Password />
        </>
      )}
      {/* Leaving must not wait for a service. */}
      {asked.state === "ready" ? (
        <Here home={asked.view.home} onChanged={asked.again} />
      ) : (
        <Here home={undefined} onChanged={() => undefined} />
      )}
    </Page>
  );
}
