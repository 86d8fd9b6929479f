"""Wraps for both suites and all purposes, and wraps that must not open. For sharing-v1.json."""

from typing import Any

import sharing
from fault import Fault
from generate import story as s
from generate.links import delivery, granted, terms_of
from generate.people import COLLEAGUE, NORTH, READER, SOUTH, STRANGER, Party
from generate.seeded import seeded
from primitives import cbor, hpke

Context = dict[str, Any]
VAULT = seeded("vault")
RECEIVERS = {1: COLLEAGUE, 2: READER}


def contexts(suite: int) -> dict[str, tuple[Context, bytes]]:
    """By purpose: what the wrap is bound to, and what it holds."""
    to = SOUTH if suite == 1 else NORTH
    cells, scopes = [s.NORTH_LAB, s.SOUTH_LAB], [s.ROOT, s.NORTH_SCOPE]
    terms = cbor.encode(terms_of(RECEIVERS[suite], cells, scopes))
    own = [s.SOUTH_LAB] if suite == 1 else [s.NORTH_LAB, s.NORTH_MENTAL]
    batch = {"vault": VAULT, "cell": s.NORTH_LAB.handle, "batch": seeded("batch", 16)}
    keys = {"vault": VAULT, "to": to.handle, "seq": 9}
    grant = {"vault": VAULT, "grant": seeded("grant", 16), "terms": terms}
    return {
        "batch": (batch, seeded("batch key")),
        "keys": (keys, cbor.encode(delivery(to, own, [s.ROOT], suite == 2))),
        "grant": (grant, cbor.encode(granted(cells, scopes))),
    }


def randomness(label: str, suite: int) -> tuple[bytes, dict[str, str]]:
    """What the encapsulation draws, and how the vector gives it."""
    if suite == 1:
        drawn = seeded(f"eseed/{label}", 64)
        return drawn, {"eseed": drawn.hex()}
    material = seeded(f"ikm/{label}")
    scalar = hpke.derive_ephemeral(material)
    return scalar, {"ikm": material.hex(), "ephemeral": scalar.hex()}


SHAPES = {"keys": sharing.DELIVERY, "grant": sharing.GRANTED}


def described(context: Context) -> dict[str, Any]:
    return {name: v.hex() if isinstance(v, bytes) else v for name, v in context.items()}


def seal(suite: int, purpose: str, context: Context, plain: bytes) -> dict[str, Any]:
    drawn, _ = randomness(f"{suite}/{purpose}", suite)
    return sharing.wrap(suite, RECEIVERS[suite].kem, purpose, context, plain, drawn)


def valid() -> list[dict[str, Any]]:
    cases = []
    for suite, to in RECEIVERS.items():
        for purpose, (context, plain) in contexts(suite).items():
            wrapped = seal(suite, purpose, context, plain)
            assert sharing.unwrap(wrapped, suite, to.kem_seed, purpose, context) == plain
            assert purpose not in SHAPES or SHAPES[purpose](cbor.decode(plain))
            cases.append(
                {
                    "comment": f"suite {suite}, {purpose}",
                    "suite": suite,
                    "seed": to.kem_seed.hex(),
                    "public": to.kem.hex(),
                    "purpose": purpose,
                    "context": described(context),
                    "info": sharing.info_of(purpose, context).hex(),
                    "plaintext": plain.hex(),
                    **randomness(f"{suite}/{purpose}", suite)[1],
                    "enc": wrapped["enc"].hex(),
                    "ct": wrapped["ct"].hex(),
                }
            )
    return cases


def flip(text: bytes, at: int) -> bytes:
    changed = bytearray(text)
    changed[at] ^= 1
    return bytes(changed)


def invalid() -> list[dict[str, Any]]:
    cases = []
    for suite, to in RECEIVERS.items():
        context, plain = contexts(suite)["batch"]
        good = seal(suite, "batch", context, plain)
        cases += [_case(why, suite, to, "batch", c, good) for why, c in _moved(context).items()]
        cases.append(_case("opened for another purpose", suite, to, "keys", context, good))
        cases.append(_case("opened with another seed", suite, STRANGER, "batch", context, good))
        for why, wrapped in _spoilt(good).items():
            cases.append(_case(why, suite, to, "batch", context, wrapped))
    context, plain = contexts(2)["batch"]
    cases.append(_case("a small-order enc", 2, READER, "batch", context, _small(context, plain)))
    return cases


def _moved(context: Context) -> dict[str, Context]:
    return {
        "moved to another vault": context | {"vault": seeded("other vault")},
        "moved to another cell": context | {"cell": s.SOUTH_LAB.handle},
        "moved to another batch": context | {"batch": seeded("other batch", 16)},
    }


def _spoilt(good: dict[str, Any]) -> dict[str, dict[str, Any]]:
    enc, ct = good["enc"], good["ct"]
    return {
        "the first bit of enc": good | {"enc": flip(enc, 0)},
        "a bit in the last part of enc": good | {"enc": flip(enc, len(enc) - 2)},
        "a bit of the ciphertext": good | {"ct": flip(ct, 0)},
        "a bit of the tag": good | {"ct": flip(ct, len(ct) - 1)},
        "enc cut off": good | {"enc": enc[:-1]},
        "enc with a byte more": good | {"enc": enc + b"\0"},
        "no enc": good | {"enc": b""},
        "the tag cut off": good | {"ct": ct[:-16]},
        "no ciphertext": good | {"ct": b""},
        "another suite named": good | {"suite": 3 - good["suite"]},
    }


def _small(context: Context, plain: bytes) -> dict[str, Any]:
    """What a sender can make for anybody who skips the check of RFC 9180 §7.1.4: dh is zero."""
    enc = bytes(32)
    shared = hpke.extract_and_expand(bytes(32), enc, READER.kem)
    info = sharing.info_of("batch", context)
    key, nonce = hpke.key_schedule(hpke.X25519, hpke.AES_256_GCM, shared, info)
    return {"suite": 2, "enc": enc, "ct": hpke.gcm.seal(key, nonce, plain)}


def _case(
    why: str, suite: int, to: Party, purpose: str, context: Context, wrapped: dict[str, Any]
) -> dict[str, Any]:
    """Opened with the seed of `to`, a key of `suite`."""
    try:
        sharing.unwrap(wrapped, suite, to.kem_seed, purpose, context)
    except Fault as fault:
        return {
            "comment": f"suite {suite}: {why}",
            "keySuite": suite,
            "seed": to.kem_seed.hex(),
            "purpose": purpose,
            "context": described(context),
            "info": sharing.info_of(purpose, context).hex(),
            "suite": wrapped["suite"],
            "enc": wrapped["enc"].hex(),
            "ct": wrapped["ct"].hex(),
            "error": fault.kind,
        }
    raise AssertionError(why)
