"""Write vectors/statements-v1.json."""

from hashlib import sha256
from typing import Any

import statements
from fault import Fault
from generate import cbor_faults
from generate import statement_cases as cases
from generate import statement_faults as faults
from generate.links import grant_fields, keys_fields
from generate.people import NORTH, PHONE, STRANGER
from generate.seeded import seeded

MOST = 65_536
MOST_OF_GRANT = 1_048_576


def link_of(length: int) -> bytes:
    """A `chain/keys` link of just so many bytes, most of them zeros of its wrap."""
    fields = keys_fields(seeded("vault"), 1, NORTH, {"node": b"", "cells": [], "scopes": []})
    fields |= {"seq": 1, "prev": seeded("prev"), "time": 1}
    wrap, filler = fields["wrap"], length - 400
    while True:
        fields["wrap"] = wrap | {"ct": bytes(filler)}
        signed = statements.sign("chain/keys", PHONE.seed, fields)
        if len(signed) == length:
            return signed
        filler += length - len(signed)


def grant_of(length: int) -> bytes:
    """A grant of just so many bytes."""
    fields = grant_fields(seeded("vault"), "long", NORTH, [], [])
    fields |= {"seq": 1, "prev": seeded("prev"), "time": 1}
    wrap, filler = fields["wrap"], length - 400
    while True:
        fields["wrap"] = wrap | {"ct": bytes(filler)}
        signed = statements.sign("chain/grant", PHONE.seed, fields)
        if len(signed) == length:
            return signed
        filler += length - len(signed)


def pieces(signed: bytes) -> list[dict[str, Any]]:
    """Without the long run of zeros."""
    start = signed.index(bytes(1000))
    end = start
    while signed[end] == 0:
        end += 1
    return [{"bytes": signed[:start].hex()}, {"zeros": end - start}, {"bytes": signed[end:].hex()}]


def valid() -> list[dict[str, Any]]:
    out = []
    for why, signer, signed in cases.valid():
        type_, payload, key, signature = statements.parse(signed)
        statements.read(signed, type_, signer.key)
        out.append(
            {
                "comment": why,
                "type": type_,
                "seed": signer.seed.hex(),
                "key": key.hex(),
                "payloadSha256": sha256(payload).hexdigest(),
                "signature": signature.hex(),
                "signed": signed.hex(),
            }
        )
    longest = link_of(MOST)
    statements.read(longest, "chain/keys", PHONE.key)
    given = {"comment": "the longest link", "type": "chain/keys", "key": PHONE.key.hex()}
    out.append(given | {"pieces": pieces(longest), "sha256": sha256(longest).hexdigest()})
    longest = grant_of(MOST_OF_GRANT)
    statements.read(longest, "chain/grant", PHONE.key)
    given = {"comment": "the longest grant", "type": "chain/grant", "key": PHONE.key.hex()}
    out.append(given | {"pieces": pieces(longest), "sha256": sha256(longest).hexdigest()})
    return out


def invalid() -> list[dict[str, Any]]:
    good = statements.sign("capability", PHONE.seed, cases.CAPABILITY)
    out = []
    for group in (
        faults.arrays(),
        faults.payload_encodings(),
        faults.payload_fields(),
        faults.curve(),
        faults.elsewhere(),
    ):
        out += [_case(why, "capability", None, signed) for why, signed in group.items()]
    out.append(_case("another type than asked for", "certificate", None, good))
    out.append(_case("another key than expected", "capability", STRANGER.key, good))
    longer = link_of(MOST + 1)
    case = _case("a link of one byte too many", "chain/keys", PHONE.key, longer)
    del case["signed"]
    out.append(case | {"pieces": pieces(longer)})
    longer = grant_of(MOST_OF_GRANT + 1)
    case = _case("a grant of one byte too many", "chain/grant", PHONE.key, longer)
    del case["signed"]
    return [*out, case | {"pieces": pieces(longer)}]


def _case(why: str, type_: str, key: bytes | None, signed: bytes) -> dict[str, Any]:
    try:
        statements.read(signed, type_, key)
    except Fault as fault:
        expected = key.hex() if key else None
        case = {"comment": why, "type": type_, "key": expected, "signed": signed.hex()}
        return case | {"error": fault.kind}
    raise AssertionError(why)


def vectors() -> dict[str, Any]:
    strings = [(b"", b""), (b"a", b"bc"), (b"ab", b"c"), (b"salus/capability/v1", b"\x00" * 3)]
    return {
        "spec": "spec/statements.md",
        "source": "spec/reference/statements.py",
        "note": (
            "`type` and `key` are what the reader expects; with a null key any signer. Statements "
            "in `pieces` are to be joined, `zeros` being so many zero bytes."
        ),
        "pae": [
            {"type": a.hex(), "body": b.hex(), "pae": statements.pae(a, b).hex()}
            for a, b in strings
        ],
        "cbor": cbor_faults.vectors(),
        "valid": valid(),
        "invalid": invalid(),
    }


