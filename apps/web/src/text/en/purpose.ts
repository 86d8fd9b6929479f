/** What access is for, by codes of v3-PurposeOfUse, as it stands in a sentence: "for …". */
export const purpose = {
  names: {
    TREAT: "treatment",
    ETREAT: "emergency treatment",
    BTG: "an emergency",
    HPAYMT: "payment",
    HOPERAT: "running a hospital",
    HRESCH: "research",
    PATRQT: "what you asked for yourself",
    PUBHLTH: "public health",
    FAMRQT: "family",
    PWATRNY: "a power of attorney",
  } as Readonly<Record<string, string>>,
  /** A code that this program does not know stands behind it, as it came. */
  other: "a purpose with the code",
};
