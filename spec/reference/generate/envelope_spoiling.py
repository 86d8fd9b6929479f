"""One good envelope, and ways to spoil it. What an outsider could not sign is signed again by the
author, so that the fault is the only one."""

from collections.abc import Callable

import envelope as sealed
from generate.records import AUTHOR, content, header_of, record_key
from primitives import cbor

HEADER = header_of("faults")
KEY = record_key(HEADER)
CONTENT = content(bytes(range(64)))
GOOD = sealed.seal(KEY, HEADER, CONTENT, AUTHOR)
BODY = sealed.HEADER + 32


def flip(at: int, bit: int = 0) -> bytes:
    changed = bytearray(GOOD)
    changed[at] ^= 1 << bit
    return bytes(changed)


def again(envelope: bytes, seed: bytes = AUTHOR) -> bytes:
    """Sign again what was changed."""
    head, commitment, chunks, _, _ = sealed.parts(envelope)
    return sealed.finish(head, commitment, chunks, seed)


def with_header(change: Callable[[bytearray], None]) -> bytes:
    """Seal under a header that says something else; key, commitment and signature follow it."""
    padded = sealed.pad(cbor.encode(CONTENT))
    head = bytearray(HEADER.encode(len(padded)))
    change(head)
    key, commitment = sealed.body_keys(KEY, bytes(head))
    return sealed.finish(bytes(head), commitment, sealed.seal_chunks(key, padded), AUTHOR)


def with_padded(padded: bytes, last: bool = True) -> bytes:
    """Seal any padded bytes, in one chunk."""
    head = HEADER.encode(len(padded))
    key, commitment = sealed.body_keys(KEY, head)
    chunk = sealed.gcm.seal(key, sealed.nonce(0, last), padded)
    return sealed.finish(head, commitment, [chunk], AUTHOR)


def put(at: int, value: bytes) -> Callable[[bytearray], None]:
    def change(head: bytearray) -> None:
        head[at : at + len(value)] = value

    return change


def raw(inner: bytes) -> bytes:
    return with_padded(sealed.pad(inner))


def without(name: str) -> bytes:
    return cbor.encode({k: v for k, v in CONTENT.items() if k != name})


def unsorted() -> bytes:
    entries = [cbor.encode(key) + cbor.encode(CONTENT[key]) for key in ("media", "path")]
    entries += [cbor.encode(key) + cbor.encode(CONTENT[key]) for key in ("assigned", "body")]
    return cbor.head(cbor.MAP, 4) + b"".join(entries)
