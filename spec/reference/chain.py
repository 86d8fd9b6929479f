"""The patient's chain. Source: spec/chain.md §2."""

import copy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from fault import Fault
from primitives import cbor
from statements import parse, read

Entry = dict[str, Any]


@dataclass
class State:
    """What reading the links gives; every table maps a handle to what is known of it."""

    length: int = 0
    head: bytes = bytes(32)
    vault: bytes = b""
    devices: dict[bytes, Entry] = field(default_factory=dict)
    sources: dict[bytes, Entry] = field(default_factory=dict)
    cells: dict[bytes, Entry] = field(default_factory=dict)
    scopes: dict[bytes, Entry] = field(default_factory=dict)
    grants: dict[bytes, Entry] = field(default_factory=dict)


def known(table: dict[bytes, Entry], handle: bytes, kind: str) -> Entry:
    if handle not in table:
        raise Fault(kind, handle.hex())
    return table[handle]


def live(table: dict[bytes, Entry], handle: bytes, kind: str) -> Entry:
    entry = known(table, handle, kind)
    if entry["status"] != "live":
        raise Fault("not-live", handle.hex())
    return entry


def introduce(table: dict[bytes, Entry], handle: bytes, **fields: Any) -> None:
    if handle in table:
        raise Fault("chain-duplicate", handle.hex())
    table[handle] = {"status": "live", **fields}


def succeed(table: dict[bytes, Entry], link: Entry, kind: str, count: str, owner: str) -> None:
    """The rule of `generation` and `version`: one above what is replaced, or 1."""
    if not link["replaces"]:
        if link[count] != 1:
            raise Fault("chain-fields", count)
        return
    before = known(table, link["replaces"][0], kind)
    follows = before["status"] == "closed" and "successor" not in before
    if not follows or before["owner"] != link[owner] or link[count] != before[count] + 1:
        raise Fault("chain-fields", "replaces")


def _genesis(state: State, link: Entry, signed: bytes) -> None:
    state.vault = sha256(signed).digest()
    introduce(state.devices, link["device"]["id"], device=link["device"])


def _device(state: State, link: Entry) -> None:
    device = link["device"]
    if link["op"] == "add":
        introduce(state.devices, device["id"], device=device)
        return
    entry = live(state.devices, device["id"], "unknown-device")
    if entry["device"] != device:
        raise Fault("chain-fields", "another device than was added")
    if sum(other["status"] == "live" for other in state.devices.values()) == 1:
        raise Fault("not-live", "the last device")
    entry["status"] = "removed"


def _roster(state: State, link: Entry) -> None:
    keys = {name: link[name] for name in ("key", "suite", "kem")}
    if link["op"] == "add":
        introduce(state.sources, link["source"], keys=keys)
        return
    entry = live(state.sources, link["source"], "unknown-source")
    if entry["keys"] != keys:
        raise Fault("chain-fields", "another source than was added")
    entry["status"] = "ended"


def _cell(state: State, link: Entry) -> None:
    live(state.sources, link["source"], "unknown-source")
    succeed(state.cells, link, "unknown-cell", "generation", "source")
    fields = {name: link[name] for name in ("generation", "suite", "kem")}
    introduce(state.cells, link["cell"], owner=link["source"], **fields)
    for before in link["replaces"]:
        state.cells[before]["successor"] = link["cell"]


def _scope(state: State, link: Entry) -> None:
    if link["node"]:
        live(state.sources, link["node"], "unknown-source")
    succeed(state.scopes, link, "unknown-scope", "version", "node")
    introduce(state.scopes, link["scope"], owner=link["node"], version=link["version"])
    for before in link["replaces"]:
        state.scopes[before]["successor"] = link["scope"]


def _grant(state: State, link: Entry) -> None:
    """What is granted may be closed or ended: its records stay."""
    terms = cbor.decode(link["terms"])
    for name in ("source", "cell", "scope"):
        for handle in terms[name + "s"]:
            known(getattr(state, name + "s"), handle, "unknown-" + name)
    introduce(state.grants, link["grant"], terms=terms)


def _close(state: State, closes: Entry) -> None:
    for name in ("cell", "scope"):
        for handle in closes[name + "s"]:
            live(getattr(state, name + "s"), handle, "unknown-" + name)["status"] = "closed"


def _revoke(state: State, link: Entry) -> None:
    live(state.grants, link["grant"], "unknown-grant")["status"] = "revoked"
    _close(state, link["closes"])


RULES = {
    "chain/device": _device,
    "chain/roster": _roster,
    "chain/cell": _cell,
    "chain/scope": _scope,
    "chain/keys": lambda state, link: live(state.sources, link["to"], "unknown-source"),
    "chain/grant": _grant,
    "chain/revoke": _revoke,
    "chain/generation": lambda state, link: _close(state, link["closes"]),
}


def append(before: State, signed: bytes) -> State:
    """Give the state after one more link; a refused link changes nothing."""
    state = copy.deepcopy(before)
    type_ = parse(signed)[0]
    if (type_ == "chain/genesis") != (state.length == 0) or type_ not in ("chain/genesis", *RULES):
        raise Fault("wrong-type", type_)
    link, signer = read(signed, type_)
    if link["seq"] != state.length:
        raise Fault("chain-gap")
    if link["prev"] != state.head:
        raise Fault("chain-fork")
    signers = [e["device"]["sign"] for e in state.devices.values() if e["status"] == "live"]
    if signer not in (signers or [link["device"]["sign"]]):
        raise Fault("unknown-device")
    if type_ == "chain/genesis":
        _genesis(state, link, signed)
    else:
        RULES[type_](state, link)
    state.length, state.head = state.length + 1, sha256(signed).digest()
    return state
