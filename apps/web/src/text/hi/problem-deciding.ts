import type { decidingProblems as en } from "../en/problem-deciding.ts";
import type { Said } from "../en/said.ts";

const UNCHANGED = "कुछ भी बदला नहीं गया।";
const UNUSED = "उसने जो दिखाया उसका उपयोग नहीं किया गया।";
const CLOSED = "वह बंद रहता है, और किसी को कुछ नहीं दिया गया।";
const RUNNER = "सेवा चलाने वाले से पूछें।";

const notGenuine = (why: string): Said => ({
  what: `यह वह नहीं है जो होने का दावा करता है: ${why}।`,
  safe: CLOSED,
  next: "इसे फेंक दें। यदि आप कुछ की राह देख रहे थे, तो फिर माँगें।",
});

const notCertified = (why: string): Said => ({
  what: `यह नहीं दिखाया गया कि वह कौन है: ${why}।`,
  safe: CLOSED,
  next: "भेजने वाले को अपने प्रमाणपत्र ठीक करके फिर माँगना होगा।",
});

const hiddenKey = (why: string): Said => ({
  what: `${why}।`,
  safe: "संख्या या पता किसी ने नहीं जाना।",
  next: `बाद में फिर कोशिश करें। ऐसा ही रहे तो ${RUNNER}`,
});

const mistyped = (what: string, next: string): Said => ({ what, safe: UNCHANGED, next });

const contradicts = (how: string): Said => ({
  what: `लेखा ${how}।`,
  safe: "आपका रिकॉर्ड सील रहता है। संदेह इस पर है कि आपको सब कुछ दिखाया गया या नहीं।",
  next: "“किसने देखा” खोलें: सबूत वहाँ रखा है, दूसरों को दिखाने के लिए।",
});

