"""Proofs with one fault each. For log-v1.json."""

from typing import Any

import log
from fault import Fault
from primitives.merkle import tree_hash


def flipped(hashes: list[bytes], at: int) -> list[bytes]:
    changed = bytes([hashes[at][0] ^ 1]) + hashes[at][1:]
    return [*hashes[:at], changed, *hashes[at + 1 :]]


def inclusion_faults(leaves: list[bytes]) -> list[dict[str, Any]]:
    size, index = 13, 6
    tree = leaves[:size]
    root, entry = tree_hash(tree), tree[index]
    proof = log.path(index, tree)
    cases: list[tuple[str, int, int, list[bytes]]] = [
        ("another index", index + 1, size, proof),
        ("an index beyond the tree", size, size, proof),
        ("a size of another shape", index, 17, proof),
        ("a hash too few", index, size, proof[:-1]),
        ("a hash too many", index, size, [*proof, bytes(32)]),
        ("two hashes exchanged", index, size, [proof[1], proof[0], *proof[2:]]),
        ("no proof", index, size, []),
        *(
            (f"a flipped bit in hash {at}", index, size, flipped(proof, at))
            for at in range(len(proof))
        ),
    ]
    return [
        {
            "comment": why,
            "leaf": index,
            "index": place,
            "size": leaves_,
            "root": root.hex(),
            "proof": [it.hex() for it in given],
            "error": kind(log.verify_inclusion, place, leaves_, root, entry, given),
        }
        for why, place, leaves_, given in cases
    ]


def consistency_faults(leaves: list[bytes]) -> list[dict[str, Any]]:
    older, newer = 6, 13
    proof = log.consistency(older, leaves[:newer])
    eight = log.consistency(8, leaves[:newer])
    cases: list[tuple[str, int, int, int, list[bytes]]] = [
        ("an older root that is another's", older, 5, newer, proof),
        ("a newer root that is another's", older, older, newer - 1, proof),
        ("a hash too few", older, older, newer, proof[:-1]),
        ("a hash too many", older, older, newer, [*proof, bytes(32)]),
        ("without the subtree that it starts at", 8, 8, newer, eight[1:]),
        ("two hashes exchanged", older, older, newer, [proof[1], proof[0], *proof[2:]]),
        ("no proof", older, older, newer, []),
        ("a proof for an empty log", 0, 0, newer, proof),
        ("a proof for the same log", newer, newer, newer, proof),
        *(
            (f"a flipped bit in hash {at}", older, older, newer, flipped(proof, at))
            for at in range(len(proof))
        ),
    ]
    faults = [
        fault(why, (size, tree_hash(leaves[:of])), (13, tree_hash(leaves[:to])), given)
        for why, size, of, to, given in cases
    ]
    heads = (13, tree_hash(leaves[:13])), (6, tree_hash(leaves[:6]))
    return [*faults, fault("a log that has shrunk", *heads, proof)]


def fault(
    why: str, older: tuple[int, bytes], newer: tuple[int, bytes], given: list[bytes]
) -> dict[str, Any]:
    return {
        "comment": why,
        "from": {"size": older[0], "root": older[1].hex()},
        "to": {"size": newer[0], "root": newer[1].hex()},
        "proof": [it.hex() for it in given],
        "error": kind(log.verify_consistency, older, newer, given),
    }


def kind(check: Any, *given: Any) -> str:
    try:
        check(*given)
    except Fault as refusal:
        return refusal.kind
    raise AssertionError("accepted")
