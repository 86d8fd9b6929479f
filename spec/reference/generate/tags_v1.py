"""Write vectors/tags-v1.json."""

from typing import Any

import tags
from fault import Fault
from generate.seeded import seeded

CELL = seeded("cell index key")
KEYWORDS = [
    ("Observation.code", "http://loinc.org|8480-6"),
    ("Observation.code", "|8480-6"),
    ("Observation.code", "8480-6"),
    ("Observation.code", "http://loinc.org|"),
    ("Observation.category", "8480-6"),
    ("Patient.name", "øst"),
    ("Patient.name", "山田"),
    ("Condition.note", "x" * 512),
    ("Condition.note", ""),
]


Keyword = tuple[str, str]


def one_list(comment: str, keywords: list[Keyword], absent: Keyword) -> dict[str, Any]:
    """The keywords as the policy gives them; a repeated one counts once."""
    once = list(dict.fromkeys(keywords))
    tokens = [tags.token(CELL, attribute, keyword) for attribute, keyword in once]
    size = tags.padded_size(len(tokens))
    nonce = seeded(f"tags/{comment}/nonce", 16)
    padding = [seeded(f"tags/{comment}/{i}", 8) for i in range(size - len(tokens))]
    whole = tags.tag_list(tokens, nonce, padding)
    assert all(tags.holds(whole, token) for token in tokens)
    missing = tags.token(CELL, *absent)
    assert not tags.holds(whole, missing)
    return {
        "comment": comment,
        "keywords": [{"attribute": a, "keyword": k} for a, k in keywords],
        "nonce": nonce.hex(),
        "padding": b"".join(padding).hex(),
        "size": size,
        "list": whole.hex(),
        "absent": {"attribute": absent[0], "keyword": absent[1]},
    }


def too_many() -> dict[str, Any]:
    try:
        tags.tag_list([bytes(16)] * 1025, bytes(16), [])
    except Fault as fault:
        return {"comment": "one keyword too many", "count": 1025, "error": fault.kind}
    raise AssertionError("accepted")


def vectors() -> dict[str, Any]:
    numbered = [("Observation.code", f"http://loinc.org|{i}-0") for i in range(13)]
    absent = ("Observation.code", "http://loinc.org|718-7")
    nonce = seeded("tags/nonce", 16)
    tokens = [(a, k, tags.token(CELL, a, k)) for a, k in KEYWORDS]
    sizes = [1, 7, 8, 9, 12, 13, 16, 17, 24, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1024]
    return {
        "spec": "spec/tags.md",
        "source": "spec/reference/tags.py",
        "note": "`padding` is the drawn 8-byte values, in the order in which they are drawn.",
        "cellIndexKey": CELL.hex(),
        "nonce": nonce.hex(),
        "tokens": [
            {"attribute": a, "keyword": k, "token": t.hex(), "tag": tags.tag(t, nonce).hex()}
            for a, k, t in tokens
        ],
        "sizes": [{"count": count, "size": tags.padded_size(count)} for count in sizes],
        "valid": [
            one_list("one keyword, seven of padding", numbered[:1], absent),
            one_list("eight keywords, no padding", numbered[:8], absent),
            one_list("nine keywords", numbered[:9], absent),
            one_list("thirteen keywords", numbered, absent),
            one_list("a repeated keyword counts once", numbered[:8] + numbered[3:5], absent),
            one_list(
                "the same keyword of two attributes counts twice",
                [("Observation.code", "8480-6"), ("Observation.category", "8480-6")],
                ("Observation.value", "8480-6"),
            ),
        ],
        "invalid": [too_many()],
    }
