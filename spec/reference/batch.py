"""Entries, items and their Merkle trees. Source: spec/batch.md §2 to §4."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import envelope as sealed
from fault import Fault
from primitives.merkle import tree_hash
from shapes import HANDLE, counted, octets, record, several, uint
from tags import padded_size

ORDERED, SEALED, TAGS = 1, 2, 3
ENTRIES = several(octets(), 0, 1024)
CELL_WRAP = record(cell=HANDLE, suite=uint, enc=octets(), ct=octets())
RECORD_ITEM = record(envelope=octets(), expects=uint, entries=ENTRIES)
INDEX_ITEM = record(record=HANDLE, revision=counted, entries=ENTRIES)
UPLOAD = record(
    statement=octets(),
    wraps=several(CELL_WRAP),
    certificates=several(octets(), 0, 256),
    items=several(lambda item: RECORD_ITEM(item) or INDEX_ITEM(item), 1, 1000),
)


def ordered_entry(scope: bytes, attribute: bytes, term: bytes) -> bytes:
    """§2."""
    return bytes([ORDERED]) + scope + attribute + term


def sealed_entry(cell: bytes, attribute: bytes, right: bytes) -> bytes:
    return bytes([SEALED]) + cell + attribute + right


def tags_entry(cell: bytes, tag_list: bytes) -> bytes:
    return bytes([TAGS]) + cell + tag_list


def entries_root(record_: bytes, revision: int, entries: list[bytes]) -> bytes:
    """§3."""
    return tree_hash([record_ + revision.to_bytes(4, "big") + entry for entry in entries])


@dataclass(frozen=True)
class Item:
    """What is common to both kinds of items."""

    kind: int
    record: bytes
    revision: int
    entries: list[bytes]
    envelope: bytes = b""

    @property
    def leaf(self) -> bytes:
        """§3."""
        digest = sha256(self.envelope).digest() if self.kind == 1 else bytes(32)
        root = entries_root(self.record, self.revision, self.entries)
        return bytes([self.kind]) + self.record + self.revision.to_bytes(4, "big") + digest + root


def item_of(fields: dict[str, Any]) -> Item:
    if "envelope" not in fields:
        return Item(2, fields["record"], fields["revision"], fields["entries"])
    header = sealed.parts(fields["envelope"])[0]
    _, handle, revision = sealed.asked_for(header)
    return Item(1, handle, revision, fields["entries"], fields["envelope"])


def check_entries(item: Item) -> None:
    """§2: shapes, order, sizes."""
    entries = item.entries
    if any(a >= b for a, b in zip(entries, entries[1:])) or sum(map(len, entries)) > 65_536:
        raise Fault("malformed", "order or size of the entries")
    lists = [entry[1:17] for entry in entries if entry[:1] == bytes([TAGS])]
    if len(set(lists)) != len(lists) or not all(_shaped(entry) for entry in entries):
        raise Fault("malformed", "an entry")


def _shaped(entry: bytes) -> bool:
    if entry[:1] == bytes([ORDERED]):
        return len(entry) == 49
    if entry[:1] == bytes([SEALED]):
        return len(entry) > 33
    count, rest = divmod(len(entry) - 33, 8)
    shaped = rest == 0 and count > 0 and padded_size(count) == count
    return entry[:1] == bytes([TAGS]) and shaped
