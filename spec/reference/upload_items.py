"""What the cloud checks of each item of an upload. Source: spec/batch.md §5."""

from dataclasses import dataclass, field
from typing import Any

import chain_rules
import envelope as sealed
from batch import ORDERED, Item
from fault import Fault
from primitives import ed25519
from primitives.merkle import tree_hash
from sharing import ROLES, read_certificate
from statements import message


@dataclass
class Store:
    """What the cloud has of one vault."""

    chain: chain_rules.State
    heads: list[bytes]
    batches: dict[bytes, dict[str, Any]] = field(default_factory=dict)  # by batch handle
    newest: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)  # by source
    records: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)  # source, revision
    below: dict[bytes, bytes] = field(default_factory=dict)  # introduced scopes, by their source


def check_columns(store: Store, source: bytes, entries: list[bytes]) -> None:
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


def check_record(
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


def check_index(store: Store, source: bytes, item: Item) -> None:
    owner, stored = store.records.get(item.record, (source, 0))
    if owner != source:
        raise Fault("not-yours", "the record")
    if stored != item.revision:
        raise Fault("revision-conflict", record=item.record.hex(), revision=stored)
