import { UserRoundSearch } from "lucide-react";
import type { RequestStatus, RequestView } from "../device/practice/requests.ts";
import { device } from "../page/call.ts";
import { useWho } from "../page/session.tsx";
import { useAsk } from "../page/use-ask.ts";
import { Actions, ButtonLink } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { PatientName } from "./patient-name.tsx";
import { RequestRows } from "./request-rows.tsx";
import { CertifyOther, StandingCard } from "./standing-card.tsx";
import { useLook } from "./use-look.ts";

const RECENT_MAX = 5;

const OVER: readonly RequestStatus[] = ["ended", "revoked"];
const REFUSED: readonly RequestStatus[] = ["denied", "void"];

/** Where a practitioner begins: whom she may read, who has yet to answer, whom she saw last. */
export default function PractitionerHome() {
  const { practitioner } = useText();
  const { home } = practitioner;
  const { organisation } = useWho();
  const standing = useAsk(() => device().practice.standing(), []);
  const isCertified = standing.state === "ready" && standing.view.state === "good";
  return (
    <Page
      title={home.title}
      lead={organisation === undefined ? undefined : practitioner.standing.certified(organisation)}
    >
      {standing.state === "failed" && <Failure of={standing.problem} onAgain={standing.again} />}
      {standing.state === "ready" && <StandingCard of={standing.view} onAgain={standing.again} />}
      <Actions>
        <ButtonLink kind="main" to="/find">
          <UserRoundSearch size={20} aria-hidden="true" />
          {home.find}
        </ButtonLink>
      </Actions>
      <Requests />
      <Recent />
      {isCertified && <CertifyOther />}
    </Page>
  );
}

/** Everybody who was asked, by what has come of it, as it stands now. */
export function Requests() {
  const { home } = useText().practitioner;
  const requests = useAsk(() => device().practice.requests(), []);
  useLook(requests.state === "loading" ? undefined : requests.again);
  if (requests.state === "loading") return <Waiting for={home.requests} lines={5} />;
  if (requests.state === "failed") {
    return <Failure of={requests.problem} onAgain={requests.again} />;
  }
  return <ByState of={requests.view} />;
}

/** Requests in the order of what can be done with them. */
function ByState({ of }: { readonly of: readonly RequestView[] }) {
  const { home } = useText().practitioner;
  const those = (...states: readonly RequestStatus[]): readonly RequestView[] =>
    of.filter(({ status }) => states.includes(status));
  const [live, waiting] = [those("approved", "unread"), those("waiting")];
  const [refused, ended] = [those(...REFUSED), those(...OVER)];
  return (
    <>
      <Section title={home.live}>
        {live.length === 0 ? (
          <Nothing title={home.liveNone} />
        ) : (
          <RequestRows label={home.live} of={live} />
        )}
      </Section>
      <Section title={home.waiting}>
        {waiting.length === 0 ? (
          <Nothing title={home.waitingNone} />
        ) : (
          <RequestRows label={home.waiting} of={waiting} />
        )}
      </Section>
      {refused.length > 0 && (
        <Disclosure title={`${home.denied} (${refused.length})`}>
          <RequestRows label={home.denied} of={refused} />
        </Disclosure>
      )}
      {ended.length > 0 && (
        <Disclosure title={`${home.ended} (${ended.length})`}>
          <RequestRows label={home.ended} of={ended} />
        </Disclosure>
      )}
    </>
  );
}

function Recent() {
  const { home } = useText().practitioner;
  const format = useFormat();
  const recent = useAsk(() => device().practice.recent(), []);
  if (recent.state !== "ready" || recent.view.length === 0) return null;
  return (
    <Section title={home.recent}>
      <Rows label={home.recent}>
        {recent.view.slice(0, RECENT_MAX).map(({ vault, name, identifier, opened }) => (
          <Row
            key={vault}
            to={`/patients/${vault}`}
            title={<PatientName of={{ name, identifier }} />}
            end={<span className="salus-row-detail">{format.relative(opened)}</span>}
          />
        ))}
      </Rows>
    </Section>
  );
}
