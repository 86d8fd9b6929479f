"""Write vectors/discovery-v1.json."""

from collections.abc import Callable
from typing import Any

import discovery as d
from fault import Fault
from generate.seeded import seeded
from primitives import voprf
from primitives.ed25519 import L

Reader = Callable[..., str]

VALID: list[tuple[str, str, Reader, tuple[str, ...]]] = [
    ("an address", "email", d.email, ("ana@example.org",)),
    ("capitals", "email", d.email, ("Ana.Maria@Example.ORG",)),
    ("spaces around it", "email", d.email, ("\t ana@example.org \u00a0",)),
    ("a tag behind a plus", "email", d.email, ("ana+clinic@example.org",)),
    ("an accent in two parts", "email", d.email, ("A\u0301na@example.org",)),
    ("another alphabet", "email", d.email, ("ΆΝΝΑΣ@Παράδειγμα.Ελ",)),
    ("254 bytes", "email", d.email, ("a" * 242 + "@example.org",)),
    ("an ABHA number", "health-number", d.health_number, ("abha", "91-1234-5678-9010")),
    ("its system in capitals", "health-number", d.health_number, (" ABHA ", "91123456789010")),
    ("with dots and spaces", "health-number", d.health_number, ("abha", "91.1234 5678\u20119010")),
    ("wide digits", "health-number", d.health_number, ("abha", "９１-1234-5678-9010")),
    ("letters", "health-number", d.health_number, ("ahv", "756.1234.5678.97 b")),
    ("a letter that grows", "health-number", d.health_number, ("x", "straße")),
    ("a record number", "record-number", d.record_number, ("north", "MRN-00 12.b")),
    ("spaces around both", "record-number", d.record_number, (" north ", " 12 ")),
    ("an accent in two parts", "record-number", d.record_number, ("nord", "e\u0301-1")),
    ("256 bytes", "record-number", d.record_number, ("north", "7" * 256)),
]
INVALID: list[tuple[str, str, Reader, tuple[str, ...]]] = [
    ("nothing", "email", d.email, ("",)),
    ("no at", "email", d.email, ("ana.example.org",)),
    ("two ats", "email", d.email, ("ana@b@example.org",)),
    ("nothing before it", "email", d.email, ("@example.org",)),
    ("nothing behind it", "email", d.email, ("ana@",)),
    ("one label", "email", d.email, ("ana@localhost",)),
    ("an empty label", "email", d.email, ("ana@example..org",)),
    ("a dot at the end", "email", d.email, ("ana@example.org.",)),
    ("a space inside", "email", d.email, ("ana maria@example.org",)),
    ("a control character", "email", d.email, ("ana\u0007@example.org",)),
    ("a mark that turns the text", "email", d.email, ("ana\u202e@example.org",)),
    ("255 bytes", "email", d.email, ("a" * 243 + "@example.org",)),
    ("a wrong check digit", "health-number", d.health_number, ("abha", "91-1234-5678-9011")),
    ("neighbours swapped", "health-number", d.health_number, ("abha", "91-1243-5678-9010")),
    ("13 digits", "health-number", d.health_number, ("abha", "91-1234-5678-901")),
    ("a letter in 14", "health-number", d.health_number, ("abha", "91-1234-5678-901X")),
    ("no system", "health-number", d.health_number, (" ", "123")),
    ("no number", "health-number", d.health_number, ("ahv", ".-")),
    ("a bar in the number", "health-number", d.health_number, ("ahv", "1|2")),
    ("no organisation", "record-number", d.record_number, ("", "12")),
    ("no number", "record-number", d.record_number, ("north", " ")),
    ("a bar in the number", "record-number", d.record_number, ("north", "1|2")),
    ("257 bytes", "record-number", d.record_number, ("north", "7" * 257)),
    ("a format character", "record-number", d.record_number, ("north", "1\u200b2")),
]

# What needs the numbering plans of all countries is not judged here: these are typed, and only their
# forms are the page's.
PHONES = [
    ("international", "+41 44 668 18 00", "", "+41446681800"),
    ("a national number and its region", "044 668 18 00", "CH", "+41446681800"),
    ("an Indian mobile phone", "098765-43210", "IN", "+919876543210"),
    ("the international prefix of a region", "0041 44 668 18 00", "DE", "+41446681800"),
    ("another country's, read in a region", "+91 98765 43210", "CH", "+919876543210"),
    ("brackets", "+1 (212) 555-0123", "", "+12125550123"),
]
BAD_PHONES = [
    ("nothing", "", ""),
    ("a national number without a region", "044 668 18 00", ""),
    ("too short", "+41 44 668", ""),
    ("too long", "+41 44 668 18 00 12 34", ""),
    ("an extension", "+41 44 668 18 00 ext. 5", ""),
    ("words around it", "call +41 44 668 18 00", ""),
    ("no such country", "+999 123 456 789", ""),
]


def scalar(label: str) -> int:
    return int.from_bytes(seeded(label, 64), "little") % L


