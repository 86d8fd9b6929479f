"""Links that are refused for what they do to devices, sources, cells, scopes and grants."""

from generate import story as s
from generate.chain_links import OTHER, UNKNOWN, Faults, by_laptop, by_phone, with_terms
from generate.curve_faults import IDENTITY
from generate.links import cell_fields, grant_fields, keys_fields, scope_fields
from generate.people import COLLEAGUE, LAPTOP, NORTH, PHONE, SOUTH, START, STRANGER, Cell, Scope
from generate.seeded import seeded

VITALS = Scope(None, "vitals", 1)


def devices() -> Faults:
    stranger, laptop, phone = STRANGER.device(), LAPTOP.device(), PHONE.device()
    other_key = {"sign": STRANGER.key}
    add, remove = {"op": "add"}, {"op": "remove"}
    weak = stranger | {"sign": IDENTITY}
    return {
        "a device handle twice": by_phone(2, "device", **add, device=laptop | other_key),
        "the handle of a removed device": by_laptop(23, "device", **add, device=phone | other_key),
        "the key of a device twice": by_phone(2, "device", **add, device=stranger | _key(laptop)),
        "the key of a removed device": by_laptop(
            23, "device", **add, device=stranger | _key(phone)
        ),
        "a device with a small-order key": by_phone(2, "device", **add, device=weak),
        "an unknown device removed": by_phone(2, "device", **remove, device=stranger),
        "a device removed twice": by_laptop(23, "device", **remove, device=phone),
        "the last device removed": by_laptop(23, "device", **remove, device=laptop),
        "a device removed with another key": by_phone(
            2, "device", **remove, device=laptop | other_key
        ),
    }


def _key(device: dict[str, object]) -> dict[str, object]:
    return {"sign": device["sign"]}


def sources() -> Faults:
    changed = NORTH.source() | {"key": STRANGER.key}
    again = STRANGER.source() | {"key": NORTH.key}
    weak = STRANGER.source() | {"key": IDENTITY}
    return {
        "a source handle twice": by_phone(3, "roster", op="add", **changed),
        "the handle of an ended source": by_laptop(24, "roster", op="add", **SOUTH.source()),
        "the key of a live source": by_phone(3, "roster", op="add", **again),
        "a source with a small-order key": by_phone(3, "roster", op="add", **weak),
        "an unknown source ended": by_phone(3, "roster", op="end", **UNKNOWN.source()),
        "a source ended twice": by_laptop(24, "roster", op="end", **SOUTH.source()),
        "a source ended with another key": by_phone(3, "roster", op="end", **changed),
    }


def cells() -> Faults:
    successor = cell_fields(s.NORTH_LAB2, s.NORTH_LAB)
    second = cell_fields(Cell(NORTH, "vitals", 2, 2), s.NORTH_LAB)
    unknown = cell_fields(s.NORTH_LAB2, OTHER)
    stranger, ended = cell_fields(Cell(UNKNOWN, "v", 1, 2)), cell_fields(Cell(SOUTH, "v", 1, 2))
    return {
        "a cell twice": by_phone(5, "cell", **cell_fields(s.NORTH_LAB)),
        "a cell of an unknown source": by_phone(5, "cell", **stranger),
        "a cell of an ended source": by_laptop(24, "cell", **ended),
        "a generation of 2 without a predecessor": by_phone(5, "cell", **successor | _alone()),
        "a generation that skips one": by_phone(14, "cell", **successor | {"generation": 3}),
        "a generation that stays": by_phone(14, "cell", **successor | {"generation": 1}),
        "a successor of an unknown cell": by_phone(14, "cell", **unknown),
        "a successor of a live cell": by_phone(5, "cell", **successor),
        "a second successor": by_phone(15, "cell", **second),
        "a successor for another source": by_phone(
            14, "cell", **successor | {"source": SOUTH.handle}
        ),
    }


def _alone() -> dict[str, list[bytes]]:
    return {"replaces": []}


