"""Write vectors/keys-v1.json: every derivation of the tree of spec/keys.md §2 and §3, once."""

from hashlib import sha256
from typing import Any

import keys
from fault import Fault
from generate.seeded import seeded

SOURCE = seeded("source/north", 16)
PRIOR = sha256(b"".join(w.to_bytes(4, "big") for w in (1, 2, 3, 4))).digest()

# (name of the key, name of its parent, purpose, context); the names are only the file's.
TREE: list[tuple[str, str, str, tuple[keys.Part, ...]]] = [
    ("signing seed", "account root", "sign-seed", ()),
    ("account KEM seed", "account root", "kem-seed", ()),
    ("vault root", "account root", "vault-root", ()),
    ("cell", "vault root", "cell", (SOURCE, "laboratory", 1)),
    ("cell, next generation", "vault root", "cell", (SOURCE, "laboratory", 2)),
    ("cell, other category", "vault root", "cell", (SOURCE, "mental-health", 1)),
    ("cell KEM seed", "cell", "cell-kem-seed", ()),
    ("cell index key", "cell", "cell-index", ()),
    ("root scope node", "vault root", "scope-node", (1,)),
    ("organisation's scope node", "root scope node", "scope-node", (SOURCE,)),
    ("department's scope node", "organisation's scope node", "scope-node", ("cardiology",)),
    ("physician's scope node", "department's scope node", "scope-node", ("Dr. Åsa Öst",)),
    ("scope index key", "organisation's scope node", "scope-index", ("laboratory", 1)),
    ("scope index key of the root", "root scope node", "scope-index", ("laboratory", 4294967295)),
    ("record handle key", "organisation's scope node", "record-handle", ()),
    ("map key, private", "scope index key", "ordered-map", ("Observation.date.low", "private", 16)),
    ("map key, flat", "scope index key", "ordered-map", ("Patient.age", "flat", 8, PRIOR)),
    ("mask key", "cell index key", "sealed-mask", ("Observation.value", 16)),
    ("permutation key", "cell index key", "sealed-perm", ("Observation.value", 16)),
    ("tag key", "cell index key", "tag", ("Observation.code", "http://loinc.org|8480-6")),
    ("record key", "batch key", "record", (seeded("record", 16), 1)),
    ("record key, next revision", "batch key", "record", (seeded("record", 16), 2)),
    ("empty text in the context", "cell index key", "tag", ("", "")),
    ("a boundary moved between two texts", "cell index key", "tag", ("Observation.co", "dehttp")),
]

HANDLES: list[tuple[str, str, str, tuple[keys.Part, ...]]] = [
    ("cell", "cell", "cell-handle", ()),
    ("scope", "scope index key", "scope-handle", ()),
    (
        "attribute of an ordered map",
        "scope index key",
        "attribute-handle",
        ("Observation.date.low", "private", 16),
    ),
    (
        "attribute of an ordered map, flat",
        "scope index key",
        "attribute-handle",
        ("Patient.age", "flat", 8, PRIOR),
    ),
    (
        "attribute of a sealed column",
        "cell index key",
        "attribute-handle",
        ("Observation.value", 16),
    ),
    ("record", "record handle key", "record", ("Observation", "bp-2015-01-01")),
    ("record of another type", "record handle key", "record", ("Condition", "bp-2015-01-01")),
]


# Of what the handle is, and how it is written; each is a good one but for its one fault.
GOOD = seeded("a handle", 32).hex()
FAULTS: dict[str, tuple[str, str]] = {
    "nothing": ("record", ""),
    "a byte too short": ("record", GOOD[:30]),
    "a byte too long": ("cell", GOOD[:34]),
    "a vault's, of the length of the others": ("vault", GOOD[:32]),
    "a source's, of the length of a vault's": ("source", GOOD),
    "a vault's, a byte too long": ("vault", GOOD + "00"),
    "half a byte short": ("scope", GOOD[:31]),
    "in capitals": ("record", GOOD[:30] + "AB"),
    "a letter that is no digit": ("record", GOOD[:30] + "0g"),
    "a space in front": ("scope", " " + GOOD[:31]),
    "a line break behind": ("vault", GOOD + "\n"),
    "digits of another script": ("cell", GOOD[:30] + "\uff10\uff11"),
}


def refused(of: str, text: str) -> str:
    try:
        keys.read_handle(of, text)
    except Fault as fault:
        return fault.kind
    raise AssertionError(f"{text!r} is a handle of a {of}")


def part(value: keys.Part) -> dict[str, Any]:
    if isinstance(value, str):
        return {"text": value}
    return {"u32": value} if isinstance(value, int) else {"bytes": value.hex()}


def vectors() -> dict[str, Any]:
    known = {"account root": seeded("account root"), "batch key": seeded("batch key")}
    derived = []
    for name, parent, purpose, context in TREE:
        known[name] = keys.derive(known[parent], purpose, *context)
        derived.append(_case(name, parent, purpose, context) | {"key": known[name].hex()})
    handles = [
        _case(name, parent, purpose, context)
        | {"handle": keys.handle(known[parent], purpose, *context).hex()}
        for name, parent, purpose, context in HANDLES
    ]
    tuples = [[], [b""], [b"", b""], [b"ab", b"c"], [b"a", b"bc"], [bytes(300)]]
    return {
        "spec": "spec/keys.md",
        "source": "spec/reference/keys.py",
        "note": "`parent` names a key of `roots` or the comment of an earlier valid case.",
        "roots": {name: known[name].hex() for name in ("account root", "batch key")},
        "valid": derived,
        "handles": handles,
        "tuples": [
            {"parts": [p.hex() for p in parts], "tuple": keys.join(*parts).hex()}
            for parts in tuples
        ],
        "invalid": [
            {"comment": comment, "of": of, "text": text, "error": refused(of, text)}
            for comment, (of, text) in FAULTS.items()
        ],
    }


def _case(name: str, parent: str, purpose: str, context: tuple[keys.Part, ...]) -> dict[str, Any]:
    parts = [part(value) for value in context]
    return {"comment": name, "parent": parent, "purpose": purpose, "context": parts}
