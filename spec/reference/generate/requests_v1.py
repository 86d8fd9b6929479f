"""Write vectors/requests-v1.json: requests, answers, associations, joinings, writings, and invitations."""

from hashlib import sha256
from typing import Any

import discovery
import requests
import statements
from fault import Fault
from generate.people import AUTHORITY, PHYSICIAN, READER, START, Party
from generate.provider_v1 import BELOW, PATH, attestation
from generate.seeded import seeded

DAY = 86_400_000
HANDLE, VAULT = seeded("request", 16), seeded("vault")
MAILBOX_KEY = Party("mailbox", 1)
SECRET = seeded("invitation", 16)


def mailbox() -> dict[str, Any]:
    party = MAILBOX_KEY
    return {
        "id": discovery.mailbox_id(party.key),
        "sign": party.key,
        "suite": 1,
        "kem": party.kem,
    }


def request(**changes: Any) -> dict[str, Any]:
    return {
        "request": HANDLE,
        "to": seeded("patient's mailbox", 16),
        "certificates": PATH,
        "attestations": [attestation(AUTHORITY)],
        "devices": [BELOW],
        "purpose": "TREAT",
        "sources": ["north"],
        "categories": ["laboratory", "vitals"],
        "period": [],
        "expires": START + 30 * DAY,
        "answerBy": START + 14 * DAY,
        "identifier": "email|ana@example.org",
        "note": "before the operation",
        "reply": mailbox(),
        "time": START,
    } | changes


def answer(**changes: Any) -> dict[str, Any]:
    return {
        "request": HANDLE,
        "decision": "approved",
        "vault": VAULT,
        "grants": [seeded("grant", 16)],
        "note": "",
        "time": START,
    } | changes


DENIED = {"decision": "denied", "vault": b"", "grants": []}
ASSOCIATION = {"reference": seeded("reference", 16), "vault": VAULT, "time": START}
CARD = {"sign": READER.key, "suite": READER.suite, "kem": READER.kem}
PLACES = {"directory": "http://directory.example", "cloud": "http://cloud.example"}
INVITED = PLACES | {"secret": SECRET, "expires": START + DAY}
INVITATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "to join": (
        "join",
        INVITED
        | {
            "node": "dr-example",
            "parent": "north",
            "role": "physician",
            "name": "Dr Example",
            "issuer": PHYSICIAN.key,
        },
    ),
    "to associate": (
        "associate",
        INVITED | {"organisation": sha256(PATH[0]).digest(), "reference": ASSOCIATION["reference"]},
    ),
    "a patient's own": ("patient", PLACES | {"mailbox": mailbox(), "vault": VAULT}),
}


def joining(**changes: Any) -> dict[str, Any]:
    text = requests.encode(*INVITATIONS["to join"])
    return {
        "invitation": sha256(text.encode()).digest(),
        "card": CARD,
        "proof": requests.proof(SECRET, CARD),
        "time": START,
    } | changes


def writing(**changes: Any) -> dict[str, Any]:
    return {
        "organisation": AUTHORITY.key,
        "vault": VAULT,
        "resource": '{"resourceType":"Observation"}',
        "time": START,
    } | changes


def statements_of() -> dict[str, tuple[str, Party, dict[str, Any]]]:
    return {
        "a request": ("request", PHYSICIAN, request()),
        "a request for all": (
            "request",
            PHYSICIAN,
            request(sources=[], categories=[], period=[START, START + DAY], identifier="", note=""),
        ),
        "an approval": ("answer", MAILBOX_KEY, answer()),
        "a denial": ("answer", MAILBOX_KEY, answer(**DENIED, note="not now")),
        "an association": ("association", MAILBOX_KEY, ASSOCIATION),
        "a joining": ("joining", READER, joining()),
        "a writing": ("writing", PHYSICIAN, writing()),
    }


def short(**changes: Any) -> dict[str, Any]:
    """A request whose certificates nobody looks at: its fields are refused first."""
    return request(certificates=[b"c"], attestations=[], devices=[b"c"]) | changes


