import type { Catalogue } from "../text.tsx";

export const settings: Catalogue["settings"] = {
  lead: "इस उपकरण पर सैलस कैसे बोलता और दिखता है। यहाँ आपके रिकॉर्ड के बारे में कुछ नहीं है।",
  scheme: "हल्का या गहरा",
  schemes: { system: "उपकरण जैसा", light: "हल्का", dark: "गहरा" },
};
