"""What the cloud checks of an upload, and what it keeps. Source: spec/batch.md §5."""

import copy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import chain_rules
import envelope as sealed
from batch import ORDERED, UPLOAD, Item, check_entries, item_of
from fault import Fault
from primitives import cbor, ed25519
from primitives.merkle import tree_hash
from sharing import ROLES, read_certificate
from statements import message, read


@dataclass
class Store:
    """What the cloud has of one vault."""

    chain: chain_rules.State
    heads: list[bytes]
    batches: dict[bytes, dict[str, Any]] = field(default_factory=dict)  # by batch handle
    newest: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)  # by source
    records: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)  # source, revision
    below: dict[bytes, bytes] = field(default_factory=dict)  # introduced scopes, by their source


def accept(before: Store, body: bytes) -> tuple[Store, dict[str, Any]]:
    """Check everything, then give the store after it and the receipt."""
    fields, store = _decode(body), copy.deepcopy(before)
    statement, hash_ = _statement(store, fields["statement"])
    known = store.batches.get(statement["batch"])
    if known:
        if known["hash"] != hash_:
            raise Fault("batch-reused")
        return store, known | {"replayed": True}
    items = [item_of(item) for item in fields["items"]]
    _check_number(store, statement)
    if len(items) != statement["items"] or len({item.record for item in items}) != len(items):
        raise Fault("malformed", "number of items, or a record twice")
    _check_roots(statement, fields["wraps"], items)
    _introduce(store, statement)
    _check_wraps(store, fields["wraps"], items)
    for item, given in zip(items, fields["items"]):
        check_entries(item)
        _check_columns(store, statement["source"], item.entries)
        if item.kind == 1:
            _check_record(store, statement, item, given["expects"], fields["certificates"])
        else:
            _check_index(store, statement["source"], item)
    return store, _keep(store, statement, hash_, items)


def _decode(body: bytes) -> dict[str, Any]:
    try:
        fields = cbor.decode(body)
    except ValueError as why:
        raise Fault("malformed", str(why)) from why
    if not UPLOAD(fields):
        raise Fault("malformed", "not an upload")
    return fields


def _statement(store: Store, signed: bytes) -> tuple[dict[str, Any], bytes]:
    statement, signer = read(signed, "batch")
    source = store.chain.sources.get(statement["source"])
    if statement["vault"] != store.chain.vault or source is None:
        raise Fault("unknown-vault")
    if signer != source["keys"]["key"]:
        raise Fault("wrong-key")
    if source["status"] != "live":
        raise Fault("not-live", "the source")
    head = statement["head"]
    if store.heads[head["seq"] : head["seq"] + 1] != [head["hash"]]:
        raise Fault("chain-fork")
    return statement, sha256(signed).digest()


def _check_number(store: Store, statement: dict[str, Any]) -> None:
    number, prev = store.newest.get(statement["source"], (0, bytes(32)))
    if (statement["number"], statement["prev"]) != (number + 1, prev):
        raise Fault("batch-number", number=number + 1, hash=prev.hex())


def _check_roots(statement: dict[str, Any], wraps: list[Any], items: list[Item]) -> None:
    root = tree_hash([item.leaf for item in items])
    digest = sha256(cbor.encode(wraps)).digest()
    if (root, digest) != (statement["root"], statement["wraps"]):
        raise Fault("root-mismatch")


def _check_wraps(store: Store, wraps: list[Any], items: list[Item]) -> None:
    """§4: one for each cell that an envelope is in, and for no other."""
    cells = {item.envelope[72:88] for item in items if item.kind == 1}
    if sorted(wrap["cell"] for wrap in wraps) != sorted(cells):
        raise Fault("malformed", "wraps")
    for wrap in wraps:
        cell = chain_rules.known(store.chain.cells, wrap["cell"], "unknown-cell")
        if wrap["suite"] != cell["suite"]:
            raise Fault("malformed", "suite of a wrap")


