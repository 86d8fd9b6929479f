"""Links with one fault each, after so many links of the story."""

from typing import Any

import chain
import statements
from fault import Fault
from generate import story as s
from generate.links import Chain, cell_fields, grant_fields, keys_fields, scope_fields
from generate.people import (
    LAPTOP,
    NORTH,
    PHONE,
    READER,
    SOUTH,
    START,
    STRANGER,
    Cell,
    Party,
    Scope,
)
from generate.seeded import seeded
from primitives import cbor

OTHER = Cell(NORTH, "vitals", 1, 2)
UNKNOWN = Party("unknown", 2)
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


def devices() -> Faults:
    other_key = LAPTOP.device() | {"sign": STRANGER.key}
    return {
        "a device added twice": by_phone(2, "device", op="add", device=LAPTOP.device()),
        "a device added after its removal": by_laptop(23, "device", op="add", device=PHONE.device()),
        "an unknown device removed": by_phone(2, "device", op="remove", device=UNKNOWN.device()),
        "a device removed twice": by_laptop(23, "device", op="remove", device=PHONE.device()),
        "the last device removed": by_laptop(23, "device", op="remove", device=LAPTOP.device()),
        "a device removed with another key": by_phone(2, "device", op="remove", device=other_key),
    }


def sources() -> Faults:
    changed = NORTH.source() | {"key": STRANGER.key}
    return {
        "a source added twice": by_phone(3, "roster", op="add", **NORTH.source()),
        "a source added after its end": by_laptop(24, "roster", op="add", **SOUTH.source()),
        "an unknown source ended": by_phone(3, "roster", op="end", **UNKNOWN.source()),
        "a source ended twice": by_laptop(24, "roster", op="end", **SOUTH.source()),
        "a source ended with another key": by_phone(3, "roster", op="end", **changed),
    }


def cells() -> Faults:
    successor = cell_fields(s.NORTH_LAB2, s.NORTH_LAB)
    foreign = successor | {"source": SOUTH.handle}
    second = cell_fields(Cell(NORTH, "vitals", 2, 2), s.NORTH_LAB)
    unknown = cell_fields(s.NORTH_LAB2, OTHER)
    alone = successor | {"replaces": []}
    return {
        "a cell twice": by_phone(5, "cell", **cell_fields(s.NORTH_LAB)),
        "a cell of an unknown source": by_phone(5, "cell", **cell_fields(Cell(UNKNOWN, "v", 1, 2))),
        "a cell of an ended source": by_laptop(24, "cell", **cell_fields(Cell(SOUTH, "v", 1, 2))),
        "a generation of 2 without a predecessor": by_phone(5, "cell", **alone),
        "a generation that skips one": by_phone(14, "cell", **(successor | {"generation": 3})),
        "a generation that stays": by_phone(14, "cell", **(successor | {"generation": 1})),
        "a successor of an unknown cell": by_phone(14, "cell", **unknown),
        "a successor of a live cell": by_phone(5, "cell", **successor),
        "a second successor": by_phone(15, "cell", **second),
        "a successor for another source": by_phone(14, "cell", **foreign),
    }


def scopes() -> Faults:
    other = Scope(None, "vitals", 1)
    successor = scope_fields(s.ROOT2, s.ROOT)
    north = scope_fields(Scope(NORTH, "vitals", 1))
    second = scope_fields(Scope(None, "vitals", 2), s.ROOT)
    return {
        "a scope twice": by_phone(8, "scope", **scope_fields(s.ROOT)),
        "a scope of an unknown node": by_phone(8, "scope", **(north | {"node": UNKNOWN.handle})),
        "a scope of an ended source": by_laptop(24, "scope", **(north | {"node": SOUTH.handle})),
        "a version of 2 without a predecessor": by_phone(8, "scope", **(successor | {"replaces": []})),
        "a version that skips one": by_phone(14, "scope", **(successor | {"version": 3})),
        "a successor of an unknown scope": by_phone(14, "scope", **scope_fields(s.ROOT2, other)),
        "a successor of a live scope": by_phone(8, "scope", **successor),
        "a second successor of a scope": by_phone(17, "scope", **second),
        "a successor for another node": by_phone(14, "scope", **(successor | {"node": NORTH.handle})),
    }


