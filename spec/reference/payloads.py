"""The fields of each payload. Source: spec/chain.md §1, batch.md §4, sharing.md §4 to §6."""

from typing import Any

from fault import Fault
from primitives import cbor
from request_payloads import REQUESTS
from shapes import (
    HANDLE,
    HANDLES,
    HASH,
    KEM_BYTES,
    Shape,
    ascending,
    counted,
    encoded,
    keyed,
    moment,
    octets,
    one_of,
    period,
    positive,
    record,
    several,
    text,
    u32,
    uint,
)

SIGNED_BYTES = 65_536
GRANT_BYTES = 1_048_576

WRAP = record(suite=lambda suite: uint(suite) and suite in KEM_BYTES, enc=octets(), ct=octets())
DEVICE = keyed(id=HANDLE, sign=octets(32))
CLOSES = record(cells=HANDLES, scopes=HANDLES)
TERMS = keyed(
    grantee=octets(32),
    purpose=text(64, 1),
    request=octets(0, 16),
    sources=ascending(HANDLE),
    cells=ascending(HANDLE),
    scopes=ascending(HANDLE),
    notBefore=moment,
    expires=moment,
    period=period,
)
LINK: dict[str, Shape] = {"seq": uint, "prev": HASH, "time": moment}

OP = one_of("add", "remove")


def root_wraps(value: Any) -> bool:
    """Wraps by receiver, each receiver once."""
    wraps = several(record(to=HANDLE, wrap=WRAP))
    return wraps(value) and ascending(HANDLE)([item["to"] for item in value])


PAYLOADS: dict[str, Shape] = {
    "chain/genesis": record(
        **LINK,
        device=DEVICE,
        merge=one_of("sources", "owner"),
        policy=one_of("balanced", "sealed-only"),
        policyVersion=u32,
        salt=HANDLE,
    ),
    "chain/device": record(**LINK, op=one_of("add", "remove"), device=DEVICE),
    "chain/roster": keyed(**LINK, op=one_of("add", "end"), source=HANDLE, key=octets(32)),
    "chain/cell": keyed(
        **LINK, cell=HANDLE, source=HANDLE, generation=counted, replaces=several(HANDLE, 0, 1)
    ),
    "chain/scope": record(
        **LINK, scope=HANDLE, node=octets(0, 16), version=counted, replaces=several(HANDLE, 0, 1)
    ),
    "chain/keys": record(**LINK, to=HANDLE, wrap=WRAP),
    "chain/grant": record(**LINK, grant=HANDLE, terms=encoded(TERMS), wrap=WRAP),
    "chain/revoke": record(**LINK, grant=HANDLE, closes=CLOSES),
    "chain/generation": record(**LINK, closes=CLOSES),
    "chain/approval": record(**LINK, request=HANDLE, digest=HASH, grants=several(HANDLE, 1, 240)),
    "chain/trail": keyed(**LINK),
    "chain/policy": record(**LINK, policyVersion=u32),
    "account/genesis": record(**LINK, device=DEVICE, root=octets(32), salt=HANDLE),
    "account/device": record(**LINK, op=OP, device=DEVICE),
    "account/unlock": record(
        **LINK, op=OP, unlock=keyed(id=HANDLE, kind=one_of("password", "phrase", "passkey"))
    ),
    "account/root": record(**LINK, root=octets(32), wraps=root_wraps),
    "batch": record(
        vault=HASH,
        source=HANDLE,
        batch=HANDLE,
        number=positive,
        prev=HASH,
        head=record(seq=uint, hash=HASH),
        time=moment,
        policyVersion=u32,
        scopes=ascending(HANDLE),
        wraps=HASH,
        items=lambda v: uint(v) and 1 <= v <= 1000,
        root=HASH,
    ),
    "certificate": keyed(
        issuer=octets(32),
        subject=octets(32),
        role=one_of("organisation", "department", "physician", "device"),
        node=text(128),
        parent=text(128),
        name=text(512),
        identifiers=several(text(512), 0, 32),
        notBefore=moment,
        expires=moment,
    ),
    "checkpoint": record(log=text(512, 1), size=uint, root=HASH, time=moment),
    "capability": record(
        audience=text(512),
        method=text(16),
        path=text(2048),
        body=HASH,
        nonce=HANDLE,
        expires=moment,
        grant=octets(0, 16),
    ),
    **REQUESTS,
}


def check_payload(type_: str, payload: bytes, length: int) -> dict[str, Any]:
    """Give the fields, or refuse with `malformed`. `length` is that of the whole `signed`."""
    if length > (GRANT_BYTES if type_ == "chain/grant" else SIGNED_BYTES):
        raise Fault("malformed", "too long")
    try:
        fields = cbor.decode(payload)
    except ValueError as why:
        raise Fault("malformed", str(why)) from why
    if not PAYLOADS[type_](fields):
        raise Fault("malformed", f"not a payload of {type_}")
    return fields
