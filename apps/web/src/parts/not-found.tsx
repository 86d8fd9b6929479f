import { useText } from "../text/text.tsx";
import { ButtonLink } from "./button.tsx";
import { Page } from "./page.tsx";

/** An address that leads nowhere. */
export function NotFound() {
  const { notFound } = useText().shell;
  return (
    <Page title={notFound.title} lead={notFound.lead}>
      <ButtonLink to="/">{notFound.home}</ButtonLink>
    </Page>
  );
}
