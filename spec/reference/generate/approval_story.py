"""A chain with requests that are approved, extended, narrowed and succeeded. For approval-v1.json."""

from functools import cache
from hashlib import sha256
from typing import Any

import chain
import chain_rules
import sharing
import statements
from generate.links import (
    cell_fields,
    delivery,
    granted,
    keys_fields,
    scope_fields,
    terms_of,
)
from generate.people import LAPTOP, NORTH, READER, START, Cell, Party, Scope, drawn
from generate.seeded import seeded
from primitives import cbor

DAY = 86_400_000
WEST = Party("west", 2)
OTHER = Party("other device", 2)
LAB, VITALS = "laboratory", "vitals"
N_LAB = Cell(NORTH, LAB, 1, 2)
N_VITALS, N_VITALS2 = Cell(NORTH, VITALS, 1, 2), Cell(NORTH, VITALS, 2, 2)
W_LAB, W_LAB2 = Cell(WEST, LAB, 1, 2), Cell(WEST, LAB, 2, 2)
ROOT, N_SCOPE = Scope(None, LAB, 1), Scope(NORTH, LAB, 1)
FIRST, SECOND = seeded("request/first", 16), seeded("request/second", 16)

Append = list[bytes]


class Appends:
    """A chain as it was appended, and the state after each append."""

    def __init__(self) -> None:
        self.appends: list[tuple[str, Append]] = []
        self.states = [chain_rules.State()]

    def append(self, comment: str, *links: tuple[str, dict[str, Any]]) -> None:
        state = self.states[-1]
        made = sign_after(state.length, state.head, links)
        self.states.append(chain.append_all(state, made))
        self.appends.append((comment, made))


def sign_after(
    length: int, head: bytes, links: tuple[tuple[str, dict[str, Any]], ...]
) -> Append:
    """Sign links one after the other, whether they may stand there or not."""
    made: Append = []
    for at, (type_, fields) in enumerate(links):
        prev = sha256(made[-1]).digest() if made else head
        place = {"seq": length + at, "prev": prev, "time": START + 60_000 * (length + at)}
        made.append(statements.sign(f"chain/{type_}", LAPTOP.seed, place | fields))
    return made


def handle(label: str) -> bytes:
    return seeded(f"approval/grant/{label}", 16)


def grant(
    vault: bytes, label: str, cells: list[Cell], scopes: list[Scope], **changes: Any
) -> tuple[str, dict[str, Any]]:
    """A grant of the first request to the reader, unless changes say something else."""
    to = changes.pop("to", READER)
    sources = {cell.source.handle for cell in cells} | {
        scope.source.handle for scope in scopes if scope.source
    }
    terms = terms_of(to, cells, scopes) | {
        "request": FIRST,
        "sources": sorted(sources),
        "expires": START + 10 * DAY,
    }
    terms = cbor.encode(terms | changes)
    context = {"vault": vault, "grant": handle(label), "terms": terms}
    plain = cbor.encode(granted(cells, scopes))
    wrapped = sharing.wrap(to.suite, to.kem, "grant", context, plain, drawn(label, to.suite))
    return "grant", {"grant": handle(label), "terms": terms, "wrap": wrapped}


def approval(*labels: str, request: bytes = FIRST) -> tuple[str, dict[str, Any]]:
    digest = sha256(b"signed request").digest()
    return "approval", {"request": request, "digest": digest, "grants": [handle(x) for x in labels]}


def revoke(label: str, cells: list[Cell] | None = None) -> tuple[str, dict[str, Any]]:
    closes = {"cells": [cell.handle for cell in cells or []], "scopes": []}
    return "revoke", {"grant": handle(label), "closes": closes}


def _begin(a: Appends) -> None:
    fixed = {"merge": "sources", "policy": "balanced", "policyVersion": 1}
    salt = seeded("approval/genesis", 16)
    trail = {"suite": 2, "kem": LAPTOP.kem}
    a.append(
        "a vault with two sources, and a trail",
        ("genesis", {"device": LAPTOP.device(), "salt": salt} | fixed),
        ("trail", trail),
        ("roster", {"op": "add"} | NORTH.source()),
        ("roster", {"op": "add"} | WEST.source()),
        *(("cell", cell_fields(cell)) for cell in (N_LAB, N_VITALS, W_LAB)),
        *(("scope", scope_fields(scope)) for scope in (ROOT, N_SCOPE)),
    )


@cache
def story() -> Appends:
    a = Appends()
    _begin(a)
    vault = a.states[-1].vault
    both = sorted([NORTH.handle, WEST.handle])
    a.append(
        "an approval and its grants: one for each source, and one for the root",
        approval("north", "west", "root"),
        grant(vault, "north", [N_LAB, N_VITALS], [N_SCOPE]),
        grant(vault, "west", [W_LAB], []),
        grant(vault, "root", [], [ROOT], sources=both),
    )
    a.append(
        "extended",
        grant(vault, "north, longer", [N_LAB, N_VITALS], [N_SCOPE], expires=START + 20 * DAY),
        revoke("north"),
    )
    plain = delivery(NORTH, [N_VITALS2], [], False)
    seq = a.states[-1].length + 3
    a.append(
        "narrowed: what is dropped is closed and succeeded",
        grant(vault, "north, less", [N_LAB], [N_SCOPE], period=[START, START + DAY]),
        revoke("north, longer", [N_VITALS]),
        ("cell", cell_fields(N_VITALS2, N_VITALS)),
        ("keys", keys_fields(vault, seq, NORTH, plain)),
    )
    a.append(
        "succeeded for who stays: the successor is granted in its place",
        ("generation", {"closes": {"cells": [W_LAB.handle], "scopes": []}}),
        ("cell", cell_fields(W_LAB2, W_LAB)),
        grant(vault, "west, again", [W_LAB, W_LAB2], []),
        revoke("west"),
    )
    a.append(
        "a second request, of another reader",
        approval("second", request=SECOND),
        grant(vault, "second", [N_LAB], [], request=SECOND, to=OTHER),
    )
    a.append(
        "a proxy, for just 366 days",
        grant(vault, "proxy", [N_LAB], [], request=b"", purpose="FAMRQT", expires=_proxy_end(a)),
    )
    a.append("another key for the trail", ("trail", {"suite": 2, "kem": NORTH.kem}))
    a.append("all grants of a request ended", revoke("north, less"), revoke("root"))
    a.append("a newer index policy", ("policy", {"policyVersion": 2}))
    return a


def _proxy_end(a: Appends) -> int:
    return START + 60_000 * a.states[-1].length + 366 * DAY
