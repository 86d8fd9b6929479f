"""The log. Source: spec/log.md §1; RFC 6962 §2.1, word for word."""

import hashlib
import hmac
from typing import Any

import keys
import statements
from fault import Fault
from primitives import cbor
from primitives.merkle import tree_hash


def mac(salt: bytes, *parts: keys.Part) -> bytes:
    return hmac.new(salt, keys.join(*map(keys.as_bytes, parts)), hashlib.sha256).digest()


def leaf(salt: bytes, kind: str, time: int, number: int, object_: bytes) -> bytes:
    mark = mac(salt, "salus/log/mark", number.to_bytes(8, "big"))[:16]
    return cbor.encode([kind, time, mark, mac(salt, "salus/log", kind, object_)])


def split(leaves: int) -> int:
    """The greatest power of two below a number."""
    return 1 << (leaves - 1).bit_length() - 1


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """§2.1.1, PATH."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), tree_hash(leaves[k:])]
    return [*path(index - k, leaves[k:]), tree_hash(leaves[:k])]


def subproof(size: int, leaves: list[bytes]) -> list[bytes]:
    """§2.1.2, SUBPROOF with b false, always."""
    if size == len(leaves):
        return [tree_hash(leaves)]
    k = split(len(leaves))
    if size <= k:
        return [*subproof(size, leaves[:k]), tree_hash(leaves[k:])]
    return [*subproof(size - k, leaves[k:]), tree_hash(leaves[:k])]


def consistency(size: int, leaves: list[bytes]) -> list[bytes]:
    return [] if size in (0, len(leaves)) else subproof(size, leaves)


def root_of_path(index: int, size: int, start: bytes, proof: list[bytes]) -> bytes:
    """Undo `path`; every hash of the proof must be used."""
    if size == 1:
        if proof:
            raise Fault("bad-proof", "hashes left")
        return start
    if not proof:
        raise Fault("bad-proof", "hashes missing")
    k, last = split(size), proof[-1]
    if index < k:
        return node(root_of_path(index, k, start, proof[:-1]), last)
    return node(last, root_of_path(index - k, size - k, start, proof[:-1]))


def verify_inclusion(index: int, size: int, root: bytes, entry: bytes, proof: list[bytes]) -> None:
    if index >= size or root_of_path(index, size, leaf_hash(entry), proof) != root:
        raise Fault("bad-proof")


def roots_of(older: int, newer: int, proof: list[bytes]) -> tuple[bytes, bytes]:
    """Undo `subproof`: the roots of both trees."""
    if not proof:
        raise Fault("bad-proof", "hashes missing")
    if older == newer:
        if len(proof) != 1:
            raise Fault("bad-proof", "hashes left")
        return proof[0], proof[0]
    k, last = split(newer), proof[-1]
    if older <= k:
        before, after = roots_of(older, k, proof[:-1])
        return before, node(after, last)
    before, after = roots_of(older - k, newer - k, proof[:-1])
    return node(last, before), node(last, after)


def verify_consistency(
    older: tuple[int, bytes], newer: tuple[int, bytes], proof: list[bytes]
) -> None:
    if older[0] > newer[0]:
        raise Fault("bad-proof", "shrunk")
    if older[0] in (0, newer[0]):
        wanted = newer[1] if older[0] == newer[0] else tree_hash([])
        if proof or older[1] != wanted:
            raise Fault("bad-proof")
    elif roots_of(older[0], newer[0], proof) != (older[1], newer[1]):
        raise Fault("bad-proof")


def verify_evidence(evidence: bytes, key: bytes | None = None) -> str:
    """Give what is shown: `log-fork` or `log-inconsistent`."""
    parts = read_evidence(evidence)
    first, signer = statements.read(parts["first"], "checkpoint", key)
    second, _ = statements.read(parts["second"], "checkpoint", signer)
    none = Fault("no-contradiction")
    if first["log"] != second["log"] or first["size"] > second["size"]:
        raise none
    if first["size"] == second["size"]:
        if parts["proof"] or first["root"] == second["root"]:
            raise none
        return "log-fork"
    if first["size"] == 0:
        raise none
    try:
        before, after = roots_of(first["size"], second["size"], parts["proof"])
    except Fault as fault:
        raise none from fault
    if after != second["root"] or before == first["root"]:
        raise none
    return "log-inconsistent"


def read_evidence(evidence: bytes) -> dict[str, Any]:
    try:
        parts = cbor.decode(evidence)
    except ValueError as why:
        raise Fault("malformed", str(why)) from why
    fits = isinstance(parts, dict) and set(parts) == {"first", "second", "proof"}
    if not fits or not all(isinstance(parts[it], bytes) for it in ("first", "second")):
        raise Fault("malformed")
    hashes = parts["proof"]
    if not isinstance(hashes, list) or not all(
        isinstance(it, bytes) and len(it) == 32 for it in hashes
    ):
        raise Fault("malformed")
    return parts
