import { ButtonLink } from "../parts/button.tsx";
import { Page } from "../parts/page.tsx";
import { useText } from "../text/text.tsx";

/** An address that leads nowhere. */
export function NotFound() {
  const { notFound } = useText().shell;
  return (
    <Page title={notFound.title} lead={notFound.lead}>
      <ButtonLink to="/">{notFound.home}</ButtonLink>
    </Page>
  );
}
