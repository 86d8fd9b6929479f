"""Write vectors/log-v1.json."""

from typing import Any

import log
import statements
import trail
from fault import Fault
from generate.log_faults import consistency_faults, inclusion_faults
from generate.people import START
from generate.seeded import seeded
from primitives import cbor, ed25519, x25519
from primitives.merkle import tree_hash

SALT, OTHER_SALT = seeded("log/salt"), seeded("log/other salt")
SIGNER, OTHER = seeded("log/signer"), seeded("log/other signer")
SERVICE = "0123456789abcdef0123456789abcdef"
KINDS = ["chain", "certificate", "access", "account", "look-up", "request"]
SIZE = 21
PAIRS = [(0, 0), (0, 5), (1, 2), (1, 21), (2, 3), (3, 7), (4, 7), (6, 7), (7, 7)]
PAIRS += [(8, 16), (12, 21), (16, 21)]


def contents() -> list[dict[str, Any]]:
    return [
        {
            "salt": SALT if at % 3 else OTHER_SALT,
            "kind": KINDS[at % len(KINDS)],
            "time": START + 1000 * at,
            "number": at // 3,
            "object": seeded(f"log/object/{at}", 72 if at % 6 == 0 else 32),
        }
        for at in range(SIZE)
    ]


def entry(content: dict[str, Any]) -> bytes:
    return log.leaf(
        content["salt"], content["kind"], content["time"], content["number"], content["object"]
    )


LEAVES = [entry(content) for content in contents()]
FORKED = [*LEAVES[:9], seeded("log/forked leaf", 60), *LEAVES[10:]]


def checkpoint(
    leaves: list[bytes], size: int, seed: bytes = SIGNER, service: str = SERVICE, later: int = 0
) -> bytes:
    root = tree_hash(leaves[:size])
    time = START + 60_000 + later
    return statements.sign(
        "checkpoint", seed, {"log": service, "size": size, "root": root, "time": time}
    )


def evidence(first: bytes, second: bytes, proof: list[bytes]) -> bytes:
    return cbor.encode({"first": first, "second": second, "proof": proof})


def judged(comment: str, shown: bytes, key: bytes | None = None) -> dict[str, Any]:
    given = {"comment": comment, "evidence": shown.hex()}
    if key is not None:
        given["key"] = key.hex()
    try:
        return given | {"shows": log.verify_evidence(shown, key)}
    except Fault as fault:
        return given | {"error": fault.kind}


def contradictions() -> list[dict[str, Any]]:
    proof = log.consistency(12, FORKED)
    return [
        judged("one size, two roots", evidence(checkpoint(LEAVES, 12), checkpoint(FORKED, 12), [])),
        judged(
            "the older is no beginning of the newer",
            evidence(checkpoint(LEAVES, 12), checkpoint(FORKED, SIZE), proof),
            ed25519.public_key(SIGNER),
        ),
        judged(
            "from a size that is a power of two",
            evidence(
                checkpoint(LEAVES, 16), checkpoint(FORKED, SIZE), log.consistency(16, FORKED)
            ),
        ),
    ]


def no_contradictions() -> list[dict[str, Any]]:
    honest, proof = checkpoint(LEAVES, 12), log.consistency(12, FORKED)
    forked, forged = checkpoint(FORKED, SIZE), log.consistency(12, LEAVES)
    spoiled = forked[:-1] + bytes([forked[-1] ^ 1])
    cases = [
        ("one checkpoint twice", evidence(honest, honest, []), None),
        ("one tree at two times", evidence(honest, checkpoint(LEAVES, 12, later=1), []), None),
        ("a log that has grown", evidence(honest, checkpoint(LEAVES, SIZE), forged), None),
        ("a proof that anybody can write", evidence(honest, forked, forged), None),
        ("a proof cut short", evidence(honest, forked, proof[:-1]), None),
        ("a proof with a hash too many", evidence(honest, forked, [*proof, bytes(32)]), None),
        ("no proof", evidence(honest, forked, []), None),
        ("the newer first", evidence(forked, honest, proof), None),
        ("a proof for one size", evidence(honest, checkpoint(FORKED, 12), proof), None),
        ("an empty log before", evidence(checkpoint(LEAVES, 0), forked, []), None),
        (
            "two services",
            evidence(honest, checkpoint(FORKED, SIZE, service="another"), proof),
            None,
        ),
        ("two keys", evidence(honest, checkpoint(FORKED, SIZE, seed=OTHER), proof), None),
        ("another key than the log's", evidence(honest, forked, proof), ed25519.public_key(OTHER)),
        ("a signature of nobody", evidence(honest, spoiled, proof), None),
        (
            "no checkpoint",
            evidence(honest, statements.sign("capability", SIGNER, {}), proof),
            None,
        ),
        ("a proof of another length of hash", evidence(honest, forked, [b"short"]), None),
        ("a field missing", cbor.encode({"first": honest, "second": forked}), None),
        ("bytes behind", evidence(honest, forked, proof) + b"\x00", None),
    ]
    return [judged(comment, shown, key) for comment, shown, key in cases]


