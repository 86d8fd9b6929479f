"""Invitations and who answers them. Source: spec/requests.md §4."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import keys
from fault import Fault
from primitives import cbor
from request_payloads import mailbox
from shapes import HANDLE, HASH, moment, octets, one_of, record, text

PLACES = {"directory": text(2048), "cloud": text(2048)}
INVITED = PLACES | {"secret": HANDLE, "expires": moment}
KINDS = {
    "join": record(
        **INVITED,
        node=text(128, 1),
        parent=text(128),
        role=one_of("organisation", "department", "physician", "device"),
        name=text(512),
        issuer=octets(32),
    ),
    "associate": record(**INVITED, organisation=HASH, reference=HANDLE),
    "patient": record(**PLACES, mailbox=mailbox, vault=HASH),
}


def encode(kind: str, body: dict[str, Any]) -> str:
    encoded = urlsafe_b64encode(cbor.encode(body)).rstrip(b"=").decode()
    return f"salus:{kind}:{encoded}"


def decode(text: str) -> tuple[str, dict[str, Any]]:
    parts = text.strip().split(":")
    if len(parts) != 3 or parts[0] != "salus" or parts[1] not in KINDS:
        raise Fault("bad-invitation")
    try:
        raw = urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4))
        body = cbor.decode(raw)
    except ValueError as why:
        raise Fault("bad-invitation") from why
    # One text for one invitation.
    if not KINDS[parts[1]](body) or encode(parts[1], body) != text.strip():
        raise Fault("bad-invitation")
    return parts[1], body


def secret32(secret: bytes) -> bytes:
    return sha256(keys.join(b"salus/invitation", secret)).digest()


def proof(secret: bytes, card: dict[str, Any]) -> bytes:
    return hmac.new(secret32(secret), cbor.encode(card), sha256).digest()
