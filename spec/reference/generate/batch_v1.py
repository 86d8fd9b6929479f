"""Write vectors/batch-v1.json: uploads that are accepted one after the other, and refused ones."""

from typing import Any

import batch
import upload as cloud
from fault import Fault
from generate import story as s
from generate.batch_faults import faults
from generate.certificates import BELOW, DEPARTMENT
from generate.people import NORTH, PHONE, PHYSICIAN, SOUTH
from generate.uploads import (
    DEPARTMENT_SCOPE,
    hash_of,
    index_item,
    ordered,
    record_item,
    right,
    tag_list,
    upload,
)
from primitives import cbor

LAB = s.NORTH_LAB


def accepted() -> list[tuple[str, bytes]]:
    """The uploads of the story, each after those before it."""
    blood = [ordered(s.ROOT, "bp"), ordered(s.NORTH_SCOPE, "bp"), tag_list(LAB, "bp")]
    noted = [ordered(DEPARTMENT_SCOPE, "note"), right(LAB, "note"), tag_list(LAB, "note")]
    items = [
        record_item("north 1", LAB, "bp", 1, blood),
        record_item("north 1", LAB, "note", 1, noted, PHYSICIAN),
        record_item("north 1", LAB, "bare", 1, []),
    ]
    more: dict[str, Any] = {"certificates": [DEPARTMENT, BELOW], "scopes": [DEPARTMENT_SCOPE]}
    first = upload("north 1", NORTH, 1, bytes(32), items, **more)
    items = [
        record_item("north 2", LAB, "bp", 2, [ordered(s.ROOT, "bp 2"), tag_list(LAB, "bp 2")]),
        record_item("north 2", LAB, "note", 2, [], tombstone=True),
    ]
    second = upload("north 2", NORTH, 2, hash_of(first), items)
    items = [index_item(NORTH, "bp", 2, [ordered(s.ROOT, "bp again"), tag_list(LAB, "again")])]
    third = upload("north 3", NORTH, 3, hash_of(second), items)
    items = [record_item("south 1", s.SOUTH_LAB, "bp", 1, [ordered(s.ROOT, "south")])]
    south = upload("south 1", SOUTH, 1, bytes(32), items)
    return [
        ("three records, one by a physician, in a scope of her department", first),
        ("an update and a tombstone", second),
        ("an index item alone", third),
        ("another source's first", south),
    ]


def store_after(links: int, bodies: list[bytes]) -> cloud.Store:
    story = s.story()
    store = cloud.Store(story.states[links], story.heads()[:links])
    for body in bodies:
        store, _ = cloud.accept(store, body)
    return store


def item_case(fields: dict[str, Any]) -> dict[str, Any]:
    item = batch.item_of(fields)
    return {
        "kind": item.kind,
        "record": item.record.hex(),
        "revision": item.revision,
        "entries": [entry.hex() for entry in item.entries],
        "entriesRoot": item.leaf[-32:].hex(),
        "leaf": item.leaf.hex(),
    }


def valid() -> list[dict[str, Any]]:
    cases, store = [], store_after(s.BEGUN, [])
    for why, body in accepted():
        store, receipt = cloud.accept(store, body)
        fields = cbor.decode(body)
        assert cloud.accept(store, body)[1] == receipt | {"replayed": True}
        cases.append(
            {
                "comment": why,
                "items": [item_case(item) for item in fields["items"]],
                "root": cbor.decode(cbor.decode(fields["statement"])[1])["root"].hex(),
                "receipt": {k: v.hex() if isinstance(v, bytes) else v for k, v in receipt.items()},
                "upload": body.hex(),
            }
        )
    return cases


def refused(why: str, links: int, before: list[bytes], body: bytes) -> dict[str, Any]:
    store = store_after(links, before)
    try:
        cloud.accept(store, body)
    except Fault as fault:
        case = {"comment": why, "links": links, "after": len(before), "upload": body.hex()}
        return case | {"error": fault.kind, **fault.carried}
    raise AssertionError(why)


def vectors() -> dict[str, Any]:
    bodies = [body for _, body in accepted()]
    return {
        "spec": "spec/batch.md",
        "source": "spec/reference/batch.py, upload.py",
        "note": (
            f"The vault is that of chain-v1.json after its first `links` links ({s.BEGUN} for the "
            "valid uploads). `after` counts the valid uploads that were accepted before. `signers` are "
            "those who would make the requests."
        ),
        "vault": s.story().state.vault.hex(),
        "links": s.BEGUN,
        "signers": [
            {"key": party.key.hex(), "seed": party.seed.hex()} for party in (PHONE, NORTH, SOUTH)
        ],
        "valid": valid(),
        "invalid": [
            refused(why, links, bodies[:after], body)
            for why, (links, after, body) in faults(bodies).items()
        ],
    }
