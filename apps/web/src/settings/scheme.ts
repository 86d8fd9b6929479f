/** Light or dark: as the machine, or as the person chose for this application. */
export type Scheme = "system" | "light" | "dark";

export const SCHEMES: readonly Scheme[] = ["system", "light", "dark"];

const KEPT = "salus-scheme";

/** The scheme that was chosen on this device. */
export function keptScheme(): Scheme {
  const kept = localStorage.getItem(KEPT);
  return SCHEMES.find((scheme) => scheme === kept) ?? "system";
}

/** Show this scheme, and remember it. */
export function keepScheme(scheme: Scheme): void {
  localStorage.setItem(KEPT, scheme);
  showScheme(scheme);
}

/** Done once before anything is drawn. */
export function showScheme(scheme: Scheme): void {
  if (scheme === "system") document.documentElement.removeAttribute("data-scheme");
  else document.documentElement.setAttribute("data-scheme", scheme);
}
