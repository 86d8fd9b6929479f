import type { Catalogue } from "../catalogue.ts";

export const deciding: Catalogue["deciding"] = {
  own: "आप स्वयं",
  ownInside: "आप स्वयं",
  unknownSource: "कोई अस्पताल, जिसका नाम किसी प्रमाणपत्र में नहीं",
  unknownReader: "कोई, जिसका नाम किसी प्रमाणपत्र में नहीं",
  keyOf: (key) => `कुंजी ${key}…`,
  suspended: "निलंबित",
  at: (organisation) => `${organisation} में`,
  timeLeft: (span) => `${span} बाकी`,
  spans: {
    minutes: (count) => `${count} मिनट`,
    hours: (count) => `${count} घंटे`,
    days: (count) => `${count} दिन`,
  },
};
