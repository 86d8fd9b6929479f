"""Signed statements. Source: spec/statements.md; the fields of each type are in payloads.py."""

from typing import Any

from fault import Fault
from payloads import check_payload
from primitives import cbor, ed25519


def pae(type_: bytes, body: bytes) -> bytes:
    """§1."""
    lengths = [len(part).to_bytes(8, "big") for part in (type_, body)]
    return b"salus/pae/v1" + lengths[0] + type_ + lengths[1] + body


def message(type_: str, payload: bytes) -> bytes:
    return pae(f"salus/{type_}/v1".encode(), payload)


def assemble(type_: str, payload: bytes, key: bytes, signature: bytes) -> bytes:
    return cbor.encode([type_, payload, key, signature])


def sign_payload(type_: str, seed: bytes, payload: bytes) -> bytes:
    """Sign any payload bytes, well-formed or not."""
    signature = ed25519.sign(seed, message(type_, payload))
    return assemble(type_, payload, ed25519.public_key(seed), signature)


def sign(type_: str, seed: bytes, payload: dict[str, Any]) -> bytes:
    return sign_payload(type_, seed, cbor.encode(payload))


def parse(signed: bytes) -> tuple[str, bytes, bytes, bytes]:
    """Give (type, payload, key, signature) of the array, nothing checked but its shape."""
    try:
        match cbor.decode(signed):
            case [str(type_), bytes(payload), bytes(key), bytes(signature)]:
                if len(key) == 32 and len(signature) == 64:
                    return type_, payload, key, signature
    except ValueError as why:
        raise Fault("malformed", str(why)) from why
    raise Fault("malformed", "not a signed array")


def read(signed: bytes, type_: str, key: bytes | None = None) -> tuple[dict[str, Any], bytes]:
    """Give (payload, signer). With no key given, any signer is accepted. §2 and §3."""
    actual, payload, signer, signature = parse(signed)
    if actual != type_:
        raise Fault("wrong-type", actual)
    if key is not None and key != signer:
        raise Fault("wrong-key")
    fields = check_payload(type_, payload, len(signed))
    if kind := ed25519.verify(signer, message(type_, payload), signature):
        raise Fault(kind)
    return fields, signer
