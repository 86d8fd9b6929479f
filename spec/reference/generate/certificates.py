"""Certificate paths, good ones and with one fault each. For sharing-v1.json."""

from typing import Any

import sharing
import statements
from fault import Fault
from generate.people import AUTHORITY, CARDIOLOGY, NORTH, PHYSICIAN, START, STRANGER, Party
from generate.statement_cases import YEAR

AT = START + YEAR // 2


def certificate(
    issuer: Party, subject: Party, role: str, parent: str, /, **changes: Any
) -> bytes:
    fields = {
        "issuer": issuer.key,
        "subject": subject.key,
        "role": role,
        "node": subject.name,
        "parent": parent,
        "name": subject.name.capitalize(),
        "identifiers": [f"urn:ietf:rfc:3986|urn:example:{subject.name}"],
        "suite": subject.suite,
        "kem": subject.kem,
        "notBefore": START,
        "expires": START + YEAR,
    }
    return statements.sign("certificate", issuer.seed, fields | changes)


ORGANISATION = certificate(AUTHORITY, NORTH, "organisation", "")
DEPARTMENT = certificate(NORTH, CARDIOLOGY, "department", "north")
BELOW = certificate(CARDIOLOGY, PHYSICIAN, "physician", "cardiology")
DIRECT = certificate(NORTH, PHYSICIAN, "physician", "north")


def check(organisation: bytes, path: list[bytes], author: Party, at: int) -> list[str]:
    top = sharing.read_organisation(organisation, AUTHORITY.key, at)
    return sharing.check_path(top, path, author.key, at)


def case(
    why: str, path: list[bytes], author: Party, at: int = AT, organisation: bytes = ORGANISATION
) -> dict[str, Any]:
    given = {
        "comment": why,
        "organisation": organisation.hex(),
        "path": [signed.hex() for signed in path],
        "author": author.key.hex(),
        "sealedAt": at,
    }
    try:
        return given | {"nodes": check(organisation, path, author, at)}
    except Fault as fault:
        return given | {"error": fault.kind}


def valid() -> list[dict[str, Any]]:
    cases = [
        case("the organisation itself", [], NORTH),
        case("a department", [DEPARTMENT], CARDIOLOGY),
        case("a physician of a department", [DEPARTMENT, BELOW], PHYSICIAN),
        case("a physician of the organisation", [DIRECT], PHYSICIAN),
        case("the first millisecond", [DEPARTMENT, BELOW], PHYSICIAN, START),
        case("the last millisecond", [DEPARTMENT, BELOW], PHYSICIAN, START + YEAR),
    ]
    assert all("nodes" in each for each in cases)
    return cases


def invalid() -> list[dict[str, Any]]:
    late = certificate(NORTH, CARDIOLOGY, "department", "north", notBefore=AT + 1)
    early = certificate(NORTH, CARDIOLOGY, "department", "north", expires=AT - 1)
    elsewhere = certificate(NORTH, CARDIOLOGY, "department", "south")
    by_stranger = certificate(STRANGER, CARDIOLOGY, "department", "north")
    pretended = certificate(STRANGER, CARDIOLOGY, "department", "north", issuer=NORTH.key)
    spoilt = DEPARTMENT[:-1] + bytes([DEPARTMENT[-1] ^ 1])
    other_top = certificate(STRANGER, NORTH, "organisation", "")
    not_top = certificate(AUTHORITY, NORTH, "department", "")
    up = certificate(PHYSICIAN, CARDIOLOGY, "department", "physician")
    same = certificate(CARDIOLOGY, PHYSICIAN, "department", "cardiology")
    below = [DEPARTMENT, BELOW]
    cases = [
        case("not yet valid", [late], CARDIOLOGY),
        case("no longer valid", [early], CARDIOLOGY),
        case("one millisecond early", below, PHYSICIAN, START - 1),
        case("one millisecond late", below, PHYSICIAN, START + YEAR + 1),
        case("an issuer who is not the subject before", [by_stranger], CARDIOLOGY),
        case("the one between left out", [BELOW], PHYSICIAN),
        case("another order", [BELOW, DEPARTMENT], CARDIOLOGY),
        case("an author who is not the last subject", [DEPARTMENT], PHYSICIAN),
        case("no certificate for the author", [], STRANGER),
        case("another parent", [elsewhere], CARDIOLOGY),
        case("a physician who certifies a department", [DIRECT, up], CARDIOLOGY),
        case("a department below a department", [DEPARTMENT, same], PHYSICIAN),
        case("not signed by the issuer named", [pretended], CARDIOLOGY),
        case("a spoilt signature", [spoilt], CARDIOLOGY),
        case("an authority that is not pinned", [], NORTH, AT, other_top),
        case("a department in the organisation's place", [], NORTH, AT, not_top),
    ]
    assert all("error" in each for each in cases)
    return cases
