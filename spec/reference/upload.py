"""What the cloud checks of an upload, and what it keeps. Source: spec/batch.md §5."""

import copy
from hashlib import sha256
from typing import Any

import chain_rules
from batch import UPLOAD, Item, check_entries, item_of
from fault import Fault
from primitives import cbor
from primitives.merkle import tree_hash
from statements import read
from upload_items import Store, check_columns, check_index, check_record


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
        check_columns(store, statement["source"], item.entries)
        if item.kind == 1:
            check_record(store, statement, item, given["expects"], fields["certificates"])
        else:
            check_index(store, statement["source"], item)
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
