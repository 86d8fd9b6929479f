/** v3-PurposeOfUse codes that people meet, in their words. */
const PURPOSES: Readonly<Record<string, string>> = {
  TREAT: "treatment",
  ETREAT: "emergency treatment",
  BTG: "break the glass",
  HPAYMT: "payment",
  HOPERAT: "operations of a provider",
  HRESCH: "research",
  PATRQT: "at the patient's request",
  PUBHLTH: "public health",
  FAMRQT: "family",
  PWATRNY: "power of attorney",
};

/** A purpose for people: `treatment (TREAT)`. */
export function purposeText(code: string): string {
  const known = PURPOSES[code];
  return known === undefined ? code : `${known} (${code})`;
}
