import type { Kit } from "../device/account/kit.ts";
import { useText } from "../text/text.tsx";

/** What is printed and kept: with it, and her password, a person can always come back. */
export function KitPage({ of }: { readonly of: Kit }) {
  const { signUp } = useText();
  return (
    <section className="salus-kit" aria-label={`${signUp.kitOf} ${of.login}`}>
      <h2>
        {signUp.kitOf} <bdi>{of.login}</bdi>
      </h2>
      <div>
        <h3>{signUp.phrase}</h3>
        <p className="salus-soft">{signUp.phraseUse}</p>
      </div>
      <ol className="salus-words" translate="no" dir="ltr">
        {of.phrase.map((word, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, its place does not.
          <li key={at}>{word}</li>
        ))}
      </ol>
      <div>
        <h3>{signUp.secret}</h3>
        <p className="salus-soft">{signUp.secretUse}</p>
      </div>
      <code className="salus-secret" translate="no" dir="ltr">
        {of.deviceSecret}
      </code>
    </section>
  );
}
