"""Write vectors/envelope-v1.json. The faults are in envelope_faults.py."""

from hashlib import sha256
from typing import Any

import envelope as sealed
from generate.envelope_faults import faults
from generate.records import AUTHOR, AUTHOR_KEY, BATCH_KEY, content, header_of, record_key
from primitives import cbor

OVERHEAD = 4 + len(cbor.encode(content(bytes(65_000)))) - 65_000
CHUNK = sealed.CHUNK

CASES: list[tuple[str, int, dict[str, Any]]] = [
    ("small", 64, {}),
    ("empty body", 0, {}),
    ("one byte", 1, {"media": "text/plain", "path": [], "assigned": "patient"}),
    ("an update, revision 2", 40, {"assigned": "inferred"}),
    ("exactly one chunk", CHUNK - OVERHEAD, {}),
    ("one byte more than a chunk before padding", CHUNK - OVERHEAD + 1, {}),
    ("three chunks", 2 * CHUNK - OVERHEAD - 1, {}),
]
TOMBSTONE = b'{"resourceType":"Observation","id":"bp-2015-01-01"}'


def one(comment: str, length: int, changes: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    revision = 2 if "revision 2" in comment else 1
    header = header_of(comment, revision)
    inside = content(fill(length)) | changes
    return described(comment, header, inside, {"bodyLength": length})


def fill(length: int) -> bytes:
    """What `bodyLength` stands for: byte i is (i + floor(i / 256)) mod 256."""
    return bytes(i + (i >> 8) & 255 for i in range(length))


def described(
    comment: str, header: sealed.Header, inside: dict[str, Any], body: dict[str, Any]
) -> tuple[dict[str, Any], bytes]:
    key = record_key(header)
    whole = sealed.seal(key, header, inside, AUTHOR)
    asked = (header.vault, header.record, header.revision)
    assert sealed.open_envelope(whole, key, asked, [AUTHOR_KEY]) == inside
    head, commitment, chunks, _, _ = sealed.parts(whole)
    case = {
        "comment": comment,
        "recordKey": key.hex(),
        "tombstone": header.tombstone,
        "vault": header.vault.hex(),
        "record": header.record.hex(),
        "revision": header.revision,
        "source": header.source.hex(),
        "cell": header.cell.hex(),
        "generation": header.generation,
        "policyVersion": header.policy_version,
        "batch": header.batch.hex(),
        "sealedAt": header.sealed_at,
        "salt": header.salt.hex(),
        "content": {k: v for k, v in inside.items() if k != "body"} | body,
        "paddedSize": int.from_bytes(head[120:128], "big"),
        "chunks": len(chunks),
        "commitment": commitment.hex(),
        "root": sealed.tree_hash(chunks).hex(),
        "length": len(whole),
        "sha256": sha256(whole).hexdigest(),
    }
    if len(chunks) == 3 or len(whole) < 4096:
        case["envelope"] = whole.hex()
    return case, whole


def vectors() -> dict[str, Any]:
    cases = [one(*given) for given in CASES]
    grave = header_of("tombstone", 3, tombstone=True)
    dead = content(TOMBSTONE) | {"media": "application/x-salus-tombstone"}
    cases.append(described("tombstone", grave, dead, {"body": TOMBSTONE.hex()}))
    assert [case["chunks"] for case, _ in cases] == [1, 1, 1, 1, 1, 2, 3, 1]
    return {
        "spec": "spec/envelope.md",
        "source": "spec/reference/envelope.py",
        "note": (
            "`content` has `body`, or `bodyLength`: then byte i is (i + floor(i / 256)) mod 256. "
            "`recordKey` is derived from `batchKey`, record and revision. `envelope` is left out "
            "where `length` and `sha256` must do. A fault is an `envelope`, or `pieces` of the "
            "envelope of the valid case `of`, to be joined: [from, to) or bytes."
        ),
        "batchKey": BATCH_KEY.hex(),
        "authorSeed": AUTHOR.hex(),
        "authorKey": AUTHOR_KEY.hex(),
        "valid": [case for case, _ in cases],
        "invalid": faults(cases[6][1]),
    }
