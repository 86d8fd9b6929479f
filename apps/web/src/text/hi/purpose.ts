import type { Catalogue } from "../catalogue.ts";

export const purpose: Catalogue["purpose"] = {
  names: {
    TREAT: "इलाज",
    ETREAT: "आपातकालीन इलाज",
    BTG: "आपात स्थिति",
    HPAYMT: "भुगतान",
    HOPERAT: "अस्पताल का संचालन",
    HRESCH: "शोध",
    PATRQT: "आपकी अपनी माँग",
    PUBHLTH: "जन स्वास्थ्य",
    FAMRQT: "परिवार",
    PWATRNY: "मुख़्तारनामा",
  },
  other: "इस कोड का उद्देश्य",
};
