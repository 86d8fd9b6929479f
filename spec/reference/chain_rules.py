"""What each link changes, and when it is refused. Source: spec/chain.md §2."""

from dataclasses import dataclass, field
from typing import Any

from fault import Fault
from primitives import cbor, ed25519

Entry = dict[str, Any]
PROXY = 366 * 86_400_000  # requests §3


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
    approvals: dict[bytes, Entry] = field(default_factory=dict)
    trail: Entry | None = None
    policy: int = 0
    # What must come next: ("chain/grant", request, [handles]) or ("chain/revoke", new grant).
    due: tuple[Any, ...] | None = None


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


def enters(key: bytes) -> None:
    """A key that enters the chain keeps rule 1 of statements §2."""
    if ed25519.good_key(key) is None:
        raise Fault("bad-key")


def receives(link: Entry, suite: int) -> None:
    if link["wrap"]["suite"] != suite:
        raise Fault("chain-fields", "a wrap of another suite")


def _genesis(state: State, link: Entry) -> None:
    enters(link["device"]["sign"])
    introduce(state.devices, link["device"]["id"], device=link["device"])
    state.policy = link["policyVersion"]


def _device(state: State, link: Entry) -> None:
    device = link["device"]
    if link["op"] == "add":
        enters(device["sign"])
        if device["sign"] in [entry["device"]["sign"] for entry in state.devices.values()]:
            raise Fault("chain-duplicate", "a device's key")
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
        enters(link["key"])
        others = [e["keys"]["key"] for e in state.sources.values() if e["status"] == "live"]
        if link["key"] in others:
            raise Fault("chain-duplicate", "a source's key")
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


def _keys(state: State, link: Entry) -> None:
    receives(link, live(state.sources, link["to"], "unknown-source")["keys"]["suite"])


def _grant(state: State, link: Entry) -> None:
    """What is granted may be closed or ended: its records stay."""
    terms = cbor.decode(link["terms"])
    for name in ("source", "cell", "scope"):
        for handle in terms[name + "s"]:
            entry = known(getattr(state, name + "s"), handle, "unknown-" + name)
            if entry.get("owner") and entry["owner"] not in terms["sources"]:
                raise Fault("chain-fields", "a source that the terms do not name")
    if terms["notBefore"] > terms["expires"]:
        raise Fault("chain-fields", "a grant that expires before it begins")
    enters(terms["grantee"])
    receives(link, terms["suite"])
    if terms["purpose"] in ("FAMRQT", "PWATRNY") and terms["expires"] > link["time"] + PROXY:
        raise Fault("chain-fields", "a proxy for more than 366 days")
    if link["grant"] in state.approvals:
        raise Fault("chain-duplicate", "the name of a request")
    introduce(state.grants, link["grant"], terms=terms)
    _answers(state, link["grant"], terms["request"])


def _answers(state: State, grant: bytes, request: bytes) -> None:
    """requests §2: a grant that names a request is listed by its approval, or replaces one."""
    if state.due:
        _, wanted, handles = state.due
        if request != wanted:
            raise Fault("chain-fields", "another request")
        state.due = ("chain/grant", wanted, handles[1:]) if handles[1:] else None
    elif request:
        if request not in state.approvals:
            raise Fault("chain-fields", "nobody approved it")
        state.due = ("chain/revoke", grant)


def _approval(state: State, link: Entry) -> None:
    if link["request"] in state.approvals or link["request"] in state.grants:
        raise Fault("chain-duplicate", "a request is answered once")
    state.approvals[link["request"]] = {name: link[name] for name in ("digest", "grants")}
    state.due = ("chain/grant", link["request"], list(link["grants"]))


def is_due(state: State, type_: str, link: Entry) -> bool:
    """Whether a link may stand here: while something is due, nothing else may."""
    if not state.due:
        return True
    if type_ != state.due[0]:
        return False
    return type_ != "chain/grant" or link["grant"] == state.due[2][0]


def _replaces(state: State, old: bytes) -> None:
    """The grant that ends is the one in whose place another was given, and was no narrower."""
    if not state.due:
        return
    new, state.due = state.due[1], None
    given, before = state.grants[new]["terms"], state.grants[old]["terms"]
    same = all(given[name] == before[name] for name in ("request", "grantee", "kem", "purpose"))
    inside = not before["period"] or (
        given["period"]
        and before["period"][0] <= given["period"][0]
        and given["period"][1] <= before["period"][1]
    )
    things = all(
        heir_of(getattr(state, name), handle, before[name])
        for name in ("cells", "scopes")
        for handle in given[name]
    )
    sources = set(given["sources"]) <= set(before["sources"])
    if new == old or not (same and inside and things and sources):
        raise Fault("chain-fields", "wider than what it replaces")


def heir_of(table: dict[bytes, Entry], handle: bytes, granted: list[bytes]) -> bool:
    """Whether a handle is granted, or took the place of one that is, by whatever steps."""
    reached = set(granted)
    while more := {table[h]["successor"] for h in reached if "successor" in table[h]} - reached:
        reached |= more
    return handle in reached


def _close(state: State, closes: Entry) -> None:
    for name in ("cell", "scope"):
        for handle in closes[name + "s"]:
            live(getattr(state, name + "s"), handle, "unknown-" + name)["status"] = "closed"


def _revoke(state: State, link: Entry) -> None:
    entry = live(state.grants, link["grant"], "unknown-grant")
    _replaces(state, link["grant"])
    entry["status"] = "revoked"
    _close(state, link["closes"])


def _trail(state: State, link: Entry) -> None:
    state.trail = {name: link[name] for name in ("suite", "kem")}


def _policy(state: State, link: Entry) -> None:
    if link["policyVersion"] <= state.policy:
        raise Fault("chain-fields", "policyVersion")
    state.policy = link["policyVersion"]


RULES = {
    "chain/genesis": _genesis,
    "chain/device": _device,
    "chain/roster": _roster,
    "chain/cell": _cell,
    "chain/scope": _scope,
    "chain/keys": _keys,
    "chain/grant": _grant,
    "chain/revoke": _revoke,
    "chain/generation": lambda state, link: _close(state, link["closes"]),
    "chain/approval": _approval,
    "chain/trail": _trail,
    "chain/policy": _policy,
}
