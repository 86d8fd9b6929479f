import { useState } from "react";
import { Radios } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { useEntering } from "../sign-in/entering.tsx";
import { LANGUAGES, type Language, useSpoken } from "../text/text.tsx";
import { Roles } from "./roles.tsx";
import { keepScheme, keptScheme, SCHEMES, type Scheme } from "./scheme.ts";

/** How the application speaks and looks on this device, and what she uses it as. */
export default function SettingsScreen() {
  const { text, language, speak } = useSpoken();
  const { settings, shell } = text;
  const [scheme, setScheme] = useState<Scheme>(keptScheme);
  const { take, screen } = useEntering();
  if (screen) return screen;
  return (
    <Page title={shell.places.settings} lead={settings.lead}>
      <Radios<Language>
        label={shell.language}
        value={language}
        onChange={speak}
        choices={LANGUAGES.map((value) => ({ value, label: shell.languages[value] }))}
      />
      <Radios<Scheme>
        label={settings.scheme}
        value={scheme}
        onChange={(chosen) => {
          keepScheme(chosen);
          setScheme(chosen);
        }}
        choices={SCHEMES.map((value) => ({ value, label: settings.schemes[value] }))}
      />
      <Roles take={take} />
    </Page>
  );
}
