"""Capabilities as requests carry them, and refused ones. For sharing-v1.json."""

from base64 import urlsafe_b64encode
from typing import Any

import sharing
import statements
from fault import Fault
from generate.people import PHONE, READER, START, Party
from generate.seeded import seeded
from generate.statement_cases import CAPABILITY

NOW = START
REQUEST: dict[str, Any] = {
    "audience": CAPABILITY["audience"],
    "method": "POST",
    "path": "/v1/vaults",
    "body": b"body",
}


def case(
    why: str,
    changes: dict[str, Any],
    request: dict[str, Any] | None = None,
    now: int = NOW,
    signer: Party = PHONE,
    seen: list[bytes] | None = None,
    spoil: bool = False,
) -> dict[str, Any]:
    signed = statements.sign("capability", signer.seed, CAPABILITY | changes)
    if spoil:
        signed = signed[:-1] + bytes([signed[-1] ^ 1])
    made = REQUEST | (request or {})
    given = {
        "comment": why,
        "authorization": "Salus " + urlsafe_b64encode(signed).rstrip(b"=").decode(),
        "signed": signed.hex(),
        "audience": made["audience"],
        "method": made["method"],
        "path": made["path"],
        "body": made["body"].hex(),
        "now": now,
        "seen": [nonce.hex() for nonce in seen or []],
    }
    try:
        fields, key = sharing.check_capability(signed, made, now, seen or [])
    except Fault as fault:
        return given | {"error": fault.kind}
    return given | {"signer": key.hex(), "grant": fields["grant"].hex()}


def valid() -> list[dict[str, Any]]:
    get = {"method": "GET", "path": "/v1/vaults/00ff/chain?from=3", "body": b""}
    signed = get | {"body": sharing.sha256(b"").digest()}
    seen = [seeded("another nonce", 16)]
    cases = [
        case("a request of a device", {}),
        case("a request under a grant", {"grant": seeded("grant", 16)}, signer=READER),
        case("a query string and no body", signed, get),
        case("the last millisecond", {"expires": NOW}),
        case("five minutes ahead", {"expires": NOW + 300_000}),
        case("other nonces were seen", {}, seen=seen),
    ]
    assert all("signer" in each for each in cases)
    return cases


def invalid() -> list[dict[str, Any]]:
    cases = [
        case("another audience", {}, {"audience": "other.example"}),
        case("another method", {}, {"method": "GET"}),
        case("another path", {}, {"path": "/v1/vaults/"}),
        case("another query string", {"path": "/v1/x?from=1"}, {"path": "/v1/x?from=2"}),
        case("another body", {}, {"body": b"Body"}),
        case("a method in lower case", {}, {"method": "post"}),
        case("expired by one millisecond", {"expires": NOW - 1}),
        case("five minutes and one millisecond ahead", {"expires": NOW + 300_001}),
        case("a nonce that was seen", {}, seen=[CAPABILITY["nonce"]]),
        case("a spoilt signature", {}, spoil=True),
    ]
    assert all("error" in each for each in cases)
    return cases
