"""Sealed records. Source: spec/envelope.md."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import keys
from fault import Fault
from primitives import cbor, ed25519, gcm, hkdf
from primitives.merkle import tree_hash
from primitives.padme import padme
from shapes import ANY, octets, one_of, record, several, text
from statements import message

HEADER, CHUNK, TAG, TAIL, MOST = 160, 65_536, 16, 96, 8 << 20
CONTENT = record(
    media=text(255),
    path=several(text(ANY), 0, 16),
    assigned=one_of("stated", "inferred", "patient"),
    body=octets(),
)


@dataclass(frozen=True)
class Header:
    """§1."""

    vault: bytes
    record: bytes
    revision: int
    source: bytes
    cell: bytes
    generation: int
    policy_version: int
    batch: bytes
    sealed_at: int
    salt: bytes
    tombstone: bool = False

    def encode(self, padded_size: int) -> bytes:
        numbers = self.generation.to_bytes(4, "big") + self.policy_version.to_bytes(4, "big")
        return b"".join(
            [
                bytes([1, 1, int(self.tombstone), 0]),
                self.vault + self.record + self.revision.to_bytes(4, "big"),
                self.source + self.cell + numbers + self.batch,
                self.sealed_at.to_bytes(8, "big") + padded_size.to_bytes(8, "big"),
                self.salt,
            ]
        )


def pad(content: bytes) -> bytes:
    """§3."""
    size = 4 + len(content)
    return len(content).to_bytes(4, "big") + content + bytes(padme(size) - size)


def body_keys(record_key: bytes, header: bytes) -> tuple[bytes, bytes]:
    """§2: (key, commitment)."""
    h = sha256(header).digest()
    purposes = (b"record-key", b"record-commit")
    key, commitment = (
        hkdf.expand(record_key, keys.join(b"salus/v1", purpose, h), 32) for purpose in purposes
    )
    return key, commitment


def nonce(i: int, last: bool) -> bytes:
    return i.to_bytes(11, "big") + bytes([last])


def split(text_: bytes, size: int) -> list[bytes]:
    return [text_[at : at + size] for at in range(0, len(text_), size)]


def seal_chunks(key: bytes, padded: bytes) -> list[bytes]:
    parts = split(padded, CHUNK)
    return [gcm.seal(key, nonce(i, i == len(parts) - 1), p) for i, p in enumerate(parts)]


def finish(header: bytes, commitment: bytes, chunks: list[bytes], author_seed: bytes) -> bytes:
    """§4: put the parts together and sign them."""
    signed = message("record", header + commitment + tree_hash(chunks))
    tail = ed25519.public_key(author_seed) + ed25519.sign(author_seed, signed)
    return header + commitment + b"".join(chunks) + tail


def seal(record_key: bytes, header: Header, content: dict[str, Any], author_seed: bytes) -> bytes:
    padded = pad(cbor.encode(content))
    head = header.encode(len(padded))
    key, commitment = body_keys(record_key, head)
    return finish(head, commitment, seal_chunks(key, padded), author_seed)


def parts(envelope: bytes) -> tuple[bytes, bytes, list[bytes], bytes, bytes]:
    """§5, lengths and header: (header, commitment, chunks, author key, signature)."""
    header = envelope[:HEADER]
    size = int.from_bytes(header[120:128], "big")
    count = (size + CHUNK - 1) // CHUNK
    if len(header) < HEADER or len(envelope) != HEADER + 32 + size + TAG * count + TAIL:
        raise Fault("malformed", "lengths")
    if header[:2] != b"\x01\x01" or header[2] > 1 or header[3] != 0:
        raise Fault("malformed", "version, suite or flags")
    if header[52:56] == bytes(4) or header[112:114] != bytes(2) or len(envelope) > MOST:
        raise Fault("malformed", "revision, time or length")
    body, tail = envelope[HEADER + 32 : -TAIL], envelope[-TAIL:]
    chunks = split(body, CHUNK + TAG)
    return header, envelope[HEADER : HEADER + 32], chunks, tail[:32], tail[32:]


def asked_for(header: bytes) -> tuple[bytes, bytes, int]:
    """(vault, record, revision)."""
    return header[4:36], header[36:52], int.from_bytes(header[52:56], "big")


def open_envelope(
    envelope: bytes, record_key: bytes, asked: tuple[bytes, bytes, int], authors: list[bytes]
) -> dict[str, Any]:
    """§5."""
    header, commitment, chunks, author, signature = parts(envelope)
    signed = message("record", header + commitment + tree_hash(chunks))
    key, expected = body_keys(record_key, header)
    if asked_for(header) != asked or author not in authors:
        raise Fault("unreadable", "another record or author")
    if ed25519.verify(author, signed, signature) is not None:
        raise Fault("unreadable", "signature")
    if commitment != expected:
        raise Fault("unreadable", "commitment")
    padded = b""
    for i, chunk in enumerate(chunks):
        plain = gcm.open_sealed(key, nonce(i, i == len(chunks) - 1), chunk)
        if plain is None:
            raise Fault("unreadable", "chunk")
        padded += plain
    return read_content(padded)


def read_content(padded: bytes) -> dict[str, Any]:
    length = int.from_bytes(padded[:4], "big")
    if padded != pad(padded[4 : 4 + length]):
        raise Fault("unreadable", "padding")
    try:
        content = cbor.decode(padded[4 : 4 + length])
    except ValueError as why:
        raise Fault("unreadable", str(why)) from why
    if not CONTENT(content):
        raise Fault("unreadable", "content")
    return content
