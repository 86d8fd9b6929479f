import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Disclosure } from "../parts/disclosure.tsx";
import { Page } from "../parts/page.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** Her own code, to be shown at the desk. */
export default function CodeScreen() {
  const { sources, shell } = useText();
  const code = useAsk(() => device().proxies.ownCode(), []);
  return (
    <Page
      title={sources.myCode}
      lead={sources.myCodeLead}
      back={{ to: "/sources", label: shell.places.sources }}
    >
      {code.state === "loading" && <Waiting for={sources.myCodeWaiting} lines={6} />}
      {code.state === "failed" && <Failure of={code.problem} onAgain={code.again} />}
      {code.state === "ready" && (
        <>
          <div className="salus-own-code">
            <QrCode of={code.view} label={sources.myCodeLabel} ecc="low" />
          </div>
          <Disclosure title={sources.myCodeText}>
            <p>
              <code>{code.view}</code>
            </p>
          </Disclosure>
        </>
      )}
    </Page>
  );
}
