import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useText } from "../text/text.tsx";

/** Where a site shows invented people, the way to them. */
export function DemoLink() {
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
  return isDemo ? <Link href="/demo">{signIn.toDemo}</Link> : null;
}