def scopes() -> Faults:
    successor = scope_fields(s.ROOT2, s.ROOT)
    north = scope_fields(Scope(NORTH, "vitals", 1))
    second = scope_fields(Scope(None, "vitals", 2), s.ROOT)
    return {
        "a scope twice": by_phone(8, "scope", **scope_fields(s.ROOT)),
        "a scope of an unknown node": by_phone(8, "scope", **north | {"node": UNKNOWN.handle}),
        "a scope of an ended source": by_laptop(24, "scope", **north | {"node": SOUTH.handle}),
        "a version of 2 without a predecessor": by_phone(8, "scope", **successor | _alone()),
        "a version that skips one": by_phone(14, "scope", **successor | {"version": 3}),
        "a successor of an unknown scope": by_phone(14, "scope", **scope_fields(s.ROOT2, VITALS)),
        "a successor of a live scope": by_phone(8, "scope", **successor),
        "a second successor of a scope": by_phone(17, "scope", **second),
        "a successor for another node": by_phone(
            14, "scope", **successor | {"node": NORTH.handle}
        ),
    }


def deliveries() -> Faults:
    vault, plain = s.story().state.vault, {"node": b"", "cells": [], "scopes": []}
    other = keys_fields(vault, 9, SOUTH, plain) | {"to": NORTH.handle}
    return {
        "keys for an unknown source": by_phone(9, "keys", **keys_fields(vault, 9, UNKNOWN, plain)),
        "keys for an ended source": by_laptop(24, "keys", **keys_fields(vault, 24, SOUTH, plain)),
        "keys wrapped in another suite": by_phone(9, "keys", **other),
    }


def grants() -> Faults:
    both = sorted([NORTH.handle, UNKNOWN.handle])
    wrapped = with_terms()
    others = grant_fields(s.story().state.vault, "faulty", COLLEAGUE, [s.NORTH_LAB], [s.ROOT])
    suite = wrapped | {"wrap": others["wrap"]}
    used = wrapped | {"grant": seeded("grant/reader", 16)}
    early = {"notBefore": START + 1, "expires": START}
    south, scope = {"sources": [SOUTH.handle]}, {"cells": [], "scopes": [s.NORTH_SCOPE.handle]}
    return {
        "a grant handle twice": by_phone(12, "grant", **used),
        "a grant for an unknown source": by_phone(12, "grant", **with_terms(sources=both)),
        "a grant for an unknown cell": by_phone(12, "grant", **with_terms(cells=[OTHER.handle])),
        "a grant for an unknown scope": by_phone(12, "grant", **with_terms(scopes=[VITALS.handle])),
        "a cell of a source not named": by_phone(12, "grant", **with_terms(**south)),
        "a scope of a source not named": by_phone(12, "grant", **with_terms(**south, **scope)),
        "a grant that expires before it begins": by_phone(12, "grant", **with_terms(**early)),
        "a grantee with a small-order key": by_phone(12, "grant", **with_terms(grantee=IDENTITY)),
        "a grant wrapped in another suite": by_phone(12, "grant", **suite),
    }


def closings() -> Faults:
    none, lab = s.closes([], []), s.closes([s.NORTH_LAB], [])
    grant = {"grant": seeded("grant/reader", 16)}
    missing = {"grant": seeded("grant/none", 16), "closes": none}
    cell, scope = s.closes([OTHER], []), s.closes([], [VITALS])
    return {
        "an unknown grant revoked": by_phone(13, "revoke", **missing),
        "a grant revoked twice": by_phone(14, "revoke", **grant, closes=none),
        "an unknown cell closed by a revocation": by_phone(13, "revoke", **grant, closes=cell),
        "an unknown scope closed by a revocation": by_phone(13, "revoke", **grant, closes=scope),
        "an unknown cell closed": by_phone(13, "generation", closes=cell),
        "an unknown scope closed": by_phone(13, "generation", closes=scope),
        "a cell closed twice": by_phone(14, "generation", closes=lab),
        "a scope closed twice": by_phone(14, "generation", closes=s.closes([], [s.ROOT])),
    }


def groups() -> list[Faults]:
    return [devices(), sources(), cells(), scopes(), deliveries(), grants(), closings()]
