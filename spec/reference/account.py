"""The account's chain, its keys and wraps. Source: spec/accounts.md §1 to §4."""

import base64
import copy
import unicodedata
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import keys
from chain_rules import Entry, enters, introduce, live
from fault import Fault
from primitives import cbor, ed25519
from shapes import octets, record, several
from statements import parse, read

ROOTS = record(roots=several(octets(32), 1), vault=octets(0, 32), secret=octets(16))


@dataclass
class Account:
    """What reading the links gives; `owed` is what an append may not end without."""

    length: int = 0
    head: bytes = bytes(32)
    handle: bytes = b""
    devices: dict[bytes, Entry] = field(default_factory=dict)
    unlocks: dict[bytes, Entry] = field(default_factory=dict)
    roots: list[bytes] = field(default_factory=list)
    wraps: dict[bytes, Entry] = field(default_factory=dict)
    owed: str = ""

    def openers(self) -> dict[bytes, Entry]:
        both = self.devices | self.unlocks
        return {id_: e["public"] for id_, e in both.items() if e["status"] == "live"}

    def signers(self) -> list[bytes]:
        live_ones = [e["public"]["sign"] for e in self.devices.values() if e["status"] == "live"]
        return live_ones + self.roots[-1:]


def append(before: Account, links: list[bytes]) -> Account:
    """Give the account after one append; a refused one changes nothing."""
    state = copy.deepcopy(before)
    for signed in links:
        _enter(state, signed)
    if state.owed or not state.length:
        raise Fault("chain-fields", "an append that ends in between")
    return state


def _enter(state: Account, signed: bytes) -> None:
    type_ = parse(signed)[0]
    if (type_ == "account/genesis") != (state.length == 0) or type_ not in RULES:
        raise Fault("wrong-type", type_)
    link, signer = read(signed, type_)
    if link["seq"] != state.length:
        raise Fault("chain-gap")
    if link["prev"] != state.head:
        raise Fault("chain-fork")
    if signer not in (state.signers() or [link["device"]["sign"]]):
        raise Fault("unknown-device")
    RULES[type_](state, link)
    state.length, state.head = state.length + 1, sha256(signed).digest()
    state.handle = state.handle or state.head


def _fresh_signer(state: Account, key: bytes) -> None:
    enters(key)
    if key in [e["public"]["sign"] for e in state.devices.values()] + state.roots:
        raise Fault("chain-duplicate", "a signing key")


def _genesis(state: Account, link: Entry) -> None:
    _device(state, link | {"op": "add"})
    _fresh_signer(state, link["root"])
    state.roots.append(link["root"])


def _change(table: str, unknown: str) -> Any:
    name = table.removesuffix("s")

    def rule(state: Account, link: Entry) -> None:
        public, entries = link[name], getattr(state, table)
        if link["op"] == "add":
            if "sign" in public:
                _fresh_signer(state, public["sign"])
            if public["id"] in state.devices | state.unlocks:
                raise Fault("chain-duplicate", "an id")
            introduce(entries, public["id"], public=public)
            state.owed = state.owed or "wraps"
            return
        entry = live(entries, public["id"], unknown)
        if entry["public"] != public:
            raise Fault("chain-fields", "another than was added")
        entry["status"], state.owed = "removed", "new root"
        if not state.openers():
            raise Fault("not-live", "the last of all")

    return rule


_device = _change("devices", "unknown-device")


def _root(state: Account, link: Entry) -> None:
    if link["root"] != state.roots[-1]:
        _fresh_signer(state, link["root"])
        state.roots.append(link["root"])
    elif state.owed == "new root":
        raise Fault("chain-fields", "the old root after a removal")
    openers = state.openers()
    for item in link["wraps"]:
        if item["to"] not in openers:
            raise Fault("unlisted-wrap", item["to"].hex())
        if item["wrap"]["suite"] != openers[item["to"]]["suite"]:
            raise Fault("chain-fields", "a wrap of another suite")
    if len(link["wraps"]) != len(openers):
        raise Fault("chain-fields", "somebody has no wrap")
    state.wraps, state.owed = {item["to"]: item["wrap"] for item in link["wraps"]}, ""


RULES = {
    "account/genesis": _genesis,
    "account/device": _device,
    "account/unlock": _change("unlocks", "unknown-unlock"),
    "account/root": _root,
}


def device_seed(device_root: bytes, purpose: str, face: str) -> bytes:
    """§1: `sign-seed` or `kem-seed` of a face."""
    return keys.derive(device_root, purpose, face)


def root_key(root: bytes) -> bytes:
    return ed25519.public_key(keys.derive(root, "root-sign-seed"))


def unlock_seed(kind: str, secret: bytes, account: bytes) -> bytes:
    """§2; the secret of a password is `password_secret`."""
    return keys.derive(secret, "unlock", kind, account)


def password_secret(export_key: bytes, device_secret: bytes) -> bytes:
    return sha256(keys.join(b"salus/unlock", export_key, device_secret)).digest()


def device_secret_text(secret: bytes) -> str:
    """§2."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    return "-".join(plain[at : at + 5] for at in range(0, len(plain), 5))


def login_tag(login: str) -> bytes:
    """§4."""
    canonical = unicodedata.normalize("NFKC", login.strip().lower())
    return sha256(keys.join(b"salus/login", canonical.encode())).digest()


def recovery_tag(entropy: bytes) -> bytes:
    """§7."""
    return keys.derive(entropy, "recovery-tag")


def root_context(account: bytes, seq: int, to: bytes) -> dict[str, Any]:
    return {"account": account, "seq": seq, "to": to}


def read_roots(plain: bytes) -> dict[str, Any]:
    """§3: what a `root` wrap holds."""
    value = cbor.decode(plain)
    if not ROOTS(value):
        raise Fault("malformed", "account roots")
    return value

