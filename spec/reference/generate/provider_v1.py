"""Write vectors/provider-v1.json: who is taken for a practitioner, and who is not."""

from hashlib import sha256
from typing import Any

import provider
import statements
from fault import Fault
from generate.certificates import certificate
from generate.people import AUTHORITY, CARDIOLOGY, NORTH, PHYSICIAN, READER, START, STRANGER, Party

DAY = 86_400_000
AT = START + 30 * DAY
SECOND, THIRD = Party("second authority", 2), Party("third authority", 2)
AUTHORITIES = (AUTHORITY, SECOND, THIRD)
TABLET, PHONE = Party("tablet", 2), Party("physician's phone", 2)

TOP = certificate(AUTHORITY, NORTH, "organisation", "")
DEPARTMENT = certificate(NORTH, CARDIOLOGY, "department", "north")
BELOW = certificate(CARDIOLOGY, PHYSICIAN, "physician", "cardiology")
HER = {"node": "physician", "name": "Physician"}
DEVICE = certificate(PHYSICIAN, TABLET, "device", "physician", **HER)
PATH, LONG = [TOP, DEPARTMENT, BELOW], [TOP, DEPARTMENT, BELOW, DEVICE]


def digest(signed: bytes) -> bytes:
    return sha256(signed).digest()


def attestation(by: Party, of: bytes = BELOW, subject: Party = PHYSICIAN, **changes: Any) -> bytes:
    fields = {
        "certificate": digest(of),
        "subject": subject.key,
        "notBefore": AT - DAY,
        "expires": AT + DAY,
    }
    return statements.sign("attestation", by.seed, fields | changes)


def status(by: Party, of: bytes, word: str, seq: int, time: int) -> bytes:
    fields = {"certificate": digest(of), "status": word, "seq": seq, "time": time}
    return statements.sign("certificate/status", by.seed, fields)


POOL: list[bytes] = []


def place_of(signed: bytes) -> int:
    """Every statement is written once, and named by its place."""
    if signed not in POOL:
        POOL.append(signed)
    return POOL.index(signed)


def case(
    why: str,
    path: list[bytes] | None = None,
    key: Party = PHYSICIAN,
    attestations: list[bytes] | None = None,
    statuses: list[bytes] | None = None,
    threshold: int = 1,
    at: int = AT,
    registries: list[Party] | None = None,
) -> dict[str, Any]:
    certificates = PATH if path is None else path
    said = [attestation(AUTHORITY)] if attestations is None else attestations
    policy = {
        "registries": [each.key for each in registries or [AUTHORITY]],
        "authorities": [each.key for each in AUTHORITIES],
        "threshold": threshold,
    }
    given = {
        "comment": why,
        "certificates": [place_of(signed) for signed in certificates],
        "attestations": [place_of(signed) for signed in said],
        "statuses": [place_of(signed) for signed in statuses or []],
        "key": key.key.hex(),
        "registries": [each.hex() for each in policy["registries"]],
        "threshold": threshold,
        "now": at,
    }
    try:
        nodes = provider.check_practitioner(
            certificates, said, statuses or [], key.key, policy, at
        )
        return given | {"nodes": nodes}
    except Fault as fault:
        return given | {"error": fault.kind}


def valid() -> list[dict[str, Any]]:
    suspended = status(CARDIOLOGY, BELOW, "suspended", 1, AT - 2)
    cases = [
        case("a physician"),
        case("a further device of hers", LONG, TABLET),
        case(
            "two of three authorities",
            attestations=[attestation(THIRD), attestation(SECOND)],
            threshold=2,
        ),
        case(
            "the last millisecond of an attestation", attestations=[attestation(AUTHORITY, expires=AT)]
        ),
        case(
            "suspended and reinstated",
            statuses=[status(CARDIOLOGY, BELOW, "reinstated", 2, AT - 1), suspended],
        ),
        case("suspended one millisecond later", statuses=[status(NORTH, BELOW, "left", 1, AT + 1)]),
        case(
            "suspended by somebody who is not above",
            statuses=[status(STRANGER, BELOW, "suspended", 1, AT - 1)],
        ),
        case(
            "suspended by herself", statuses=[status(PHYSICIAN, BELOW, "suspended", 1, AT - 1)]
        ),
        case("another's suspended", statuses=[status(PHYSICIAN, DEVICE, "suspended", 1, AT - 1)]),
    ]
    assert all("nodes" in each for each in cases), [c for c in cases if "error" in c]
    return cases


