"""Trail entries. Source: spec/log.md §2."""

import hashlib
from typing import Any

import sharing
from fault import Fault
from primitives import cbor
from shapes import octets, one_of, record, text

STEP = 512
CONTENT = record(
    action=one_of("search", "read", "verify", "export", "write"),
    query=text(1024),
    name=text(512),
    node=text(128),
    checkpoint=octets(),
)


def pad(content: bytes) -> bytes:
    padded = len(content).to_bytes(4, "big") + content
    return padded + bytes(-len(padded) % STEP)


def seal(
    public: bytes, vault: bytes, grant: bytes, content: dict[str, Any], drawn: bytes
) -> bytes:
    context = {"vault": vault, "grant": grant}
    return cbor.encode(sharing.wrap(2, public, "trail", context, pad(cbor.encode(content)), drawn))


def nonce(entry: bytes) -> bytes:
    return hashlib.sha256(entry).digest()[:16]


def open_entry(seed: bytes, vault: bytes, grant: bytes, entry: bytes) -> dict[str, Any]:
    try:
        wrapped = cbor.decode(entry)
        padded = sharing.unwrap(wrapped, 2, seed, "trail", {"vault": vault, "grant": grant})
        length = int.from_bytes(padded[:4], "big")
        content = cbor.decode(padded[4 : 4 + length])
        if pad(padded[4 : 4 + length]) == padded and CONTENT(content):
            return content
    except (ValueError, KeyError, TypeError, Fault) as why:
        raise Fault("unreadable", str(why)) from why
    raise Fault("unreadable")