def faults() -> dict[str, tuple[str, dict[str, Any]]]:
    small = {"suite": 2, "kem": READER.kem}
    return {
        "a request without certificates": ("request", short(certificates=[])),
        "a request with five certificates": ("request", short(certificates=[b"c"] * 5)),
        "a request without devices": ("request", short(devices=[])),
        "a request with nine devices": ("request", short(devices=[b"c"] * 9)),
        "a request without a purpose": ("request", short(purpose="")),
        "categories in another order": ("request", short(categories=["vitals", "laboratory"])),
        "a category twice": ("request", short(categories=["vitals", "vitals"])),
        "a source without a name": ("request", short(sources=[""])),
        "an end in the year 10000": ("request", short(expires=253_402_300_800_000)),
        "a period to the year 10000": (
            "request",
            short(period=[START, 253_402_300_800_000]),
        ),
        "half a period": ("request", short(period=[START])),
        "a note of 1,025 bytes": ("request", short(note="é" * 512 + "x")),
        "an identifier of 513 bytes": ("request", short(identifier="x" * 513)),
        "a reply to a mailbox of suite 2": ("request", short(reply=mailbox() | small)),
        "an unknown field": ("request", short(urgent=True)),
        "an approval without a vault": ("answer", answer(vault=b"")),
        "an approval without grants": ("answer", answer(grants=[])),
        "a denial with a vault": ("answer", answer(**DENIED | {"vault": VAULT})),
        "a denial with grants": ("answer", answer(**DENIED | {"grants": [HANDLE]})),
        "a decision that is none": ("answer", answer(decision="perhaps")),
        "an association without a vault": ("association", ASSOCIATION | {"vault": b""}),
        "a joining with a key of another suite": ("joining", joining(card=CARD | {"suite": 1})),
        "a proof that is too short": ("joining", joining(proof=bytes(31))),
        "a writing of nothing": ("writing", writing(resource="")),
        "a writing of 49,153 bytes": ("writing", writing(resource=" " * 49_153)),
        "a writing into no vault": ("writing", writing(vault=b"")),
        "a writing with an id beside it": ("writing", writing(id="w-1")),
    }


def _refused(why: str, type_: str, fields: dict[str, Any]) -> dict[str, Any]:
    signed = statements.sign(type_, PHYSICIAN.seed, fields)
    try:
        statements.read(signed, type_)
    except Fault as fault:
        return {"comment": why, "type": type_, "signed": signed.hex(), "error": fault.kind}
    raise AssertionError(why)


def bad_texts() -> dict[str, str]:
    good = requests.encode(*INVITATIONS["to associate"])
    kind, body = INVITATIONS["to associate"]
    return {
        "nothing": "",
        "no scheme": good.removeprefix("salus:"),
        "another scheme": good.replace("salus:", "saluz:"),
        "an unknown kind": good.replace(":associate:", ":marry:"),
        "another kind": good.replace(":associate:", ":join:"),
        "a part more": good + ":",
        "a letter less": good[:-1],
        "a letter of another alphabet": good[:-1] + "+",
        "padded": good + "=",
        "a byte less": requests.encode(kind, body | {"reference": bytes(15)}),
        "a field more": requests.encode(kind, body | {"name": "North"}),
    }


def vectors() -> dict[str, Any]:
    valid = []
    for why, (type_, signer, fields) in statements_of().items():
        signed = statements.sign(type_, signer.seed, fields)
        statements.read(signed, type_, signer.key)
        given = {"comment": why, "type": type_, "seed": signer.seed.hex()}
        valid.append(given | {"signed": signed.hex(), "hash": sha256(signed).hexdigest()})
    for text in bad_texts().values():
        try:
            requests.decode(text)
        except Fault:
            continue
        raise AssertionError(text)
    return {
        "spec": "spec/requests.md",
        "source": "spec/reference/requests.py",
        "note": "An invitation's mailbox has the keys of discovery-v1; here is what they come from.",
        "valid": valid,
        "invalid": [_refused(why, *case) for why, case in faults().items()],
        "invitations": {
            "valid": [
                {"comment": why, "kind": kind, "text": requests.encode(kind, body)}
                for why, (kind, body) in INVITATIONS.items()
            ],
            "invalid": [
                {"comment": why, "text": text, "error": "bad-invitation"}
                for why, text in bad_texts().items()
            ],
        },
        "joining": {
            "secret": SECRET.hex(),
            "secret32": requests.secret32(SECRET).hex(),
            "card": {"sign": CARD["sign"].hex(), "suite": CARD["suite"], "kem": CARD["kem"].hex()},
            "proof": requests.proof(SECRET, CARD).hex(),
        },
    }
