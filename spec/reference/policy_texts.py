"""Folding and keywords of the index policy. Source: spec/policy.md §5."""

import re
import unicodedata

WHITE = re.compile("[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
LITERAL = re.compile(r"(?:.*/)?[A-Z][A-Za-z]*/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]*)?", re.ASCII)


def fold_text(s: str) -> str:
    plain = "".join(
        c for c in unicodedata.normalize("NFD", s) if not unicodedata.category(c).startswith("M")
    )
    return WHITE.sub(" ", plain.lower()).strip(" ")


def fold_token(s: str) -> str:
    return s.lower()


def cut(s: str) -> str:
    return s[:128]


def code_keyword(code: str) -> str:
    return cut(fold_token(code))


def system_keyword(system: str) -> str:
    return fold_token(system)[:127] + "|"


def text_keyword(display: str) -> str:
    """Under `parameter:text`."""
    return fold_text(display)[:4]


def string_keywords(s: str) -> list[str]:
    folded = fold_text(s)
    return [folded[:length] for length in (2, 4, 8) if len(folded) >= length]


def reference_keyword(reference: str) -> str | None:
    if reference.startswith("#"):
        return None
    for prefix in ("urn:uuid:", "urn:oid:"):
        if reference.startswith(prefix):
            return cut(reference.removeprefix(prefix).lower())
    address = reference.split("|")[0]
    literal = LITERAL.fullmatch(address)
    return cut(literal.group(1) if literal else address)


def uri_keyword(uri: str) -> str:
    return cut(uri.split("|")[0])
