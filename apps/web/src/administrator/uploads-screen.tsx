import { useEffect } from "react";
import type { TreeView } from "../device/organisation/tree.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Page, Section } from "../parts/page.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { certifiedOnes, useTrees, WithTrees } from "./trees.tsx";
import { UploadCard } from "./upload-card.tsx";
import { UploadForm } from "./upload-form.tsx";

const LOOK_MS = 600;

/** Files in, and what becomes of everything in them. */
export default function UploadsScreen() {
  const { administrator, shell } = useText();
  const trees = useTrees();
  return (
    <Page title={shell.places.uploads} lead={administrator.uploads.lead} wide>
      <WithTrees of={trees}>{(all) => <Uploads trees={all} />}</WithTrees>
    </Page>
  );
}

function Uploads({ trees }: { readonly trees: readonly TreeView[] }) {
  const { administrator } = useText();
  const { uploads } = administrator;
  const asked = useAsk(() => device().organisation.uploads.list(), []);
  const { again } = asked;
  const goesOn =
    asked.state === "ready" &&
    asked.view.some(({ ended, state }) => ended === undefined && state !== "interrupted");
  // While one goes on, how far it is.
  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = setInterval(again, LOOK_MS);
    return () => clearInterval(timer);
  }, [goesOn, again]);
  const by = certifiedOnes(trees);
  return (
    <>
      {by.length > 0 && <UploadForm by={by} onBegun={again} />}
      {by.length === 0 && <Nothing title={administrator.organisation.stands.uncertified} />}
      {goesOn && <p className="salus-soft">{uploads.stay}</p>}
      <Section title={uploads.all}>
        {asked.state === "loading" && <Waiting for={uploads.all} lines={4} />}
        {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
        {asked.state === "ready" && asked.view.length === 0 && <Nothing title={uploads.none} />}
        {asked.state === "ready" &&
          asked.view.map((one) => <UploadCard key={one.id} of={one} again={again} />)}
      </Section>
    </>
  );
}
