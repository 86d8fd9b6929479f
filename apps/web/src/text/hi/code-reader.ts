import type { Catalogue } from "../catalogue.ts";

export const codeReader: Catalogue["codeReader"] = {
  camera: "कैमरा इस्तेमाल करें",
  stop: "कैमरा बंद करें",
  looking: "कोड को कैमरे के सामने रखें।",
  refused: "यहाँ कैमरा इस्तेमाल नहीं हो सकता। कोड की तस्वीर खोलें, या उसका पाठ चिपकाएँ।",
  picture: "तस्वीर खोलें",
  noCode: "उस तस्वीर में पढ़ने लायक कोई कोड नहीं। पास से और सीधे लें।",
  text: "कोड का पाठ",
  textHint: "यह salus: से शुरू होता है",
  read: "पढ़ें",
};
