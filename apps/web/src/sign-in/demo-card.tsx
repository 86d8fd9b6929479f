import { useEffect, useState } from "react";
import { Actions, ButtonLink } from "../parts/button.tsx";
import { Card } from "../parts/page.tsx";
import { useText } from "../text/text.tsx";

/** Where a site shows invented people, the way to them. */
export function DemoCard() {
  const { signIn } = useText();
  const [isDemo, setDemo] = useState(false);
  useEffect(() => {
    let current = true;
    fetch("/site.json")
      .then((response) => response.json())
      .then(
        (site: { readonly demo?: unknown }) => current && setDemo(site.demo === true),
        // Without the site there is no demo either.
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, []);
  if (!isDemo) return null;
  return (
    <Card tone="accent">
      <strong>{signIn.demoTitle}</strong>
      <Actions>
        <ButtonLink to="/demo">{signIn.toDemo}</ButtonLink>
      </Actions>
    </Card>
  );
}
