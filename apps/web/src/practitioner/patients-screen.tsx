import { Page } from "../parts/page.tsx";
import { useText } from "../text/text.tsx";
import { Requests } from "./home-screen.tsx";

/** Everybody who was asked. */
export default function PatientsScreen() {
  const { shell } = useText();
  return (
    <Page title={shell.places.patients}>
      <Requests />
    </Page>
  );
}
