import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { Catalogue } from "./catalogue.ts";
import { en } from "./en/en.ts";
import { type Format, formatFor } from "./format.ts";

export const LANGUAGES = ["en", "hi"] as const;
export type Language = (typeof LANGUAGES)[number];

interface Spoken {
  readonly language: Language;
  readonly text: Catalogue;
  readonly format: Format;
  readonly speak: (language: Language) => void;
}

const KEPT = "salus-language";
const TextContext = createContext<Spoken | undefined>(undefined);

/** Lets everything below speak one language: that of the person, or of her browser. */
export function Speaking({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [text, setText] = useState<Catalogue>(first);
  useEffect(() => {
    let current = true;
    void catalogueOf(language).then((loaded) => {
      if (!current) return;
      setText(loaded);
      document.documentElement.lang = language;
      document.documentElement.dir = isRightToLeft(language) ? "rtl" : "ltr";
    });
    return () => {
      current = false;
    };
  }, [language]);
  const spoken = useMemo(
    (): Spoken => ({
      language,
      text,
      format: formatFor(placeOf(language), text),
      speak: (chosen) => {
        localStorage.setItem(KEPT, chosen);
        setLanguage(chosen);
      },
    }),
    [language, text],
  );
  return <TextContext value={spoken}>{children}</TextContext>;
}

export function useSpoken(): Spoken {
  const spoken = use(TextContext);
  if (spoken === undefined) throw new Error("bug: words are used outside of Speaking");
  return spoken;
}

/** The words of the application. */
export function useText(): Catalogue {
  return useSpoken().text;
}

/** Dates, numbers and units as they are written where she lives. */
export function useFormat(): Format {
  return useSpoken().format;
}

/** What is spoken at first. */
let first: Catalogue = en;

/** Fetch the words of the language that is spoken at first, before anything is drawn in another. */
export async function loadWords(): Promise<void> {
  // What cannot be fetched is said in English until it can.
  first = await catalogueOf(firstLanguage()).catch(() => en);
}

async function catalogueOf(language: Language): Promise<Catalogue> {
  return language === "en" ? en : (await import("./hi/hi.ts")).hi;
}

function firstLanguage(): Language {
  const known = (tag: string | null): Language | undefined =>
    LANGUAGES.find((language) => tag?.split("-")[0] === language);
  return known(localStorage.getItem(KEPT)) ?? known(navigator.language) ?? "en";
}

/** A language as the browser's country writes it: one and the same day is 3/9 and 9/3. */
function placeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}

function isRightToLeft(language: Language): boolean {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getTextInfo?: () => { readonly direction: string };
    textInfo?: { readonly direction: string };
  };
  return (locale.getTextInfo?.() ?? locale.textInfo)?.direction === "rtl";
}
