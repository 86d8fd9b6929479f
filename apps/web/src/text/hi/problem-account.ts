import type { accountProblems as en } from "../en/problem-account.ts";
import type { Said } from "../en/said.ts";

const NOTHING_CHANGED = "कुछ भी बदला नहीं गया।";
const UNUSED = "उसने जो दिखाया उसका उपयोग नहीं किया गया।";
const ASK = "आगे न बढ़ें। सेवा चलाने वाले से पूछें।";
const LATER = "थोड़ा रुकें, फिर कोशिश करें।";
const SAFE_RECORD = "आपका रिकॉर्ड जहाँ था वहीं है।";
const SEALED = "यहाँ जो रखा है वह सील रहता है।";
const ANEW = "इसे इस ब्राउज़र से हटाएँ, और नए सिरे से साइन इन करें।";

export const accountProblems: Record<keyof typeof en, Said> = {
  "sign-in-refused": {
    what: "इससे आप अंदर नहीं आ सके: नाम, पासवर्ड या शब्द कुछ और हैं।",
    safe: "सेवा नहीं जानती कि कौन-सा, और उसने पासवर्ड के बारे में कुछ नहीं जाना।",
    next: "जाँचें और फिर कोशिश करें। पुनर्प्राप्ति शब्दों से आप नया पासवर्ड रख सकते हैं।",
  },
  "second-factor": {
    what: "यह उपकरण नया है, और दूसरा प्रमाण चाहिए।",
    safe: NOTHING_CHANGED,
    next: "प्रमाणक ऐप, पासकी या फ़ोन का उपयोग करें; या पुनर्प्राप्ति शब्दों से लौटें।",
  },
  "refused/code-refused": {
    what: "वह कोड स्वीकार नहीं हुआ।",
    safe: NOTHING_CHANGED,
    next: "हर कोड एक बार और थोड़े समय के लिए चलता है। अगला कोड लिखें।",
  },
  "refused/factor-locked": {
    what: "बहुत-सी ग़लत कोशिशों के बाद यह दूसरा प्रमाण बंद है।",
    safe: "आपका खाता बंद नहीं है।",
    next: "कोई दूसरा प्रमाण लें, या साइन इन किए उपकरण से इसे बदलें।",
  },
  "refused/last-factor": {
    what: "यह आपका अंतिम दूसरा प्रमाण है।",
    safe: NOTHING_CHANGED,
    next: "पहले दूसरा जोड़ें, फिर इसे हटाएँ।",
  },
  "refused/no-second-factor": {
    what: "आपके खाते में अभी कोई दूसरा प्रमाण नहीं है।",
    safe: NOTHING_CHANGED,
    next: "पहले एक जोड़ें।",
  },
  "refused/session-ended": {
    what: "आपका सत्र समाप्त हो गया।",
    safe: SEALED,
    next: "ताला लगाएँ, और पासवर्ड से फिर खोलें।",
  },
  "refused/login-taken": {
    what: "उस नाम से कोई पहले से साइन इन करता है।",
    safe: "कोई खाता नहीं बना।",
    next: "नीचे दूसरा चुनें। छपा हुआ पृष्ठ काम का बना रहता है।",
  },
  "refused/sms-off": {
    what: "अभी संदेश नहीं भेजे जा रहे।",
    safe: NOTHING_CHANGED,
    next: "प्रमाणक ऐप या पासकी का उपयोग करें।",
  },
  "refused/quota": {
    what: "बहुत बार कोशिश की गई।",
    safe: "कुछ खोया नहीं, और कोई अंदर नहीं आया।",
    next: "पंद्रह मिनट रुकें, फिर कोशिश करें।",
  },
  "refused/too-many": { what: "सेवा व्यस्त है।", safe: NOTHING_CHANGED, next: LATER },
  "refused/unavailable": { what: "सेवा शुरू हो रही है।", safe: NOTHING_CHANGED, next: LATER },
  "step-up": {
    what: "यह अंतिम है, इसलिए फिर पूछा जाता है कि आप कौन हैं।",
    safe: NOTHING_CHANGED,
    next: "दिखाएँ, और आगे बढ़ें।",
  },
  "kdf-floor": {
    what: "सेवा चाहती है कि पासवर्ड का अनुमान उससे आसान हो जितना यह प्रोग्राम मानता है।",
    safe: "आपके पासवर्ड का कुछ भी नहीं भेजा गया।",
    next: ASK,
  },
  "server-key-changed": {
    what: "सेवा की कुंजी वह नहीं जो पहली बार थी।",
    safe: "आपके पासवर्ड का कुछ भी नहीं भेजा गया।",
    next: ASK,
  },
  rollback: {
    what: "सेवा पहले दिखाई गई स्थिति से पुरानी स्थिति दिखा रही है।",
    safe: UNUSED,
    next: ASK,
  },
  "account-invalid": {
    what: "सेवा आपके खाते का जो दिखाती है वह सही नहीं है।",
    safe: UNUSED,
    next: ASK,
  },
  "key-integrity": {
    what: "सेवा ने जो भेजा वह आपकी कुंजियों से नहीं खुलता।",
    safe: UNUSED,
    next: ASK,
  },
  "unlisted-wrap": {
    what: "इससे यह खाता नहीं खुलता।",
    safe: "इससे कुछ नहीं खोला गया।",
    next: "फिर जाँचें। बदला हुआ पासवर्ड अब कुछ नहीं खोलता।",
  },
  "bad-phrase": {
    what: "ये पुनर्प्राप्ति के 24 शब्द नहीं हैं।",
    safe: NOTHING_CHANGED,
    next: "हर शब्द को छपे हुए पृष्ठ से मिलाएँ।",
  },
  "bad-device-secret": {
    what: "यह उपकरण-कुंजी नहीं है: 26 अक्षर और अंक।",
    safe: NOTHING_CHANGED,
    next: "इसे छपे हुए पृष्ठ से मिलाएँ।",
  },
  "bad-card": {
    what: "यह किसी उपकरण का कार्ड नहीं है।",
    safe: "किसी उपकरण को आने नहीं दिया गया।",
    next: "नए उपकरण से पूरा पाठ लें। वह salus:device: से शुरू होता है",
  },
  "wrong-account": {
    what: "वह कार्ड किसी और खाते का है।",
    safe: "किसी उपकरण को आने नहीं दिया गया।",
    next: "पहले नए उपकरण पर अपने नाम से साइन इन करें।",
  },
  "words-differ": {
    what: "ये आपके शब्द नहीं हैं।",
    safe: "अभी कोई खाता नहीं बना।",
    next: "उन्हें अपने पृष्ठ से मिलाएँ, और क्रमांक देखें।",
  },
  "device-removed": {
    what: "आपके दूसरे उपकरण ने इसे हटा दिया है।",
    safe: SAFE_RECORD,
    next: "यहाँ जो रखा है उसे हटाएँ, और नए सिरे से साइन इन करें।",
  },
  locked: {
    what: "इस उपकरण पर अभी आपका खाता खुला नहीं है।",
    safe: NOTHING_CHANGED,
    next: "अपनी किट लें, या दूसरे उपकरण से इसे आने दें।",
  },
  "last-one": {
    what: "यह उनमें अंतिम है जिनका होना ज़रूरी है।",
    safe: NOTHING_CHANGED,
    next: "पहले दूसरा जोड़ें।",
  },
  "account-full": {
    what: "आपके खाते में जितने उपकरण और पासकी हो सकते हैं उतने हैं।",
    safe: NOTHING_CHANGED,
    next: "जो उपकरण काम में नहीं है उसे हटाएँ।",
  },
  "home-unopened": {
    what: "इससे यहाँ रखा हुआ नहीं खुलता।",
    safe: "कुछ खोया नहीं: वह सील रहता है।",
    next: "फिर कोशिश करें। यदि पासवर्ड कहीं और बदला, तो पुराना पासवर्ड इसे एक बार और खोलता है।",
  },
  "home-elsewhere": {
    what: "यह इस ब्राउज़र के दूसरे टैब में खुला है।",
    safe: NOTHING_CHANGED,
    next: "वहीं आगे बढ़ें, या पहले वहाँ ताला लगाएँ।",
  },
  "home-missing": {
    what: "यह ब्राउज़र अब इसे नहीं रखता।",
    safe: SAFE_RECORD,
    next: "पासवर्ड और दूसरे प्रमाण से साइन इन करें।",
  },
  "home-damaged": {
    what: "यहाँ रखा हुआ किसी और चीज़ ने बदल दिया है।",
    safe: SAFE_RECORD,
    next: ANEW,
  },
  "store-damaged": {
    what: "यहाँ रखे हुए का एक भाग पढ़ा नहीं जा सकता।",
    safe: SAFE_RECORD,
    next: ANEW,
  },
  "passkey-cancelled": {
    what: "किसी पासकी का उपयोग नहीं हुआ।",
    safe: NOTHING_CHANGED,
    next: "फिर कोशिश करें, या कुछ और लें।",
  },
  "passkey-without-prf": {
    what: "वह पासकी साइन इन कराती है, और कुछ नहीं खोलती।",
    safe: NOTHING_CHANGED,
    next: "यहाँ अपना पासवर्ड लिखें।",
  },
  "nobody-in": { what: "इस बीच Salus पर ताला लग गया।", safe: SEALED, next: "फिर से खोलें।" },
  "not-begun": {
    what: "इसमें बहुत समय लगा, या यह फिर से शुरू हुआ।",
    safe: NOTHING_CHANGED,
    next: "फिर से शुरू करें।",
  },
  "site-unreadable": {
    what: "यह साइट नहीं बताती कि उसकी सेवाएँ कहाँ हैं।",
    safe: "कुछ नहीं भेजा गया।",
    next: "नेटवर्क देखें, फिर पृष्ठ दोबारा खोलें।",
  },
  "no-room": {
    what: "इस ब्राउज़र में जगह नहीं बची।",
    safe: "पहले का रखा हुआ अब भी है।",
    next: "उपकरण पर जगह बनाएँ, फिर कोशिश करें।",
  },
  bug: {
    what: "इस प्रोग्राम में कुछ ग़लत हुआ।",
    safe: "जो सील है वह सील रहता है।",
    next: "पृष्ठ दोबारा खोलें। फिर हो तो साइट चलाने वाले को बताएँ।",
  },
};
