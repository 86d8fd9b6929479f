import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Page } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { ByState } from "./home-screen.tsx";

/** Everybody who was asked, by what has come of it. */
export default function PatientsScreen() {
  const { practitioner, shell } = useText();
  const requests = useAsk(() => device().practice.requests(), []);
  return (
    <Page title={shell.places.patients}>
      {requests.state === "loading" && <Waiting for={practitioner.home.requests} lines={6} />}
      {requests.state === "failed" && <Failure of={requests.problem} onAgain={requests.again} />}
      {requests.state === "ready" && <ByState of={requests.view} />}
    </Page>
  );
}