def identifiers() -> dict[str, Any]:
    valid = [
        {"comment": why, "kind": kind, "parts": list(parts), "value": read(*parts)}
        for why, kind, read, parts in VALID
    ]
    valid += [
        {"comment": why, "kind": "phone", "parts": [text, region], "value": value}
        for why, text, region, value in PHONES
    ]
    for case in valid:
        case["input"] = d.tag_input(case["kind"], case["value"]).hex()
    invalid = [
        {"comment": why, "kind": kind, "parts": list(parts), "error": _error(read, *parts)}
        for why, kind, read, parts in INVALID
    ]
    invalid += [
        {"comment": why, "kind": "phone", "parts": [text, region], "error": "bad-phone"}
        for why, text, region in BAD_PHONES
    ]
    return {"valid": valid, "invalid": invalid}


def _error(read: Callable[..., Any], *given: Any) -> str:
    try:
        read(*given)
    except Fault as fault:
        return fault.kind
    raise AssertionError(given)


def tags() -> dict[str, Any]:
    """A key split so that two of three holders can evaluate, and the same tag of every pair."""
    key, slope = scalar("evaluation key"), scalar("evaluation slope")
    shares = {index: (key + slope * index) % L for index in (1, 2, 3)}
    kind, value = "phone", "+41446681800"
    blind = scalar("blind")
    blinded = voprf.blind(d.tag_input(kind, value), blind)
    answers = {i: voprf.evaluate(s, [blinded], scalar(f"nonce {i}")) for i, s in shares.items()}
    assert all(
        voprf.verifies(voprf.public_of(shares[i]), [blinded], evaluated, proof)
        for i, (evaluated, proof) in answers.items()
    )
    pairs = [(1, 2), (1, 3), (2, 3)]
    found = {
        d.tag(kind, value, blind, voprf.combine({i: answers[i][0][0] for i in pair}))
        for pair in pairs
    }
    assert len(found) == 1
    return {
        "kind": kind,
        "value": value,
        "blind": voprf.scalar_bytes(blind).hex(),
        "element": blinded.hex(),
        "threshold": 2,
        "public": voprf.public_of(key).hex(),
        "holders": [
            {
                "index": i,
                "key": voprf.public_of(shares[i]).hex(),
                "evaluated": evaluated[0].hex(),
                "proof": proof.hex(),
            }
            for i, (evaluated, proof) in answers.items()
        ],
        "tag": found.pop().hex(),
    }


ROOT = seeded("mailbox/account root")
SECRET = seeded("mailbox/invitation", 16)


def mailboxes() -> list[dict[str, Any]]:
    roots = [
        ("an account's", {"accountRoot": ROOT.hex()}, ROOT),
        ("an invitation's", {"secret": SECRET.hex()}, d.invitation_root(SECRET)),
    ]
    cases = []
    for why, given, root in roots:
        box = d.mailbox(root)
        shown = {name: v.hex() if isinstance(v, bytes) else v for name, v in box.items()}
        cases.append({"comment": why, **given, **shown})
    return cases


def parcels() -> dict[str, Any]:
    box = d.mailbox(ROOT)
    valid = []
    for why, size in [("a short statement", 100), ("as long as fits a block", 4092)]:
        statement, drawn = seeded(f"statement/{size}", size), seeded(f"parcel/{size}", 64)
        parcel = d.seal(box, "request", d.pad(statement), drawn)
        assert d.open_parcel(ROOT, parcel) == statement
        case = {"comment": why, "statement": statement.hex(), "eseed": drawn.hex()}
        valid.append(case | _shown(parcel))
    return {"valid": valid, "invalid": [_refused(why, one) for why, one in _spoilt(box)]}


def _spoilt(box: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    statement = seeded("statement/spoilt", 100)
    padded = d.pad(statement)

    def sealed(text: bytes, kind: str = "request") -> dict[str, Any]:
        return d.seal(box, kind, text, seeded("parcel/spoilt", 64))

    length = (4 + len(padded)).to_bytes(4, "big")
    return [
        ("a byte of padding that is not zero", sealed(padded[:-1] + b"\1")),
        ("a block too many", sealed(padded + bytes(d.BLOCK))),
        ("no whole number of blocks", sealed(padded[:-1])),
        ("a length beyond the end", sealed(length + padded[4:])),
        ("moved to another mailbox", sealed(padded) | {"to": d.mailbox_id(bytes(32))}),
        ("passed off as another kind", sealed(padded, "answer") | {"kind": "request"}),
    ]


def _refused(why: str, parcel: dict[str, Any]) -> dict[str, Any]:
    return {"comment": why, **_shown(parcel), "error": _error(d.open_parcel, ROOT, parcel)}


def _shown(parcel: dict[str, Any]) -> dict[str, Any]:
    wrap = parcel["wrap"]
    return {
        "to": parcel["to"].hex(),
        "kind": parcel["kind"],
        "enc": wrap["enc"].hex(),
        "ct": wrap["ct"].hex(),
    }


def vectors() -> dict[str, Any]:
    return {
        "spec": "spec/discovery.md",
        "source": "spec/reference/discovery.py",
        "note": (
            "`parts` are what somebody typed: a text and a region, which may be empty, for a phone; "
            "an address; a system or an organisation, and a number. `tags` has a key that two of "
            "three holders evaluate together. Parcels are sealed to the first of `mailboxes`."
        ),
        "identifiers": identifiers(),
        "tags": tags(),
        "mailboxes": mailboxes(),
        "parcels": parcels(),
    }
