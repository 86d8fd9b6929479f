"""Links at any point of the story, to be spoilt. For the faults of chain-v1.json."""

from typing import Any

from generate import story as s
from generate.links import grant_fields
from generate.people import LAPTOP, NORTH, PHONE, READER, Cell, Party
from generate.seeded import seeded
from primitives import cbor

OTHER = Cell(NORTH, "vitals", 1, 2)
UNKNOWN = Party("unknown", 2)
# By comment: how many links stand before, and the faulty link.
Faults = dict[str, tuple[int, bytes]]
GENESIS = {"merge": "sources", "policy": "balanced", "policyVersion": 1}


def signed_by(after: int, signer: Party, type_: str, **fields: Any) -> tuple[int, bytes]:
    return after, s.story().upto(after).next(signer, type_, **fields)


def by_phone(after: int, type_: str, **fields: Any) -> tuple[int, bytes]:
    return signed_by(after, PHONE, type_, **fields)


def by_laptop(after: int, type_: str, **fields: Any) -> tuple[int, bytes]:
    return signed_by(after, LAPTOP, type_, **fields)


def genesis(signer: Party = LAPTOP, after: int = 0, **changes: Any) -> tuple[int, bytes]:
    fields = {"device": LAPTOP.device(), "salt": seeded("salt", 16)} | GENESIS | changes
    return signed_by(after, signer, "genesis", **fields)


def with_terms(**changes: Any) -> dict[str, Any]:
    """A grant whose terms say something else; nobody opens its wrap."""
    vault = s.story().state.vault
    fields = grant_fields(vault, "faulty", READER, [s.NORTH_LAB], [s.ROOT])
    return fields | {"terms": cbor.encode(cbor.decode(fields["terms"]) | changes)}
