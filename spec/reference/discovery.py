"""Identifiers, tags, mailboxes and parcels. Source: spec/discovery.md."""

import unicodedata
from hashlib import sha256
from typing import Any

import keys
import sharing
from fault import Fault
from primitives import ed25519, voprf

BLOCK = 4096
# §1: white space, as spec/policy.md lists it.
SPACES = (
    "\t\n\v\f\r \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

# Verhoeff: the dihedral group of order ten, and a permutation of it.
STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def _compose(a: int, b: int) -> int:
    """Symmetries of a pentagon: turns by 0 to 4, and 5 to 9 turned over."""
    turns = a % 5 + (b % 5 if a < 5 else -(b % 5))
    return turns % 5 + (5 if (a < 5) != (b < 5) else 0)


def has_check_digit(digits: str) -> bool:
    state = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(place):
            value = STEP[value]
        state = _compose(state, value)
    return state == 0


def _sound(text: str, most: int) -> bool:
    seen = all(unicodedata.category(c)[0] != "C" for c in text)
    return seen and len(text.encode()) <= most


def _part(text: str) -> bool:
    return text != "" and "|" not in text and _sound(text, 256)


def email(text: str) -> str:
    text = unicodedata.normalize("NFC", text.strip(SPACES)).lower()
    text = unicodedata.normalize("NFC", text)
    local, at, domain = text.partition("@")
    labels = domain.split(".")
    good = local and at and "@" not in domain and len(labels) > 1 and all(labels)
    if not good or any(c in SPACES for c in text) or not _sound(text, 254):
        raise Fault("bad-email")
    return text


def health_number(system: str, number: str) -> str:
    system = system.strip(SPACES).lower()
    number = "".join(
        c
        for c in unicodedata.normalize("NFKC", number)
        if c not in SPACES and c != "." and unicodedata.category(c) != "Pd"
    ).upper()
    if not _part(system) or not _part(number):
        raise Fault("bad-health-number")
    if system == "abha":
        if len(number) != 14 or any(c not in "0123456789" for c in number):
            raise Fault("bad-health-number")
        if not has_check_digit(number):
            raise Fault("bad-check-digit")
    return f"{system}|{number}"


def record_number(node: str, number: str) -> str:
    node = unicodedata.normalize("NFC", node.strip(SPACES))
    number = unicodedata.normalize("NFC", number.strip(SPACES))
    if not _part(node) or not _part(number):
        raise Fault("bad-record-number")
    return f"{node}|{number}"


def tag_input(kind: str, value: str) -> bytes:
    """§2."""
    return keys.join(b"salus/discovery/v1", kind.encode(), value.encode())


def tag(kind: str, value: str, blind: int, evaluated: bytes) -> bytes:
    """§2, of what the holders' elements combine to."""
    return voprf.finalize(tag_input(kind, value), blind, evaluated)[:32]


def mailbox_id(sign: bytes) -> bytes:
    """§4."""
    return sha256(keys.join(b"salus/mailbox", sign)).digest()[:16]


def invitation_root(secret: bytes) -> bytes:
    """requests §4: what the keys of an invitation's mailbox are derived from."""
    return sha256(keys.join(b"salus/invitation", secret)).digest()


def kem_seed(root: bytes) -> bytes:
    return keys.derive(root, "mailbox-kem-seed")


def mailbox(root: bytes) -> dict[str, Any]:
    """§4, of an account root, or of an invitation's."""
    sign = ed25519.public_key(keys.derive(root, "mailbox-sign-seed"))
    kem = sharing.public_of(1, kem_seed(root))
    return {"id": mailbox_id(sign), "sign": sign, "suite": 1, "kem": kem}


def pad(statement: bytes) -> bytes:
    """§4."""
    text = len(statement).to_bytes(4, "big") + statement
    return text + bytes(-len(text) % BLOCK)


def unpad(padded: bytes) -> bytes:
    size = int.from_bytes(padded[:4], "big")
    if pad(padded[4 : 4 + size]) != padded:
        raise Fault("unreadable", "padding")
    return padded[4 : 4 + size]


def seal(to: dict[str, Any], kind: str, padded: bytes, drawn: bytes) -> dict[str, Any]:
    context = {"to": to["id"], "kind": kind}
    wrap = sharing.wrap(1, to["kem"], "parcel", context, padded, drawn)
    return {"to": to["id"], "kind": kind, "wrap": wrap}


def open_parcel(root: bytes, parcel: dict[str, Any]) -> bytes:
    context = {"to": parcel["to"], "kind": parcel["kind"]}
    return unpad(sharing.unwrap(parcel["wrap"], 1, kem_seed(root), "parcel", context))
