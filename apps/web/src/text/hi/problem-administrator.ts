import type { administratorProblems as english } from "../en/problem-administrator.ts";

const UNCHANGED = "कुछ नहीं बदला।";

export const administratorProblems: typeof english = {
  "bad-node": {
    what: "यह संख्या नहीं चल सकती।",
    safe: UNCHANGED,
    next: "1 से 64 अक्षर, अंक और हाइफ़न लिखें; संगठन या विभाग के लिए छोटे अक्षर।",
  },
  "node-taken": {
    what: "यह संख्या पहले से किसी और की है।",
    safe: UNCHANGED,
    next: "दूसरी चुनें।",
  },
  "bad-name": {
    what: "नाम नहीं लिखा है, या बहुत लंबा है।",
    safe: UNCHANGED,
    next: "उसे एक पंक्ति में लिखें।",
  },
  "not-certified": {
    what: "इस कुंजी को अभी किसी ने प्रमाणित नहीं किया है।",
    safe: UNCHANGED,
    next: "पहले इसे प्रमाणित कराएँ।",
  },
  "not-found": {
    what: "वह अब वहाँ नहीं है।",
    safe: UNCHANGED,
    next: "सूची फिर देखें।",
  },
  busy: {
    what: "एक और अपलोड चल रहा है।",
    safe: "वह पहले की तरह चलता रहेगा।",
    next: "उसके पूरा होने तक रुकें, या पहले उसे रोकें।",
  },
};