def wraps_and_grants() -> Faults:
    vault = s.story().state.vault
    plain = {"node": b"", "cells": [], "scopes": []}
    lab, root = [s.NORTH_LAB], [s.ROOT]
    again = grant_fields(vault, "reader", READER, lab, root)
    stranger = [Cell(UNKNOWN, "laboratory", 1, 2)]
    source = _with_terms(vault, sources=[UNKNOWN.handle])
    cell = _with_terms(vault, cells=sorted([stranger[0].handle]))
    scope = _with_terms(vault, scopes=[Scope(None, "vitals", 1).handle])
    return {
        "keys for an unknown source": by_phone(9, "keys", **keys_fields(vault, 9, UNKNOWN, plain)),
        "keys for an ended source": by_laptop(24, "keys", **keys_fields(vault, 24, SOUTH, plain)),
        "a grant handle twice": by_phone(12, "grant", **again),
        "a grant for an unknown source": by_phone(12, "grant", **source),
        "a grant for an unknown cell": by_phone(12, "grant", **cell),
        "a grant for an unknown scope": by_phone(12, "grant", **scope),
    }


def _with_terms(vault: bytes, **changes: Any) -> dict[str, Any]:
    fields = grant_fields(vault, "faulty", READER, [s.NORTH_LAB], [s.ROOT])
    terms = cbor.encode(cbor.decode(fields["terms"]) | changes)
    return fields | {"terms": terms}


def closings() -> Faults:
    grant, missing = seeded("grant/reader", 16), seeded("grant/none", 16)
    none, lab = s.closes([], []), s.closes([s.NORTH_LAB], [])
    scope = s.closes([], [s.ROOT])
    unknown = [s.closes([OTHER], []), s.closes([], [Scope(None, "vitals", 1)])]
    return {
        "an unknown grant revoked": by_phone(13, "revoke", grant=missing, closes=none),
        "a grant revoked twice": by_phone(14, "revoke", grant=grant, closes=none),
        "an unknown cell closed by a revocation": by_phone(13, "revoke", grant=grant, closes=unknown[0]),
        "an unknown scope closed by a revocation": by_phone(13, "revoke", grant=grant, closes=unknown[1]),
        "an unknown cell closed": by_phone(13, "generation", closes=unknown[0]),
        "an unknown scope closed": by_phone(13, "generation", closes=unknown[1]),
        "a cell closed twice": by_phone(14, "generation", closes=lab),
        "a scope closed twice": by_phone(14, "generation", closes=scope),
    }


def shapes() -> Faults:
    cell = cell_fields(OTHER)
    short = {name: value for name, value in cell.items() if name != "generation"}
    two = cell | {"replaces": [s.NORTH_LAB.handle, s.SOUTH_LAB.handle]}
    terms = grant_fields(s.story().state.vault, "x", READER, [s.NORTH_LAB], [])
    return {
        "an unknown field": by_phone(4, "cell", **cell, category="vitals"),
        "a missing field": by_phone(4, "cell", **short),
        "a handle that is too short": by_phone(4, "cell", **(cell | {"cell": bytes(15)})),
        "a public key that does not fit its suite": by_phone(4, "cell", **(cell | {"suite": 1})),
        "an unknown suite": by_phone(4, "cell", **(cell | {"suite": 3})),
        "a generation of 0": by_phone(4, "cell", **(cell | {"generation": 0})),
        "two predecessors": by_phone(14, "cell", **two),
        "an unknown op": by_phone(3, "roster", op="pause", **SOUTH.source()),
        "an unknown policy": genesis(policy="open"),
        "terms that are not CBOR": by_phone(12, "grant", **(terms | {"terms": b"\xff"})),
        "terms with unsorted cells": by_phone(12, "grant", **_unsorted()),
    }


def _unsorted() -> dict[str, Any]:
    handles = sorted([s.NORTH_LAB.handle, s.SOUTH_LAB.handle], reverse=True)
    return _with_terms(s.story().state.vault, cells=handles)


def faults() -> list[dict[str, Any]]:
    groups = [order(), signers(), devices(), sources(), cells(), scopes()]
    groups += [wraps_and_grants(), closings(), shapes()]
    return [
        {"comment": why, "after": after, "signed": signed.hex(), "error": _kind(after, signed)}
        for group in groups
        for why, (after, signed) in group.items()
    ]


def _kind(after: int, signed: bytes) -> str:
    before: Chain = s.story().upto(after)
    try:
        chain.append(before.state, signed)
    except Fault as fault:
        return fault.kind
    raise AssertionError("accepted")