VAULT, GRANT = seeded("log/vault"), seeded("log/grant", 16)
READER_SEED = seeded("log/trail seed")
CONTENT = {
    "action": "search",
    "query": "Observation?code=8480-6&value-quantity=gt140",
    "name": "Dr. Ada Øster",
    "node": "clinic-7/ward-2",
}


def trail_cases() -> dict[str, list[dict[str, Any]]]:
    public = x25519.public_key(READER_SEED)
    long = CONTENT | {"query": "é" * 512, "checkpoint": checkpoint(LEAVES, SIZE)}
    valid = [CONTENT | {"checkpoint": b""}, CONTENT | {"checkpoint": checkpoint(LEAVES, 12)}, long]
    entries = [
        trail.seal(public, VAULT, GRANT, content, seeded(f"log/trail/{at}"))
        for at, content in enumerate(valid)
    ]
    bad = CONTENT | {"checkpoint": b"", "action": "stroll"}
    loose = {"vault": VAULT, "grant": GRANT}
    plain = trail.pad(cbor.encode(valid[0]))
    faults = [
        ("another vault", entries[0], seeded("log/another vault"), GRANT),
        ("another grant", entries[0], VAULT, seeded("log/another grant", 16)),
        ("a flipped bit", entries[0][:-1] + bytes([entries[0][-1] ^ 1]), VAULT, GRANT),
        ("an unknown action", seal(public, bad), VAULT, GRANT),
        ("a padding that is not zero", padded(public, loose, plain[:-1] + b"\x01"), VAULT, GRANT),
        ("a step too much of padding", padded(public, loose, plain + bytes(512)), VAULT, GRANT),
        ("no padding", padded(public, loose, plain.rstrip(b"\x00")), VAULT, GRANT),
    ]
    return {
        "valid": [
            {
                "entry": entry_.hex(),
                "nonce": trail.nonce(entry_).hex(),
                "drawn": seeded(f"log/trail/{at}").hex(),
                "content": content | {"checkpoint": content["checkpoint"].hex()},
            }
            for at, (entry_, content) in enumerate(zip(entries, valid))
        ],
        "invalid": [
            {
                "comment": why,
                "entry": entry_.hex(),
                "vault": vault.hex(),
                "grant": grant.hex(),
                "error": refused(entry_, vault, grant),
            }
            for why, entry_, vault, grant in faults
        ],
    }


def seal(public: bytes, content: dict[str, Any]) -> bytes:
    return trail.seal(public, VAULT, GRANT, content, seeded("log/trail/fault"))


def padded(public: bytes, context: dict[str, Any], plain: bytes) -> bytes:
    drawn = seeded("log/trail/padding")
    return cbor.encode(trail.sharing.wrap(2, public, "trail", context, plain, drawn))


def refused(entry_: bytes, vault: bytes, grant: bytes) -> str:
    try:
        trail.open_entry(READER_SEED, vault, grant, entry_)
    except Fault as fault:
        return fault.kind
    raise AssertionError("opened")


def vectors() -> dict[str, Any]:
    assert all(
        trail.open_entry(READER_SEED, VAULT, GRANT, bytes.fromhex(case["entry"]))
        for case in trail_cases()["valid"]
    )
    return {
        "spec": "spec/log.md",
        "source": "spec/reference/log.py",
        "leaves": [
            content
            | {"salt": content["salt"].hex(), "object": content["object"].hex()}
            | {"leaf": made.hex()}
            for content, made in zip(contents(), LEAVES)
        ],
        "roots": [tree_hash(LEAVES[:size]).hex() for size in range(SIZE + 1)],
        "inclusion": {
            "valid": [
                {
                    "index": index,
                    "size": size,
                    "proof": [it.hex() for it in log.path(index, LEAVES[:size])],
                }
                for size in (1, 2, 3, 7, 8, SIZE)
                for index in {0, size // 2, size - 1}
            ],
            "invalid": inclusion_faults(LEAVES),
        },
        "consistency": {
            "valid": [
                {
                    "from": older,
                    "to": newer,
                    "proof": [it.hex() for it in log.consistency(older, LEAVES[:newer])],
                }
                for older, newer in PAIRS
            ],
            "invalid": consistency_faults(LEAVES),
        },
        "key": ed25519.public_key(SIGNER).hex(),
        "checkpoint": checkpoint(LEAVES, SIZE).hex(),
        "evidence": {"valid": contradictions(), "invalid": no_contradictions()},
        "trail": {
            "seed": READER_SEED.hex(),
            "vault": VAULT.hex(),
            "grant": GRANT.hex(),
            **trail_cases(),
        },
    }
