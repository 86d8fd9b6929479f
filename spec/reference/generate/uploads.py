"""Build uploads of the story's sources. For batch-v1.json."""

from hashlib import sha256
from typing import Any

import batch
import envelope as sealed
import keys
import sharing
import statements
from generate import story as s
from generate.chain_links import OTHER
from generate.people import START, Cell, Party, Scope, drawn, organisation_node
from generate.seeded import seeded
from primitives import cbor
from primitives.merkle import tree_hash

DEPARTMENT_SCOPE = seeded("scope of a department", 16)
Item = dict[str, Any]


def record_handle(source: Party, type_: str, id_: str) -> bytes:
    key = keys.derive(organisation_node(source), "record-handle")
    return keys.handle(key, "record", type_, id_)


def ordered(scope: Scope | bytes, label: str) -> bytes:
    handle = scope if isinstance(scope, bytes) else scope.handle
    return batch.ordered_entry(handle, seeded("attribute", 16), seeded(f"term/{label}", 16))


def right(cell: Cell, label: str) -> bytes:
    return batch.sealed_entry(cell.handle, seeded("column", 16), seeded(f"right/{label}", 30))


def tag_list(cell: Cell, label: str, count: int = 8) -> bytes:
    tags = sorted(seeded(f"tag/{label}/{i}", 8) for i in range(count))
    return batch.tags_entry(cell.handle, seeded(f"nonce/{label}", 16) + b"".join(tags))


def batch_handle(label: str) -> bytes:
    return seeded(f"batch/{label}", 16)


def batch_key(label: str, cell: Cell) -> bytes:
    return seeded(f"batch/{label}/{cell.handle.hex()}")


def wrap_for(label: str, cell: Cell) -> dict[str, Any]:
    """The cell's wrap of its batch key."""
    context = {"vault": s.story().state.vault, "cell": cell.handle, "batch": batch_handle(label)}
    key, randomness = batch_key(label, cell), drawn(f"batch/{label}", cell.suite)
    wrapped = sharing.wrap(cell.suite, cell.kem, "batch", context, key, randomness)
    return {"cell": cell.handle} | wrapped


CELLS = {cell.handle: cell for cell in (*s.CELLS, OTHER)}


def wraps_for(label: str, items: list[Item]) -> list[dict[str, Any]]:
    """One wrap for each cell that an envelope is in."""
    handles = [item["envelope"][72:88] for item in items if "envelope" in item]
    return [wrap_for(label, CELLS[handle]) for handle in dict.fromkeys(handles)]


def header(
    label: str, cell: Cell, record: bytes, revision: int, /, **changes: Any
) -> sealed.Header:
    fields = {
        "vault": s.story().state.vault,
        "record": record,
        "revision": revision,
        "source": cell.source.handle,
        "cell": cell.handle,
        "generation": cell.generation,
        "policy_version": 1,
        "batch": batch_handle(label),
        "sealed_at": START + 86_400_000,
        "salt": seeded(f"salt/{label}/{record.hex()}/{revision}"),
    }
    return sealed.Header(**(fields | changes))


def record_item(
    label: str,
    cell: Cell,
    id_: str,
    revision: int,
    entries: list[bytes],
    /,
    author: Party | None = None,
    **changes: Any,
) -> Item:
    record = record_handle(cell.source, "Observation", id_)
    head = header(label, cell, record, revision, **changes)
    content = {
        "media": "application/x-salus-tombstone" if head.tombstone else "application/fhir+json",
        "path": [cell.source.name],
        "assigned": "stated",
        "body": f'{{"resourceType":"Observation","id":"{id_}"}}'.encode(),
    }
    key = keys.derive(batch_key(label, cell), "record", record, revision)
    whole = sealed.seal(key, head, content, (author or cell.source).seed)
    return {"envelope": whole, "expects": revision - 1, "entries": sorted(entries)}


def index_item(source: Party, id_: str, revision: int, entries: list[bytes]) -> Item:
    record = record_handle(source, "Observation", id_)
    return {"record": record, "revision": revision, "entries": sorted(entries)}


def upload(
    label: str,
    source: Party,
    number: int,
    prev: bytes,
    items: list[Item],
    /,
    certificates: list[bytes] | None = None,
    given: list[dict[str, Any]] | None = None,
    signer: Party | None = None,
    **changes: Any,
) -> bytes:
    """`given` replaces the wraps, `changes` fields of the statement, which is signed as it is."""
    wraps = wraps_for(label, items) if given is None else given
    seq = changes.pop("seq", s.BEGUN - 1)
    statement = {
        "vault": s.story().state.vault,
        "source": source.handle,
        "batch": batch_handle(label),
        "number": number,
        "prev": prev,
        "head": {"seq": seq, "hash": s.story().heads()[seq]},
        "time": START + 2 * 86_400_000,
        "policyVersion": 1,
        "scopes": [],
        "wraps": sha256(cbor.encode(wraps)).digest(),
        "items": len(items),
        "root": root_of(items),
    }
    fields = {
        "statement": statements.sign("batch", (signer or source).seed, statement | changes),
        "wraps": wraps,
        "certificates": certificates or [],
        "items": items,
    }
    return cbor.encode(fields)


def root_of(items: list[Item]) -> bytes:
    """The root that fits the items, spoilt ones too."""
    return tree_hash([_unchecked(item).leaf for item in items])


def _unchecked(item: Item) -> batch.Item:
    if "record" in item:
        return batch.Item(2, item["record"], item["revision"], item["entries"])
    whole = item["envelope"]
    revision = int.from_bytes(whole[52:56], "big")
    return batch.Item(1, whole[36:52], revision, item["entries"], whole)


def hash_of(body: bytes) -> bytes:
    return sha256(cbor.decode(body)["statement"]).digest()
