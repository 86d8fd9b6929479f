import type { Catalogue } from "../catalogue.ts";

export const category: Catalogue["category"] = {
  names: {
    vitals: "शरीर के माप",
    laboratory: "जाँच के नतीजे",
    conditions: "रोग और निदान",
    medications: "दवाएँ",
    allergies: "एलर्जी",
    immunizations: "टीके",
    encounters: "अस्पताल की मुलाक़ातें",
    procedures: "प्रक्रियाएँ",
    documents: "दस्तावेज़",
    imaging: "तस्वीरें (एक्स-रे आदि)",
    "care-plans": "देखभाल की योजनाएँ",
    administrative: "प्रशासनिक",
    "mental-health": "मानसिक स्वास्थ्य",
    "sexual-health": "यौन स्वास्थ्य",
    genetics: "आनुवंशिकी",
    "substance-use": "शराब और नशा",
  },
  sensitive: "संवेदनशील",
};