def invalid() -> list[dict[str, Any]]:
    one = attestation(AUTHORITY)
    other = certificate(CARDIOLOGY, PHYSICIAN, "physician", "cardiology", notBefore=START + 1)
    old = {"notBefore": AT - 8 * DAY, "expires": AT - DAY}
    by_department = certificate(CARDIOLOGY, TABLET, "device", "cardiology", **HER)
    other_node = certificate(PHYSICIAN, TABLET, "device", "physician", name="Physician")
    other_name = certificate(PHYSICIAN, TABLET, "device", "physician", node="physician")
    of_device = certificate(TABLET, PHONE, "device", "physician", **HER)
    late = certificate(CARDIOLOGY, PHYSICIAN, "physician", "cardiology", expires=AT - 1)
    late_device = certificate(
        PHYSICIAN, TABLET, "device", "physician", **HER, notBefore=AT + 1
    )

    def suspends(by: Party, of: bytes, word: str = "suspended") -> list[bytes]:
        return [status(by, of, word, 1, AT)]

    gap = [status(CARDIOLOGY, BELOW, "reinstated", 2, AT - 1)]
    twice = [
        status(CARDIOLOGY, BELOW, "suspended", 1, AT - 2),
        status(NORTH, BELOW, "reinstated", 1, AT - 1),
    ]
    left = [
        status(CARDIOLOGY, BELOW, "left", 1, AT - 2),
        status(CARDIOLOGY, BELOW, "reinstated", 2, AT - 1),
    ]
    eight = attestation(AUTHORITY, notBefore=AT - 1, expires=AT + 7 * DAY)
    cases = [
        case("K-01: no attestation", attestations=[]),
        case("K-01: one authority too few", attestations=[one], threshold=2),
        case("K-01: one authority twice", attestations=[one, one], threshold=2),
        case(
            "K-01: an authority that is not of the policy", attestations=[attestation(STRANGER)]
        ),
        case("K-01: replayed after its time", attestations=[attestation(AUTHORITY, **old)]),
        case(
            "K-01: another person's",
            attestations=[attestation(AUTHORITY, of=TOP, subject=READER)],
        ),
        case("K-01: of an older certificate", attestations=[attestation(AUTHORITY, of=other)]),
        case(
            "K-01: of the certificate, for another key",
            attestations=[attestation(AUTHORITY, subject=READER)],
        ),
        case("not yet attested", attestations=[attestation(AUTHORITY, notBefore=AT + 1)]),
        case("attested for more than seven days", attestations=[eight]),
        case("a spoilt attestation", attestations=[one[:-1] + bytes([one[-1] ^ 1])]),
        case("an authority that is not pinned", registries=[SECOND]),
        case("a key that is not the last", key=READER),
        case("a path without a physician", [TOP, DEPARTMENT], CARDIOLOGY),
        case("an organisation alone", [TOP], NORTH),
        case("the organisation left out", [DEPARTMENT, BELOW]),
        case("a device certified by a department", [TOP, DEPARTMENT, by_department], TABLET),
        case("a device under another node", [*PATH, other_node], TABLET),
        case("a device under another name", [*PATH, other_name], TABLET),
        case("a device certified by a device", [*LONG, of_device], PHONE),
        case("a physician whose time is over", [TOP, DEPARTMENT, late]),
        case("a device that is not yet valid", [*PATH, late_device], TABLET),
        case("suspended by the issuer", statuses=suspends(CARDIOLOGY, BELOW)),
        case("suspended by an issuer above", statuses=suspends(NORTH, BELOW)),
        case("suspended by the authority", statuses=suspends(AUTHORITY, BELOW)),
        case("the department suspended", statuses=suspends(NORTH, DEPARTMENT)),
        case("the organisation suspended", statuses=suspends(AUTHORITY, TOP)),
        case("a device suspended", LONG, TABLET, statuses=suspends(PHYSICIAN, DEVICE)),
        case("left", statuses=suspends(CARDIOLOGY, BELOW, "left")),
        case("left, and reinstated after that", statuses=left),
        case("a status kept back", statuses=gap),
        case("two statuses of one number", statuses=twice),
    ]
    assert all("error" in each for each in cases), [c["comment"] for c in cases if "nodes" in c]
    return cases


def vectors() -> dict[str, Any]:
    POOL.clear()
    cases = {"valid": valid(), "invalid": invalid()}
    return {
        "spec": "spec/sharing.md",
        "source": "spec/reference/provider.py",
        "note": (
            "Who acts with `key` at `now`, by a reader who pins `registries` and asks `threshold` of "
            "the authorities. Certificates, attestations and statuses are places in `statements`."
        ),
        "authorities": [each.key.hex() for each in AUTHORITIES],
        "statements": [signed.hex() for signed in POOL],
        **cases,
    }
