"""Uploads that are malformed. For batch-v1.json."""

from typing import Any

from generate import story as s
from generate.people import NORTH, SOUTH
from generate.seeded import seeded
from generate.uploads import index_item, ordered, record_item, tag_list, upload, wrap_for
from primitives import cbor

LAB, SOUTH_LAB = s.NORTH_MENTAL, s.SOUTH_LAB  # small wraps, and live to the end
LABEL = "faulty"
# (links, uploads accepted before, body)
Faults = dict[str, tuple[int, int, bytes]]
ENTRY = ordered(s.ROOT, "x")


def first(
    records: list[dict[str, Any]], links: int = s.BEGUN, **changes: Any
) -> tuple[int, int, bytes]:
    """A first batch of the northern hospital."""
    return links, 0, upload(LABEL, NORTH, 1, bytes(32), records, **changes)


def one(entries: list[bytes], **given: Any) -> list[dict[str, Any]]:
    return [record_item(LABEL, LAB, "new", 1, entries, **given)]


def unsorted(entries: list[bytes]) -> list[dict[str, Any]]:
    return [one([])[0] | {"entries": entries}]


def shapes() -> Faults:
    low, high = sorted([ordered(s.ROOT, "x"), ordered(s.ROOT, "y")])
    two_lists = [tag_list(LAB, "x"), tag_list(LAB, "y")]
    good = one([ENTRY])
    cut = [good[0] | {"envelope": good[0]["envelope"][:-1]}]
    body = first(good)[2]
    more = cbor.encode(cbor.decode(body) | {"more": 1})
    grave = one([ENTRY], tombstone=True)
    spare = [wrap_for(LABEL, cell) for cell in (LAB, s.NORTH_LAB)]
    return {
        "entries in another order": first(unsorted([high, low])),
        "an entry twice": first(unsorted([low, low])),
        "two tag lists of one cell": first(one(two_lists)),
        "an entry of an unknown kind": first(one([b"\x04" + ENTRY[1:]])),
        "a term of 15 bytes": first(one([ENTRY[:-1]])),
        "a tag list without tags": first(one([tag_list(LAB, "x")[:33]])),
        "a tag list of nine tags": first(one([tag_list(LAB, "x", 9)])),
        "a tag list cut in a tag": first(one([tag_list(LAB, "x")[:-1]])),
        "an empty entry": first(one([b""])),
        "an envelope cut off": first(cut),
        "no items": first([], items=1),
        "an unknown field in the body": (s.BEGUN, 0, more),
        "a body cut off": (s.BEGUN, 0, body[:-1]),
        "a header of another vault": first(one([ENTRY], vault=seeded("other vault"))),
        "a header of another source": first(one([ENTRY], source=SOUTH.handle)),
        "a header of another batch": first(one([ENTRY], batch=seeded("other batch", 16))),
        "a header of another policy version": first(one([ENTRY], policy_version=2)),
        "a header of another generation": first(one([ENTRY], generation=2)),
        "a tombstone with entries": first(grave),
        "a record in two items": first([*good, index_item(NORTH, "new", 1, [ENTRY])]),
        "fewer items than stated": first(good, items=2),
        "no wrap for the cell": first(good, given=[]),
        "a wrap twice": first(good, given=[wrap_for(LABEL, LAB)] * 2),
        "a wrap for a cell without an envelope": first(good, given=spare),
        "a wrap of another suite than the cell's": first(good, given=_other_suite()),
        "an unknown field in the statement": first(good, more=1),
        "a number of 0": _numbered(good),
    }


def _other_suite() -> list[dict[str, Any]]:
    return [wrap_for(LABEL, s.NORTH_LAB) | {"cell": LAB.handle}]


def _numbered(items: list[dict[str, Any]]) -> tuple[int, int, bytes]:
    return s.BEGUN, 0, upload(LABEL, NORTH, 0, bytes(32), items)
