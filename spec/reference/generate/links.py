"""Build the links of a chain one after the other, each checked by the reference as it is made."""

from hashlib import sha256
from typing import Any

import chain
import chain_rules
import sharing
import statements
from generate.people import START, Cell, Party, Scope, drawn, organisation_node
from generate.seeded import seeded
from primitives import cbor


class Chain:
    """The links so far, and the state before and after each."""

    def __init__(self) -> None:
        self.links: list[tuple[str, bytes]] = []
        self.states = [chain_rules.State()]

    @property
    def state(self) -> chain_rules.State:
        return self.states[-1]

    def next(self, signer: Party, type_: str, **fields: Any) -> bytes:
        """The next link, signed and not yet appended; fields given replace the usual ones."""
        time = START + 60_000 * self.state.length
        usual = {"seq": self.state.length, "prev": self.state.head, "time": time}
        return statements.sign(f"chain/{type_}", signer.seed, usual | fields)

    def add(self, comment: str, signer: Party, type_: str, **fields: Any) -> None:
        signed = self.next(signer, type_, **fields)
        self.states.append(chain.append(self.state, signed))
        self.links.append((comment, signed))

    def upto(self, count: int) -> "Chain":
        """The chain as it was after so many links."""
        earlier = Chain()
        earlier.links, earlier.states = self.links[:count], self.states[: count + 1]
        return earlier

    def heads(self) -> list[bytes]:
        return [sha256(signed).digest() for _, signed in self.links]


def cell_fields(cell: Cell, replaces: Cell | None = None) -> dict[str, Any]:
    return {
        "cell": cell.handle,
        "source": cell.source.handle,
        "generation": cell.generation,
        "suite": cell.suite,
        "kem": cell.kem,
        "replaces": [replaces.handle] if replaces else [],
    }


def scope_fields(scope: Scope, replaces: Scope | None = None) -> dict[str, Any]:
    return {
        "scope": scope.handle,
        "node": scope.node,
        "version": scope.version,
        "replaces": [replaces.handle] if replaces else [],
    }


def delivery(to: Party, cells: list[Cell], scopes: list[Scope], first: bool) -> dict[str, Any]:
    return {
        "node": organisation_node(to) if first else b"",
        "cells": [
            {
                "cell": cell.handle,
                "category": cell.category,
                "generation": cell.generation,
                "index": cell.index_key,
            }
            for cell in cells
        ],
        "scopes": [
            {
                "scope": scope.handle,
                "root": scope.source is None,
                "category": scope.category,
                "version": scope.version,
                "key": b"" if scope.source else scope.index_key,
            }
            for scope in scopes
        ],
    }


def keys_fields(vault: bytes, seq: int, to: Party, plain: dict[str, Any]) -> dict[str, Any]:
    context = {"vault": vault, "to": to.handle, "seq": seq}
    randomness = drawn(f"keys/{seq}", to.suite)
    text = cbor.encode(plain)
    return {
        "to": to.handle,
        "wrap": sharing.wrap(to.suite, to.kem, "keys", context, text, randomness),
    }


def terms_of(grantee: Party, cells: list[Cell], scopes: list[Scope]) -> dict[str, Any]:
    return {
        "grantee": grantee.key,
        "suite": grantee.suite,
        "kem": grantee.kem,
        "purpose": "TREAT",
        "request": b"",
        "sources": sorted({cell.source.handle for cell in cells}),
        "cells": sorted(cell.handle for cell in cells),
        "scopes": sorted(scope.handle for scope in scopes),
        "notBefore": START,
        "expires": START + 365 * 86_400_000,
        "period": [],
    }


def granted(cells: list[Cell], scopes: list[Scope]) -> dict[str, Any]:
    return {
        "cells": [
            {
                "cell": cell.handle,
                "source": cell.source.handle,
                "category": cell.category,
                "generation": cell.generation,
                "seed": cell.kem_seed,
                "index": cell.index_key,
            }
            for cell in cells
        ],
        "scopes": [
            {
                "scope": scope.handle,
                "node": scope.node,
                "category": scope.category,
                "version": scope.version,
                "key": scope.index_key,
            }
            for scope in scopes
        ],
    }


def grant_fields(
    vault: bytes, label: str, grantee: Party, cells: list[Cell], scopes: list[Scope]
) -> dict[str, Any]:
    grant = seeded(f"grant/{label}", 16)
    terms = cbor.encode(terms_of(grantee, cells, scopes))
    context = {"vault": vault, "grant": grant, "terms": terms}
    plain = cbor.encode(granted(cells, scopes))
    randomness = drawn(f"grant/{label}", grantee.suite)
    wrapped = sharing.wrap(grantee.suite, grantee.kem, "grant", context, plain, randomness)
    return {"grant": grant, "terms": terms, "wrap": wrapped}
