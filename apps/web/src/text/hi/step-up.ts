import type { Catalogue } from "../catalogue.ts";

export const stepUp: Catalogue["stepUp"] = {
  title: "दिखाएँ कि यह आप ही हैं",
  lead: "यह अंतिम है, इसलिए आपसे एक बार और पूछा जाता है। फिर यह पाँच मिनट तक चलता है।",
  how: "कैसे",
  ways: { password: "पासवर्ड", code: "प्रमाणक ऐप", passkey: "पासकी" },
  password: "पासवर्ड",
  code: "ऐप में दिखा कोड",
  continue: "आगे बढ़ें",
  usePasskey: "पासकी इस्तेमाल करें",
};
