"""Uploads with one fault each, after so many links and accepted uploads. For batch-v1.json."""

from typing import Any

from generate import story as s
from generate.batch_shape_faults import ENTRY, LAB, LABEL, SOUTH_LAB, Faults, first, one, shapes
from generate.certificates import BELOW, DEPARTMENT, certificate
from generate.chain_links import OTHER
from generate.people import CARDIOLOGY, NORTH, PHYSICIAN, SOUTH, STRANGER, Scope
from generate.seeded import seeded
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


def signers() -> Faults:
    good = one([ENTRY])
    body = first(good)[2]
    fields = cbor.decode(body)
    statement = fields["statement"]
    spoilt = fields | {"statement": statement[:-1] + bytes([statement[-1] ^ 1])}
    other = fields | {"statement": DEPARTMENT}
    foreign = upload(LABEL, STRANGER, 1, bytes(32), good)
    south = [record_item(LABEL, SOUTH_LAB, "new", 1, [])]
    ended = upload(LABEL, SOUTH, 1, bytes(32), south)
    return {
        "a spoilt signature": (s.BEGUN, 0, cbor.encode(spoilt)),
        "another statement in its place": (s.BEGUN, 0, cbor.encode(other)),
        "signed by another key than the source's": first(good, signer=STRANGER),
        "a source that is not in the roster": (s.BEGUN, 0, foreign),
        "a source that is ended": (24, 0, ended),
        "a head that is not in the chain": first(good, head={"seq": 10, "hash": seeded("fork")}),
        "a head beyond the chain": first(good, seq=s.BEGUN),
    }


def rights() -> Faults:
    other_scope = Scope(SOUTH, "laboratory", 1)
    wrong = certificate(CARDIOLOGY, PHYSICIAN, "physician", "oncology")
    by = {"author": PHYSICIAN}
    foreign = one([ENTRY], cell=SOUTH_LAB.handle)
    return {
        "a cell that is closed": first(one([], cell=s.NORTH_LAB.handle), links=s.REVOKED),
        "an entry in a closed cell": first(one([tag_list(s.NORTH_LAB, "x")]), links=s.REVOKED),
        "an entry in a closed scope": first(one([ENTRY]), links=s.REVOKED),
        "a record in an unknown cell": first(one([ENTRY], cell=OTHER.handle)),
        "an entry in an unknown cell": first(one([tag_list(OTHER, "x")])),
        "an entry in an unknown scope": first(one([ordered(other_scope, "x")])),
        "a record in another source's cell": first(foreign),
        "a tag list in another source's cell": first(one([tag_list(SOUTH_LAB, "x")])),
        "a right half in another source's cell": first(one([right(SOUTH_LAB, "x")])),
        "an entry in another source's scope": _south([ordered(s.NORTH_SCOPE, "x")]),
        "an entry in a scope that another introduced": _south([ordered(DEPARTMENT_SCOPE, "x")], 1),
        "a scope that another introduced": _south([], 1, scopes=[DEPARTMENT_SCOPE]),
        "an author without a certificate": first(one([ENTRY], **by)),
        "an author whose path has a gap": first(one([ENTRY], **by), certificates=[BELOW]),
        "an author whose path ends elsewhere": first(one([ENTRY], **by), certificates=[DEPARTMENT]),
        "an author below another parent": first(
            one([ENTRY], **by), certificates=[DEPARTMENT, wrong]
        ),
        "an index item for another source's record": (s.BEGUN, 1, _foreign_index()),
    }


def _south(entries: list[bytes], before: int = 0, **given: Any) -> tuple[int, int, bytes]:
    items = [record_item(LABEL, SOUTH_LAB, "new", 1, entries)]
    return s.BEGUN, before, upload(LABEL, SOUTH, 1, bytes(32), items, **given)


def _foreign_index() -> bytes:
    north = index_item(NORTH, "bp", 1, [ENTRY])
    return upload(LABEL, SOUTH, 1, bytes(32), [north])


def order(bodies: list[bytes]) -> Faults:
    """Against what is stored after the accepted uploads."""
    prev, zero = hash_of(bodies[0]), bytes(32)
    good, reused = one([ENTRY]), [record_item("north 1", LAB, "new", 1, [ENTRY])]
    again = [record_item(LABEL, LAB, "bp", 1, [ENTRY])]
    late = [record_item(LABEL, LAB, "new", 2, [ENTRY])]
    skipped = [record_item(LABEL, LAB, "bp", 3, [ENTRY]) | {"expects": 1}]
    index, none = [index_item(NORTH, id_, n, [ENTRY]) for id_, n in (("bp", 2), ("none", 1))]
    after_none = {
        "a first batch with the number 2": upload(LABEL, NORTH, 2, zero, good),
        "a first batch with a predecessor": upload(LABEL, NORTH, 1, prev, good),
    }
    after_one = {
        "a number left out": upload(LABEL, NORTH, 3, prev, good),
        "a number used again": upload(LABEL, NORTH, 1, zero, good),
        "another predecessor": upload(LABEL, NORTH, 2, seeded("prev"), good),
        "a batch handle used again": upload("north 1", NORTH, 2, prev, reused),
        "a revision that is stored": upload(LABEL, NORTH, 2, prev, again),
        "a revision after one that is not": upload(LABEL, NORTH, 2, prev, late),
        "a revision other than `expects` + 1": upload(LABEL, NORTH, 2, prev, skipped),
        "an index item for a revision to come": upload(LABEL, NORTH, 2, prev, [index]),
        "an index item for an unknown record": upload(LABEL, NORTH, 2, prev, [none]),
    }
    return {why: (s.BEGUN, 0, body) for why, body in after_none.items()} | {
        why: (s.BEGUN, 1, body) for why, body in after_one.items()
    }


def roots() -> Faults:
    good = one([ENTRY])
    two = [*good, record_item(LABEL, LAB, "second", 1, [])]
    fields = cbor.decode(first(good)[2])
    both = cbor.decode(first(two)[2])
    item, wrap = good[0], fields["wraps"][0]
    other = one([ordered(s.ROOT, "y")])[0]
    resealed = one([ENTRY], salt=seeded("another salt"))[0]
    changed = wrap | {"ct": wrap["ct"][:-1] + b"\0"}
    cases = {
        "another entry": fields | {"items": [other]},
        "an entry left out": fields | {"items": [item | {"entries": []}]},
        "another envelope": fields | {"items": [resealed]},
        "items in another order": both | {"items": both["items"][::-1]},
        "another wrap": fields | {"wraps": [changed]},
    }
    return {why: (s.BEGUN, 0, cbor.encode(body)) for why, body in cases.items()}


def faults(bodies: list[bytes]) -> Faults:
    return shapes() | signers() | rights() | order(bodies) | roots()
