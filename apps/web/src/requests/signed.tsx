import type { ReactNode } from "react";
import { Listed, PurposeText, Sentence, SourceText } from "../deciding/names.tsx";
import { countedOnce } from "../deciding/own-sources.ts";
import { careDayOf } from "../deciding/time-left.ts";
import { Told } from "../deciding/told.tsx";
import type { CoveredView, ProposalShown } from "../device/requests/proposal-view.ts";
import { Disclosure } from "../parts/disclosure.tsx";
import { Card } from "../parts/page.tsx";
import { Facts } from "../parts/rows.tsx";
import { useFormat, useSpoken, useText } from "../text/text.tsx";

/** In one sentence what she is about to sign, and below it the bytes that say it. */
export function Signed({ of }: { readonly of: ProposalShown }) {
  const { language, format, text } = useSpoken();
  const { requests, category } = text;
  const { who, covered, categories, period } = of;
  const strong = (parts: ReactNode) => <strong>{parts}</strong>;
  // In the middle of a sentence they begin with small letters, where a language has any.
  const names = categories.map((one) => category.names[one].toLocaleLowerCase(language));
  const sentence = requests.sentence<ReactNode>({
    who: strong(
      <>
        <Told>{who.name}</Told>, <Told>{who.organisation}</Told>,
      </>,
    ),
    what: strong(format.list(names)),
    where: strong(
      <Listed
        of={countedOnce(covered).map(({ source, name }) => (
          <SourceText key={source} of={name} inside />
        ))}
      />,
    ),
    care: strong(
      period === undefined
        ? requests.careSentenceAny
        : requests.careSentence(
            format.date(careDayOf(period.from)),
            format.date(careDayOf(period.to)),
          ),
    ),
    why: strong(<PurposeText of={of.purpose} />),
    until: strong(format.dateTime(of.until)),
  });
  return (
    <Card tone="accent" label={requests.sign}>
      <p className="salus-sentence">
        <Sentence of={sentence} />
      </p>
      {!isAlike(covered) && <EachSource of={covered} />}
      <p className="salus-soft">{requests.signLead}</p>
      <Disclosure title={requests.bytes}>
        <SignedBytes of={of} />
      </Disclosure>
    </Card>
  );
}

/** Whether the same is given of every hospital: then the sentence has said everything. */
function isAlike(covered: readonly CoveredView[]): boolean {
  const kinds = covered.map(({ categories }) => categories.join());
  return new Set(kinds).size <= 1;
}

function EachSource({ of }: { readonly of: readonly CoveredView[] }) {
  const { requests, category } = useText();
  const format = useFormat();
  return (
    <>
      <h3>{requests.perSource}</h3>
      <ul className="salus-each">
        {of.map(({ source, name, categories }) => (
          <li key={source}>
            <SourceText of={name} />: {format.list(categories.map((one) => category.names[one]))}
          </li>
        ))}
      </ul>
    </>
  );
}

function SignedBytes({ of }: { readonly of: ProposalShown }) {
  const { requests } = useText();
  return (
    <>
      <Facts
        of={[
          [requests.bytesRequest, <code key="request">{of.digest}</code>],
          [
            requests.bytesDevices,
            of.devices.map((key) => (
              <div key={key}>
                <code>{key}</code>
              </div>
            )),
          ],
        ]}
      />
      <p>{requests.bytesLead(of.terms.length)}</p>
      {/* Focusable, so that what is long can be moved with the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks for it where content scrolls. */}
      <ol className="salus-bytes" tabIndex={0} aria-label={requests.bytes}>
        {of.terms.map((terms) => (
          <li key={terms}>
            <code>{terms}</code>
          </li>
        ))}
      </ol>
    </>
  );
}
