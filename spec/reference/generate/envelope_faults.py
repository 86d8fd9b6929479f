"""Envelopes with one fault each. For envelope-v1.json."""

from typing import Any

import envelope as sealed
from fault import Fault
from generate.envelope_spoiling import (
    BODY,
    CONTENT,
    GOOD,
    HEADER,
    KEY,
    again,
    flip,
    put,
    raw,
    unsorted,
    with_header,
    with_padded,
    without,
)
from generate.records import AUTHOR_KEY, STRANGER, header_of, record_key
from generate.seeded import seeded
from generate.two_keys import two_key_envelope
from primitives import cbor, ed25519


def lengths() -> dict[str, bytes]:
    size = len(sealed.pad(cbor.encode(CONTENT)))
    return {
        "unknown format version": with_header(put(0, b"\x02")),
        "unknown suite": with_header(put(1, b"\x02")),
        "unknown flag": with_header(put(2, b"\x02")),
        "byte 3 is not zero": with_header(put(3, b"\x01")),
        "padded size one more than the body": with_header(put(120, (size + 1).to_bytes(8, "big"))),
        "padded size of 2^64 - 1": with_header(put(120, b"\xff" * 8)),
        "revision 0": with_header(put(52, bytes(4))),
        "sealed at 2^48": with_header(put(112, (1 << 48).to_bytes(8, "big"))),
        "one byte cut off": GOOD[:-1],
        "one byte added": GOOD + b"\x00",
        "only a header": GOOD[:160],
        "shorter than a header": GOOD[:100],
        "nothing": b"",
    }


def changed() -> dict[str, bytes]:
    padded = sealed.pad(cbor.encode(CONTENT))
    assert len(padded) > 4 + len(cbor.encode(CONTENT)), "there is padding to spoil"
    high = (int.from_bytes(GOOD[-32:], "little") + ed25519.L).to_bytes(32, "little")
    longer = sealed.padme(len(padded) + 1)
    return {
        "a bit of the header (sealed at)": flip(119),
        "a bit of the header, signed again": again(flip(119)),
        "the tombstone flag set, signed again": again(flip(2)),
        "a bit of the commitment": flip(160),
        "a bit of the commitment, signed again": again(flip(160)),
        "a bit of the body": flip(BODY),
        "a bit of the body, signed again": again(flip(BODY)),
        "a bit of the chunk's tag, signed again": again(flip(len(GOOD) - 97)),
        "a bit of the author key": flip(len(GOOD) - 96),
        "a bit of the signature's R": flip(len(GOOD) - 64),
        "a bit of the signature's S": flip(len(GOOD) - 32),
        "S + L in place of S": GOOD[:-32] + high,
        "an author who is not allowed": again(GOOD, STRANGER),
        "the only chunk not marked as the last": with_padded(padded, last=False),
        "a padding byte that is not zero": with_padded(padded[:-1] + b"\x01"),
        "more padding than Padmé": with_padded(padded + bytes(longer - len(padded))),
        "a length beyond the padded bytes": with_padded(b"\xff" + padded[1:]),
        "content that is not CBOR": raw(b"\xff" * 60),
        "content with its keys in another order": raw(unsorted()),
        "content with an unknown field": raw(cbor.encode(CONTENT | {"more": 1})),
        "content without its path": raw(without("path")),
        "a media type of 256 bytes": raw(cbor.encode(CONTENT | {"media": "a" * 256})),
        "a path of 17 nodes": raw(cbor.encode(CONTENT | {"path": ["a"] * 17})),
        "content assigned in an unknown way": raw(cbor.encode(CONTENT | {"assigned": "guessed"})),
    }


def faults(three: bytes) -> list[dict[str, Any]]:
    """`three` is the valid envelope of three chunks."""
    asked = (HEADER.vault, HEADER.record, HEADER.revision)
    cases = [_case(comment, e, KEY, asked) for comment, e in (lengths() | changed()).items()]
    others = {
        "another vault asked for": (seeded("other vault"), asked[1], asked[2]),
        "another record asked for": (asked[0], seeded("other record", 16), asked[2]),
        "another revision asked for": (asked[0], asked[1], 2),
    }
    cases += [_case(comment, GOOD, KEY, other) for comment, other in others.items()]
    cases.append(_case("the wrong record key", GOOD, seeded("other record key"), asked))
    second = seeded("second record key")
    both = two_key_envelope(HEADER, KEY, second)
    cases.append(_case("a body that two keys open, under the second", both, second, asked))
    return cases + _large(three)


def _case(
    comment: str, envelope: bytes, key: bytes, asked: tuple[bytes, bytes, int], **given: Any
) -> dict[str, Any]:
    try:
        sealed.open_envelope(envelope, key, asked, [AUTHOR_KEY])
    except Fault as fault:
        return {
            "comment": comment,
            "recordKey": key.hex(),
            "asked": {"vault": asked[0].hex(), "record": asked[1].hex(), "revision": asked[2]},
            **(given or {"envelope": envelope.hex()}),
            "error": fault.kind,
        }
    raise AssertionError(comment)


def _large(three: bytes) -> list[dict[str, Any]]:
    """Faults between chunks, as pieces of the valid envelope."""
    header = header_of("three chunks")
    asked, key = (header.vault, header.record, header.revision), record_key(header)
    stored = sealed.CHUNK + sealed.TAG
    cut = [BODY, BODY + stored, BODY + 2 * stored, len(three) - 96]
    head, first, second, last = (0, BODY), *zip(cut, cut[1:])
    tail = (len(three) - 96, len(three))
    orders = {
        "the last chunk dropped": [head, first, second, tail],
        "a chunk twice": [head, first, first, second, last, tail],
        "the first two chunks exchanged": [head, second, first, last, tail],
    }
    cases = []
    for comment, ranges in orders.items():
        joined = b"".join(three[a:b] for a, b in ranges)
        cases.append(_pieces(comment, joined, ranges, [], key, asked))
    exchanged = again(b"".join(three[a:b] for a, b in orders["the first two chunks exchanged"]))
    comment = "the first two chunks exchanged, signed again"
    ranges = orders["the first two chunks exchanged"][:-1]
    cases.append(_pieces(comment, exchanged, ranges, [exchanged[-96:]], key, asked))
    return cases


def _pieces(
    comment: str,
    envelope: bytes,
    ranges: list[tuple[int, int]],
    more: list[bytes],
    key: bytes,
    asked: tuple[bytes, bytes, int],
) -> dict[str, Any]:
    pieces = [{"from": a, "to": b} for a, b in ranges] + [{"bytes": m.hex()} for m in more]
    return _case(comment, envelope, key, asked, of="three chunks", pieces=pieces)
