import type { Catalogue } from "../catalogue.ts";

export const importing: Catalogue["importing"] = {
  lead: "आप जो लाते हैं वह बाकी सब की तरह इसी उपकरण पर सील होता है, और आपके लाए हुए के रूप में चिह्नित होता है।",
  file: {
    title: "कहीं और के रिकॉर्ड",
    lead: "किसी अस्पताल या ऐप की दी हुई फ़ाइल: FHIR, JSON या NDJSON, gzip में भी।",
    choose: "फ़ाइल चुनें",
    action: "रिकॉर्ड जोड़ें",
  },
  table: {
    title: "तालिका में माप",
    lead: "CSV फ़ाइल, जिसमें तारीख का एक स्तंभ हो और हर माप का एक: रक्तचाप, ग्लूकोज़, वज़न, तापमान, नाड़ी, ऑक्सीजन।",
    choose: "तालिका चुनें",
    found: (rows, refused) => `${rows} माप मिले, ${refused} पंक्तियाँ नहीं पढ़ी गईं।`,
    action: (rows) => `${rows} माप जोड़ें`,
    noTime: "कोई स्तंभ समय नहीं बताता। एक का शीर्षक “Date” रखें।",
    noMeasurements:
      "कोई स्तंभ माप नहीं है। “Systolic”, “Diastolic”, “Glucose (mg/dL)”, “Weight (kg)” जैसे शीर्षक समझे जाते हैं।",
  },
  document: {
    title: "दस्तावेज़ और तस्वीरें",
    lead: "कोई पत्र, रिपोर्ट या तस्वीर। हर एक 5 MB तक।",
    choose: "दस्तावेज़ चुनें",
    name: "यह क्या है",
    date: "कब का",
    action: "जोड़ें",
    tooLarge: (name) => `“${name}” 5 MB से बड़ा है।`,
    shared: "दूसरे ऐप ने ये साझा किए हैं। आपके जोड़ने से पहले कुछ नहीं रखा जाता।",
    again: "साझा किया गया अब नहीं है। फिर साझा करें, या यहाँ चुनें।",
  },
  progress: (count) => `${count} रिकॉर्ड आ गए`,
  done: (taken, unchanged) =>
    unchanged === "0"
      ? `आपके रिकॉर्ड में ${taken} जोड़े गए।`
      : `आपके रिकॉर्ड में ${taken} जोड़े गए, ${unchanged} पहले से थे।`,
  refused: (count) => `${count} नहीं जोड़े जा सके:`,
  moreRefused: (count) => `और ${count}`,
  place: (line, entry) => (entry === "" ? `पंक्ति ${line}` : `पंक्ति ${line}, प्रविष्टि ${entry}`),
  reasons: {
    "not-json": "JSON नहीं है",
    truncated: "बीच में समाप्त होता है",
    "too-large": "बहुत बड़ा है",
    empty: "खाली है",
    "damaged-gzip": "बिगड़ा हुआ संग्रह है",
    "unreadable-file": "पढ़ा नहीं जा सकता",
    "not-a-resource": "FHIR संसाधन नहीं है",
    "bad-id": "ऐसा id है जिसकी FHIR अनुमति नहीं देता",
    "unsupported-bundle": "पुराने की सूची है, रिकॉर्ड की नहीं",
    "unsupported-request": "कुछ मिटाने को कहता है",
    "too-deep": "बहुत गहरा है",
    unsupported: "ऐसा प्रकार है जो स्वास्थ्य रिकॉर्ड में नहीं होता",
    "no-time": "समय नहीं बताता",
    "no-number": "संख्या नहीं है",
    implausible: "ऐसा मान है जो किसी व्यक्ति का नहीं हो सकता",
  },
  otherReason: "पढ़ा नहीं जा सका",
};
