"""Links that are refused for their place, signer or shape, and all the faults together."""

from typing import Any

import chain
import statements
from fault import Fault
from generate import chain_thing_faults as things
from generate import story as s
from generate.chain_links import OTHER, Faults, by_laptop, by_phone, genesis, signed_by, with_terms
from generate.links import cell_fields
from generate.people import LAPTOP, NORTH, PHONE, SOUTH, START, STRANGER
from generate.seeded import seeded


def order() -> Faults:
    cell = cell_fields(OTHER)
    first = {"seq": 0, "prev": bytes(32)}
    added = {"op": "add", "device": LAPTOP.device()}
    return {
        "a first link that is not a genesis": by_laptop(0, "device", **added, **first),
        "a second genesis": genesis(PHONE, 1),
        "a genesis with a number other than 0": genesis(seq=1),
        "a genesis with a predecessor": genesis(prev=seeded("prev")),
        "a genesis not signed by its device": genesis(STRANGER),
        "a number left out": by_phone(4, "cell", **cell, seq=5),
        "a number used again": by_phone(4, "cell", **cell, seq=3),
        "another predecessor": by_phone(4, "cell", **cell, prev=s.story().heads()[2]),
        "a statement of another kind": (4, _batch()),
    }


def _batch() -> bytes:
    hashes = {name: bytes(32) for name in ("vault", "prev", "wraps", "root")}
    head = {"seq": 3, "hash": bytes(32)}
    numbers = {"number": 1, "time": START, "policyVersion": 1, "items": 1}
    handles = {"source": NORTH.handle, "batch": bytes(16), "scopes": [], "head": head}
    return statements.sign("batch", PHONE.seed, hashes | numbers | handles)


def signers() -> Faults:
    cell = cell_fields(OTHER)
    after, good = by_phone(4, "cell", **cell)
    type_, payload, key, signature = statements.parse(good)
    spoilt = bytes([signature[0] ^ 1]) + signature[1:]
    foreign = statements.assemble(type_, payload, LAPTOP.key, signature)
    return {
        "a signer who never was a device": signed_by(4, STRANGER, "cell", **cell),
        "a source as signer": signed_by(4, NORTH, "cell", **cell),
        "a device not yet added": signed_by(1, LAPTOP, "roster", op="add", **NORTH.source()),
        "a device that was removed": by_phone(23, "cell", **cell),
        "a spoilt signature": (after, statements.assemble(type_, payload, key, spoilt)),
        "another device's key beside the signature": (after, foreign),
    }


def shapes() -> Faults:
    cell = cell_fields(OTHER)
    short = {name: value for name, value in cell.items() if name != "generation"}
    two = cell | {"replaces": [s.NORTH_LAB.handle, s.SOUTH_LAB.handle]}
    sources = sorted([NORTH.handle, SOUTH.handle])
    unsorted = sorted([s.NORTH_LAB.handle, s.SOUTH_LAB.handle], reverse=True)
    return {
        "an unknown field": by_phone(4, "cell", **cell, category="vitals"),
        "a missing field": by_phone(4, "cell", **short),
        "a handle that is too short": by_phone(4, "cell", **(cell | {"cell": bytes(15)})),
        "a public key that does not fit its suite": by_phone(4, "cell", **(cell | {"suite": 1})),
        "an unknown suite": by_phone(4, "cell", **(cell | {"suite": 3})),
        "a generation of 0": by_phone(4, "cell", **(cell | {"generation": 0})),
        "a generation of 2^32": by_phone(4, "cell", **(cell | {"generation": 1 << 32})),
        "two predecessors": by_phone(14, "cell", **two),
        "an unknown op": by_phone(3, "roster", op="pause", **SOUTH.source()),
        "an unknown policy": genesis(policy="open"),
        "terms that are not CBOR": by_phone(12, "grant", **(with_terms() | {"terms": b"\xff"})),
        "terms with unsorted cells": by_phone(
            12, "grant", **with_terms(sources=sources, cells=unsorted)
        ),
        "terms without a purpose": by_phone(12, "grant", **with_terms(purpose="")),
        "terms with half a period": by_phone(12, "grant", **with_terms(period=[START])),
    }


def faults() -> list[dict[str, Any]]:
    groups = [order(), signers(), *things.groups(), shapes()]
    return [
        {"comment": why, "after": after, "signed": signed.hex(), "error": _kind(after, signed)}
        for group in groups
        for why, (after, signed) in group.items()
    ]


def _kind(after: int, signed: bytes) -> str:
    try:
        chain.append(s.story().states[after], signed)
    except Fault as fault:
        return fault.kind
    raise AssertionError("accepted")