export const decidingProblems: Record<keyof typeof en, Said> = {
  unreadable: notGenuine("यह आपकी कुंजियों से नहीं खुलता"),
  malformed: notGenuine("यह पढ़ा नहीं जा सकता"),
  "wrong-type": notGenuine("यह कुछ और है"),
  "bad-key": notGenuine("इसकी कुंजी ठीक नहीं"),
  "wrong-key": notGenuine("इस पर किसी और ने हस्ताक्षर किए"),
  "bad-signature": notGenuine("इसके हस्ताक्षर ग़लत हैं"),
  "not-for-you": notGenuine("यह किसी और को लिखा गया था"),
  "certificate-path": notCertified("कोई प्रमाणपत्र स्वास्थ्य पंजी तक नहीं जाता"),
  "certificate-expired": notCertified("एक प्रमाणपत्र की अवधि बीत गई"),
  "certificate-suspended": notCertified("राह पर कोई निलंबित है"),
  "key-unattested": notCertified("किसी प्राधिकरण ने पंजीकरण की पुष्टि नहीं की"),
  "attestation-expired": notCertified("प्राधिकरण की बात एक सप्ताह से पुरानी है"),
  "request-void": {
    what: "इस अनुरोध के उत्तर का समय बीत गया।",
    safe: "किसी को कुछ नहीं दिया गया।",
    next: "माँगने वाला फिर माँग सकता है।",
  },
  "request-answered": {
    what: "इस अनुरोध का उत्तर पहले दिया जा चुका है, यहाँ या आपके किसी और उपकरण पर।",
    safe: UNCHANGED,
    next: "“साझा” बताता है कि आप किसे क्या पढ़ने देते हैं।",
  },
  "unknown-request": {
    what: "यह अनुरोध अब आपकी प्रतीक्षा में नहीं है।",
    safe: UNCHANGED,
    next: "सभी अनुरोधों पर लौटें।",
  },
  "wider-than-asked": {
    what: "यह उससे अधिक है जो माँगा गया, या जो था।",
    safe: UNCHANGED,
    next: "कुछ हटाएँ; कुछ जोड़ा नहीं जा सकता।",
  },
  "nothing-granted": {
    what: "इसमें कुछ नहीं बचा।",
    safe: "किसी पर हस्ताक्षर नहीं हुए।",
    next: "कुछ चुनें, या ना कहें।",
  },
  "proposal-stale": {
    what: "आपको यह दिखाए जाने के बाद कुछ बदल गया।",
    safe: "किसी पर हस्ताक्षर नहीं हुए।",
    next: "इसे फिर दिखवाएँ, और एक बार और देखें।",
  },
  "proxy-self": mistyped("यह कार्ड आपका अपना है।", "वह कार्ड लें जो दूसरा व्यक्ति अपने उपकरण पर दिखाता है।"),
  "proxy-too-long": mistyped("यह 366 दिनों में समाप्त होना चाहिए।", "कोई पहले का दिन चुनें।"),
  "note-too-long": mistyped("आपके शब्द उत्तर के लिए बहुत लंबे हैं।", "उन्हें छोटा करें।"),
  "bad-invitation": mistyped(
    "यह किसी अस्पताल का निमंत्रण नहीं है।",
    "पूरा कॉपी करें, या फिर स्कैन करें: यह salus:associate: से शुरू होता है",
  ),
  "invitation-expired": mistyped("निमंत्रण का समय बीत गया।", "अस्पताल से नया माँगें।"),
  "phrase-unconfirmed": {
    what: "आपके खाते में अभी पुनर्प्राप्ति शब्द नहीं हैं।",
    safe: "उससे पहले कोई अस्पताल नहीं लिखता: तब जो खोता वह लौटाया नहीं जा सकता।",
    next: "“सुरक्षा और उपकरण” खोलें और शब्द लिख लें।",
  },
  "too-few-holders": hiddenKey("जो आपको छिपाए रखते हैं उनमें से बहुत कम ने उत्तर दिया"),
  "bad-proof": hiddenKey("जो आपको छिपाए रखते हैं उनमें से एक अपना उत्तर साबित नहीं करता"),
  "wrong-holders": hiddenKey("जो आपको छिपाए रखते हैं वे पहले वाले नहीं हैं"),
  "bad-phone": mistyped("ऐसा कोई फ़ोन नंबर नहीं है।", "देश के कोड के साथ लिखें: +91 98765 43210।"),
  "bad-email": mistyped("यह ई-मेल पता नहीं है।", "इसे फिर देखें।"),
  "bad-health-number": mistyped(
    "यह इस तरह की स्वास्थ्य संख्या नहीं है।",
    "लिखें कि किसने दी, और संख्या जैसी छपी है।",
  ),
  "bad-check-digit": mistyped("संख्या का एक अंक ग़लत है।", "कार्ड से मिलाएँ।"),
  "bad-record-number": mistyped(
    "यह किसी अस्पताल की संख्या नहीं है।",
    "पंजी में अस्पताल की संख्या लिखें, और वहाँ आपकी।",
  ),
  "unknown-grant": {
    what: "वह अनुमति अब नहीं है।",
    safe: "उससे कोई नहीं पढ़ता।",
    next: "सूची फिर देखें।",
  },
  "unknown-source": mistyped("वह अस्पताल आपका नहीं है।", "सूची फिर देखें।"),
  "not-live": { what: "यह पहले ही समाप्त हो चुका था।", safe: UNCHANGED, next: "सूची फिर देखें।" },
  "no-vault": mistyped("आप यहाँ मरीज़ के रूप में नहीं हैं।", "मरीज़ के रूप में साइन इन करें।"),
  "account-stale": {
    what: "आपके किसी और उपकरण ने आपकी कुंजियाँ नई कर दी हैं।",
    safe: UNCHANGED,
    next: "लॉक करें और फिर साइन इन करें।",
  },
  "bad-input": mistyped("फ़ॉर्म में कुछ ऐसा नहीं हो सकता।", "उसे फिर देखें।"),
  "chain-invalid": {
    what: "सेवा आपके रिकॉर्ड के नियमों का जो रूप दिखाती है वह उन्हें तोड़ता है।",
    safe: UNUSED,
    next: RUNNER,
  },
  "handle-mismatch": { what: "सेवा किसी और का रिकॉर्ड दिखाती है।", safe: UNUSED, next: RUNNER },
  "log-rollback": contradicts("पहले से कम दिखाता है"),
  "log-fork": contradicts("दो अलग अतीत दिखाता है"),
  "log-inconsistent": contradicts("पहले दिखाए हुए का आगे नहीं है"),
  "log-key-changed": contradicts("पर पहले से अलग कुंजी के हस्ताक्षर हैं"),
  "not-logged": contradicts("आपका कुछ छोड़ देता है, या वह वैसा नहीं जैसा था"),
};
