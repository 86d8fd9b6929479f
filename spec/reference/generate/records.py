"""The record that the vectors of the envelope seal again and again."""

from typing import Any

import keys
from envelope import Header
from generate.seeded import seeded
from primitives import ed25519

BATCH_KEY = seeded("batch key")
AUTHOR = seeded("author seed")
AUTHOR_KEY = ed25519.public_key(AUTHOR)
STRANGER = seeded("stranger seed")


def header_of(label: str, revision: int = 1, tombstone: bool = False) -> Header:
    return Header(
        vault=seeded("vault"),
        record=seeded("record", 16),
        revision=revision,
        source=seeded("source/north", 16),
        cell=seeded("cell", 16),
        generation=1,
        policy_version=1,
        batch=seeded("batch", 16),
        sealed_at=1_760_000_000_000,
        salt=seeded(f"salt/{label}"),
        tombstone=tombstone,
    )


def content(body: bytes) -> dict[str, Any]:
    return {
        "media": "application/fhir+json",
        "path": ["north", "cardiology"],
        "assigned": "stated",
        "body": body,
    }


def record_key(header: Header) -> bytes:
    return keys.derive(BATCH_KEY, "record", header.record, header.revision)
