"""Folding and keywords. For canonical-v1.json."""

from typing import Any

import policy_texts as texts

FOLDED = [
    "Åsa Öst",
    "  two   words\t\n",
    "a\u00a0b\u2003c\u3000d\u202fe",
    "STRASSE Straße ẞ",
    "ΑΛΕΞΑΝΔΡΟΣ Σ ΟΔΟΣ.",
    "İstanbul I ı",
    "Ǆ ﬁ Ⅷ",
    "e\u0301 \u00e9 E\u0301",
    "Nguyễn Thị Hà",
    "Møller Łódź Đorđe",
    "山田 太郎",
    "가나다",
    "مُحَمَّد",
    "שָׁלוֹם",
    "हिन्दी",
    "𝒜 𐐀",
    "zero\u200bwidth",
    "",
]

STRINGS = ["Anderson", "Ande", "Andersen-Østergård", "Al", "X", "  ", "山田", "𐐀" * 9, "Åé"]
STRINGS += ["de la Cruz"]

REFERENCES = [
    "Patient/123",
    "http://example.org/fhir/Patient/abc-1.2",
    "http://example.org/fhir/Patient/123/_history/4",
    "Patient/123/_history/4",
    "urn:uuid:C757873D-EC9A-4326-A141-556F43239520",
    "urn:oid:1.2.3.4",
    "http://example.org/fhir/Questionnaire|2.0",
    "http://example.org/Questionnaire/phq-9|2.0",
    "#contained",
    "free text",
    "urn:other:" + "x" * 200,
]


def folds() -> list[dict[str, Any]]:
    return [
        {"text": s, "foldText": texts.fold_text(s), "foldToken": texts.fold_token(s)}
        for s in FOLDED
    ]


def keywords() -> dict[str, Any]:
    codes = ["8480-6", "Final", "İ", "ΟΔΟΣ", "a" * 200, "𐐀" * 130, "  spaced "]
    systems = ["http://loinc.org", "HTTP://Example.ORG/X", "urn:oid:2.16." + "1" * 150]
    displays = ["Systolic blood pressure", "Ørested", "Ärztin", "山田太郎様方"]
    uris = ["http://example.org/Profile|3.1", "http://Example.org/Profile", "urn:" + "x" * 200]
    return {
        "code": [{"code": c, "keyword": texts.code_keyword(c)} for c in codes],
        "system": [{"system": s, "keyword": texts.system_keyword(s)} for s in systems],
        "text": [{"text": t, "keyword": texts.text_keyword(t)} for t in displays],
        "string": [{"string": s, "keywords": texts.string_keywords(s)} for s in STRINGS],
        "reference": [
            {"reference": r, "keyword": texts.reference_keyword(r)} for r in REFERENCES
        ],
        "uri": [{"uri": u, "keyword": texts.uri_keyword(u)} for u in uris],
    }
