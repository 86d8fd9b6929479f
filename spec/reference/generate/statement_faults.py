"""Statements with one fault each. For statements-v1.json."""

from collections.abc import Callable
from typing import Any

import statements
from generate import curve_faults
from generate.people import PHONE, STRANGER
from generate.statement_cases import CAPABILITY
from primitives import cbor, ed25519


def capability(payload: bytes) -> bytes:
    return statements.sign_payload("capability", PHONE.seed, payload)


def changed(**changes: Any) -> bytes:
    return capability(cbor.encode(CAPABILITY | changes))


def without(name: str) -> bytes:
    return capability(cbor.encode({k: v for k, v in CAPABILITY.items() if k != name}))


def entries(change: Callable[[list[bytes]], None] | None = None) -> list[bytes]:
    """The entries of the payload's map, encoded, in their order."""
    pairs = sorted((cbor.encode(k), cbor.encode(v)) for k, v in CAPABILITY.items())
    parts = [key + value for key, value in pairs]
    if change:
        change(parts)
    return parts


def mapped(parts: list[bytes], head: bytes | None = None, end: bytes = b"") -> bytes:
    return capability((head or cbor.head(cbor.MAP, len(parts))) + b"".join(parts) + end)


def payload_encodings() -> dict[str, bytes]:
    time = cbor.encode("expires") + cbor.encode(CAPABILITY["expires"])
    float_ = cbor.encode("expires") + bytes.fromhex("fb3ff0000000000000")
    negative = cbor.encode("expires") + b"\x20"
    tagged = cbor.encode("expires") + b"\xc1" + cbor.encode(CAPABILITY["expires"])
    rest = [part for part in entries() if part != time]
    at = entries().index(time)
    name = cbor.encode("grant")
    return {
        "a payload with its keys in another order": mapped(entries()[::-1]),
        "a payload with a key twice": mapped([entries()[0], *entries()]),
        "a payload of indefinite length": mapped(entries(), b"\xbf", b"\xff"),
        "a payload with a long head": mapped(entries(), b"\xb8\x07"),
        "a payload with a float": mapped([*rest[:at], float_, *rest[at:]]),
        "a payload with a negative integer": mapped([*rest[:at], negative, *rest[at:]]),
        "a payload with a tag": mapped([*rest[:at], tagged, *rest[at:]]),
        "a payload with a long empty string": mapped(
            [part if part != name + b"\x40" else name + b"\x58\x00" for part in entries()]
        ),
        "a payload with a byte after it": mapped(entries(), end=b"\x00"),
        "a payload cut off": capability(cbor.encode(CAPABILITY)[:-1]),
        "a payload that is not a map": capability(cbor.encode(list(CAPABILITY.values()))),
        "an empty payload": capability(b""),
    }


def payload_fields() -> dict[str, bytes]:
    return {
        "an unknown field": changed(more=1),
        "a missing field": without("grant"),
        "a text where bytes belong": changed(nonce="0123456789abcdef"),
        "bytes where a text belongs": changed(method=b"POST"),
        "a boolean for an integer": changed(expires=True),
        "null for an empty byte string": changed(grant=None),
        "an audience of 513 bytes": changed(audience="a" * 513),
        "a method of 17 bytes": changed(method="A" * 17),
        "a path of 2,049 bytes": changed(path="/" * 2049),
        "a nonce of 15 bytes": changed(nonce=bytes(15)),
        "a grant of 8 bytes": changed(grant=bytes(8)),
    }


def arrays() -> dict[str, bytes]:
    good = statements.sign("capability", PHONE.seed, CAPABILITY)
    type_, payload, key, signature = statements.parse(good)
    return {
        "nothing": b"",
        "an array of three": cbor.encode([type_, payload, key]),
        "an array of five": cbor.encode([type_, payload, key, signature, b""]),
        "a map in place of the array": cbor.encode({"type": type_, "payload": payload}),
        "an array of indefinite length": b"\x9f" + good[1:] + b"\xff",
        "an array with a long head": b"\x98\x04" + good[1:],
        "a byte after the array": good + b"\x00",
        "an array cut off": good[:-1],
        "a type as bytes": cbor.encode([type_.encode(), payload, key, signature]),
        "a payload as text": cbor.encode([type_, "payload", key, signature]),
        "a key of 31 bytes": cbor.encode([type_, payload, key[:31], signature]),
        "a key of 33 bytes": cbor.encode([type_, payload, key + b"\0", signature]),
        "a signature of 63 bytes": cbor.encode([type_, payload, key, signature[:63]]),
        "a signature of 65 bytes": cbor.encode([type_, payload, key, signature + b"\0"]),
    }


def forged(cases: dict[str, tuple[bytes, bytes]]) -> dict[str, bytes]:
    payload = cbor.encode(CAPABILITY)
    return {
        name: statements.assemble("capability", payload, key, signature)
        for name, (key, signature) in cases.items()
    }


def curve() -> dict[str, bytes]:
    message = statements.message("capability", cbor.encode(CAPABILITY))
    return forged(curve_faults.keys(PHONE.seed, message)) | forged(
        curve_faults.signatures(PHONE.seed, message)
    )


def elsewhere() -> dict[str, bytes]:
    """Good signatures over something else."""
    payload = cbor.encode(CAPABILITY)
    messages = {
        "signed as another type": statements.message("certificate", payload),
        "signed without the type": payload,
        "signed with another version": statements.pae(b"salus/capability/v2", payload),
        "signed over another payload": statements.message(
            "capability", cbor.encode(CAPABILITY | {"method": "GET"})
        ),
    }
    cases = {
        name: (PHONE.key, ed25519.sign(PHONE.seed, message)) for name, message in messages.items()
    }
    good = statements.message("capability", payload)
    cases["signed by another key than the one beside it"] = (
        PHONE.key,
        ed25519.sign(STRANGER.seed, good),
    )
    return forged(cases)
