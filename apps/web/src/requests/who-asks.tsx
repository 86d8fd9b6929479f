import { Check } from "lucide-react";
import { PurposeText, RegistrationText } from "../deciding/names.tsx";
import { Quote, Told } from "../deciding/told.tsx";
import type { RequestView } from "../device/requests/request-view.ts";
import { Card, Section } from "../parts/page.tsx";
import { Facts } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** Who asks, what of that was checked, and why she says that she asks. */
export function WhoAsks({ request }: { readonly request: RequestView }) {
  const { requests } = useText();
  const format = useFormat();
  const { who, foundBy } = request;
  const registrations =
    who.registrations.length === 0
      ? requests.noRegistration
      : who.registrations.map((one) => (
          <div key={one}>
            <RegistrationText of={one} />
          </div>
        ));
  return (
    <>
      <Section title={requests.who}>
        <Card label={requests.who}>
          <Facts
            of={[
              [
                requests.name,
                <strong key="name">
                  <Told>{who.name}</Told>
                </strong>,
              ],
              [requests.worksAt, <Path key="path" of={who.above} />],
              [requests.registration, registrations],
              [
                requests.foundBy,
                foundBy === undefined ? (
                  requests.ownCode
                ) : (
                  <>
                    {requests.kinds[foundBy.kind] ?? <Told>{foundBy.kind}</Told>}:{" "}
                    <Told>{foundBy.value}</Told>
                  </>
                ),
              ],
              [requests.askedWhen, format.dateTime(request.asked)],
              [requests.answerBy, format.dateTime(request.answerBy)],
            ]}
          />
          <Checked of={request} />
        </Card>
      </Section>
      <Section title={requests.why}>
        <p>
          {requests.purpose}{" "}
          <strong>
            <PurposeText of={request.purpose} />
          </strong>
          {requests.purposeEnd}
        </p>
        {request.note === "" ? (
          <p className="salus-soft">{requests.noNote}</p>
        ) : (
          <>
            <Quote of={requests.noteOf}>{request.note}</Quote>
            <p className="salus-soft">{requests.unchecked}</p>
          </>
        )}
      </Section>
    </>
  );
}

/** From the organisation down, each name in a box of its own. */
function Path({ of }: { readonly of: readonly string[] }) {
  return of.map((name, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two steps of a path may have one name.
    <span key={at}>
      {at > 0 && " › "}
      <Told>{name}</Told>
    </span>
  ));
}

function Checked({ of }: { readonly of: RequestView }) {
  const { requests } = useText();
  const format = useFormat();
  const { checks } = requests;
  const { certifiedUntil, attesters, devices } = of.checked;
  const said = [
    checks.signed,
    checks.certified(format.date(new Date(certifiedUntil).toISOString().slice(0, 10))),
    checks.attested(attesters),
    checks.standing,
    checks.devices(devices),
  ];
  return (
    <div className="salus-checked">
      <h3>{requests.checked}</h3>
      <ul>
        {said.map((one) => (
          <li key={one}>
            <Check size={18} aria-hidden="true" />
            <span>{one}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
