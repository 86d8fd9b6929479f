"""Keys and handles. Source: spec/keys.md."""

import re

from fault import Fault
from primitives import hkdf

Part = str | bytes | int


def join(*parts: bytes) -> bytes:
    """`tuple` of §1: injective, each part behind its length."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def as_bytes(part: Part) -> bytes:
    """A context: a text, a byte string, or an integer written as u32."""
    if isinstance(part, str):
        return part.encode("utf-8")
    return part.to_bytes(4, "big") if isinstance(part, int) else part


def derive(key: bytes, purpose: str, *context: Part) -> bytes:
    info = join(b"salus/v1", purpose.encode(), *(as_bytes(part) for part in context))
    return hkdf.expand(key, info, 32)


def handle(key: bytes, purpose: str, *context: Part) -> bytes:
    return derive(key, purpose, *context)[:16]


def read_handle(of: str, text: str) -> bytes:
    """A handle as it stands in JSON and in URLs."""
    size = 32 if of == "vault" else 16
    if re.fullmatch(r"(?:[0-9a-f]{2})*", text) is None or len(text) != 2 * size:
        raise Fault("malformed", f"no {of} handle")
    return bytes.fromhex(text)


def map_context(attribute: str, profile: str, bits: int, prior: bytes = b"") -> tuple[Part, ...]:
    """All that a map depends on; `prior` is the digest of the prior for `flat`."""
    return (attribute, profile, bits, prior) if profile == "flat" else (attribute, profile, bits)


def map_key(scope_index: bytes, *context: Part) -> bytes:
    return derive(scope_index, "ordered-map", *context)