def _introduce(store: Store, statement: dict[str, Any]) -> None:
    """A scope below the organisation is its own, and never another's."""
    for scope in statement["scopes"]:
        if scope in store.chain.scopes or store.below.get(scope) not in (None, statement["source"]):
            raise Fault("not-yours", "the scope is known")
        store.below[scope] = statement["source"]


def _check_columns(store: Store, source: bytes, entries: list[bytes]) -> None:
    for entry in entries:
        handle = entry[1:17]
        if entry[0] != ORDERED:
            _own(chain_rules.known(store.chain.cells, handle, "unknown-cell"), source)
        elif store.below.get(handle, source) != source:
            raise Fault("not-yours", "another's scope")
        elif handle not in store.below:
            scope = chain_rules.known(store.chain.scopes, handle, "unknown-scope")
            _own(scope | ({} if scope["owner"] else {"owner": source}), source)


def _own(entry: dict[str, Any], source: bytes) -> None:
    if entry["owner"] != source:
        raise Fault("not-yours")
    if entry["status"] != "live":
        raise Fault("not-live")


def _check_record(
    store: Store, statement: dict[str, Any], item: Item, expects: int, certificates: list[bytes]
) -> None:
    header, commitment, chunks, author, signature = sealed.parts(item.envelope)
    policy = int.from_bytes(header[92:96], "big")
    told = (header[4:36], header[56:72], header[96:112], policy)
    if told != tuple(statement[name] for name in ("vault", "source", "batch", "policyVersion")):
        raise Fault("malformed", "header against statement")
    if item.revision != expects + 1 or (header[2] == 1 and item.entries):
        raise Fault("malformed", "revision, or a tombstone with entries")
    cell = chain_rules.known(store.chain.cells, header[72:88], "unknown-cell")
    _own(cell, statement["source"])
    if int.from_bytes(header[88:92], "big") != cell["generation"]:
        raise Fault("malformed", "generation")
    roster = store.chain.sources[statement["source"]]["keys"]["key"]
    sealed_at = int.from_bytes(header[112:120], "big")
    if author != roster and not _reaches(roster, None, author, certificates, sealed_at):
        raise Fault("not-yours", "the author")
    signed = message("record", header + commitment + tree_hash(chunks))
    if kind := ed25519.verify(author, signed, signature):
        raise Fault(kind)
    owner, stored = store.records.get(item.record, (statement["source"], 0))
    if owner != statement["source"]:
        raise Fault("not-yours", "the record")
    if stored != expects:
        raise Fault("revision-conflict", record=item.record.hex(), revision=stored)


def _reaches(
    key: bytes, above: dict[str, Any] | None, author: bytes, rest: list[bytes], at: int
) -> bool:
    """Whether certificates lead from a key down to the author. The roster key has no certificate
    here, so the `parent` of the first one is not checked."""
    for signed in rest:
        fields = read_certificate(signed, at)
        role, over = ROLES.index(fields["role"]), ROLES.index(above["role"]) if above else 0
        follows = fields["issuer"] == key and role > over
        if not follows or (above and fields["parent"] != above["node"]):
            continue
        others = [other for other in rest if other != signed]
        if fields["subject"] == author or _reaches(fields["subject"], fields, author, others, at):
            return True
    return False


def _check_index(store: Store, source: bytes, item: Item) -> None:
    owner, stored = store.records.get(item.record, (source, 0))
    if owner != source:
        raise Fault("not-yours", "the record")
    if stored != item.revision:
        raise Fault("revision-conflict", record=item.record.hex(), revision=stored)


def _keep(
    store: Store, statement: dict[str, Any], hash_: bytes, items: list[Item]
) -> dict[str, Any]:
    records = [item for item in items if item.kind == 1]
    receipt = {
        "batch": statement["batch"],
        "number": statement["number"],
        "hash": hash_,
        "records": len(records),
        "entries": sum(len(item.entries) for item in items),
        "replayed": False,
    }
    store.batches[statement["batch"]] = receipt
    store.newest[statement["source"]] = (statement["number"], hash_)
    store.records |= {item.record: (statement["source"], item.revision) for item in records}
    return receipt
