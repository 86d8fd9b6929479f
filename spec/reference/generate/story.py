"""The one story that the vectors of statements, chain, sharing and batches tell."""

from functools import cache

from generate.links import (
    Chain,
    cell_fields,
    delivery,
    grant_fields,
    keys_fields,
    scope_fields,
)
from generate.people import COLLEAGUE, LAPTOP, NORTH, PHONE, READER, SOUTH, Cell, Scope
from generate.seeded import seeded

LAB, MENTAL = "laboratory", "mental-health"
NORTH_LAB, NORTH_LAB2 = Cell(NORTH, LAB, 1, 1), Cell(NORTH, LAB, 2, 2)
NORTH_MENTAL, NORTH_MENTAL2 = Cell(NORTH, MENTAL, 1, 2), Cell(NORTH, MENTAL, 2, 2)
SOUTH_LAB, SOUTH_LAB2 = Cell(SOUTH, LAB, 1, 2), Cell(SOUTH, LAB, 2, 2)
ROOT, ROOT2 = Scope(None, LAB, 1), Scope(None, LAB, 2)
NORTH_SCOPE, NORTH_SCOPE2 = Scope(NORTH, LAB, 1), Scope(NORTH, LAB, 2)

CELLS = [NORTH_LAB, NORTH_LAB2, NORTH_MENTAL, NORTH_MENTAL2, SOUTH_LAB, SOUTH_LAB2]

# How many links the chain has after each part.
BEGUN, GRANTED, REVOKED, SUCCEEDED, ENDED = 11, 13, 14, 20, 25


def closes(cells: list[Cell], scopes: list[Scope]) -> dict[str, list[bytes]]:
    return {"cells": sorted(c.handle for c in cells), "scopes": sorted(s.handle for s in scopes)}


def _begin(c: Chain) -> None:
    genesis = {"merge": "sources", "policy": "balanced", "policyVersion": 1}
    salt = seeded("genesis", 16)
    c.add("genesis, X-Wing", PHONE, "genesis", device=PHONE.device(), salt=salt, **genesis)
    c.add("a second device, X25519", PHONE, "device", op="add", device=LAPTOP.device())
    c.add("a first source", PHONE, "roster", op="add", **NORTH.source())
    c.add("a second source, by the second device", LAPTOP, "roster", op="add", **SOUTH.source())
    c.add("a cell", PHONE, "cell", **cell_fields(NORTH_LAB))
    c.add("a cell of another category", PHONE, "cell", **cell_fields(NORTH_MENTAL))
    c.add("a cell of another source", PHONE, "cell", **cell_fields(SOUTH_LAB))
    c.add("a scope of the root", PHONE, "scope", **scope_fields(ROOT))
    c.add("a scope of an organisation", PHONE, "scope", **scope_fields(NORTH_SCOPE))
    _deliver(c, "keys for the first source", [NORTH_LAB, NORTH_MENTAL], [ROOT, NORTH_SCOPE], True)
    _deliver(c, "keys for the second source", [SOUTH_LAB], [ROOT], True)


def _deliver(c: Chain, why: str, cells: list[Cell], scopes: list[Scope], first: bool) -> None:
    to = cells[0].source
    plain = delivery(to, cells, scopes, first)
    c.add(why, PHONE, "keys", **keys_fields(c.state.vault, c.state.length, to, plain))


def _grant(c: Chain) -> None:
    both = [NORTH_LAB, SOUTH_LAB]
    vault = c.state.vault
    fields = grant_fields(vault, "reader", READER, both, [ROOT])
    c.add("a grant over two sources", PHONE, "grant", **fields)
    fields = grant_fields(vault, "colleague", COLLEAGUE, [NORTH_LAB], [NORTH_SCOPE])
    c.add("a grant for one source, X-Wing", LAPTOP, "grant", **fields)


def _revoke(c: Chain) -> None:
    grant = seeded("grant/reader", 16)
    c.add(
        "a revocation that closes what was granted",
        PHONE,
        "revoke",
        grant=grant,
        closes=closes([NORTH_LAB, SOUTH_LAB], [ROOT]),
    )


def _succeed(c: Chain) -> None:
    c.add("the successor of a cell", PHONE, "cell", **cell_fields(NORTH_LAB2, NORTH_LAB))
    c.add("the successor of the other", PHONE, "cell", **cell_fields(SOUTH_LAB2, SOUTH_LAB))
    c.add("the successor of the scope", PHONE, "scope", **scope_fields(ROOT2, ROOT))
    _deliver(c, "new keys for the first source", [NORTH_LAB2], [ROOT2], False)
    _deliver(c, "new keys for the second source", [SOUTH_LAB2], [ROOT2], False)
    cells, scopes = [NORTH_LAB, NORTH_LAB2], [NORTH_SCOPE]
    fields = grant_fields(c.state.vault, "colleague again", COLLEAGUE, cells, scopes)
    c.add("a new grant for the reader who stays, of a closed cell too", PHONE, "grant", **fields)


def _end(c: Chain) -> None:
    shut = closes([NORTH_MENTAL], [NORTH_SCOPE])
    c.add("a new generation without a revocation", PHONE, "generation", closes=shut)
    fields = cell_fields(NORTH_MENTAL2, NORTH_MENTAL)
    c.add("the successor of the cell closed", PHONE, "cell", **fields)
    c.add("a device removed by another", LAPTOP, "device", op="remove", device=PHONE.device())
    c.add("a source ended", LAPTOP, "roster", op="end", **SOUTH.source())
    fields = grant_fields(c.state.vault, "ended", READER, [SOUTH_LAB, SOUTH_LAB2], [])
    c.add("a grant for what an ended source left", LAPTOP, "grant", **fields)


@cache
def story() -> Chain:
    c = Chain()
    for part in (_begin, _grant, _revoke, _succeed, _end):
        part(c)
    assert c.state.length == ENDED
    return c
