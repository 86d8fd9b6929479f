"""Appends that an account refuses, each for one fault."""

from typing import Any

import account
import statements
from fault import Fault
from generate import account_story as s
from generate.account_story import (
    LAPTOP,
    PASSKEY,
    PASSWORD,
    PASSWORD2,
    PHONE,
    PHRASE,
    ROOTS,
    STRANGER,
    TABLET,
    Builder,
)
from generate.curve_faults import IDENTITY
from generate.seeded import seeded

ALL = [LAPTOP, PHRASE, PASSWORD]
Faults = dict[str, tuple[int, Builder]]


def on(after: int, signer: s.Signer = LAPTOP) -> Builder:
    return s.story().on(signer, after)


def place() -> Faults:
    fresh = on(0).genesis(LAPTOP, seq=1)
    early = on(0).genesis(LAPTOP, prev=seeded("prev"))
    return {
        "an account that begins with no genesis": (0, on(0).root(1, [LAPTOP])),
        "a genesis with a number other than 0": (0, fresh),
        "a genesis with a predecessor": (0, early),
        "a genesis not signed by its device": (0, on(0, STRANGER).genesis(LAPTOP)),
        "a genesis whose root is its device": (
            0,
            on(0).genesis(LAPTOP, root=LAPTOP.public(b"")["sign"]),
        ),
        "a genesis alone": (0, on(0).genesis(LAPTOP)),
        "a second genesis": (1, on(1).genesis(LAPTOP)),
        "a number left out": (1, on(1).link("root", root=ROOTS[0].key, wraps=[], seq=5)),
        "another predecessor": (
            1,
            on(1).link("root", root=ROOTS[0].key, wraps=[], prev=seeded("prev")),
        ),
    }


def signers() -> Faults:
    spoilt = on(1).device("add", TABLET)
    type_, body, key, signature = statements.parse(spoilt.links[0])
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    return {
        "a device added by a stranger": (1, on(1, STRANGER).device("add", STRANGER)),
        "a device that was removed": (4, on(4, PHONE).device("add", PHONE)),
        "a root that was replaced": (4, on(4, ROOTS[0]).device("add", TABLET)),
        "a spoilt signature": (
            1,
            on(1).raw(statements.assemble(type_, body, key, flipped)),
        ),
    }


def things() -> Faults:
    tablet = TABLET.public(b"")
    used = PASSWORD2.public(s.story().states[1].handle)
    return {
        "the id of a device twice": (1, on(1).device("add", TABLET, id=LAPTOP.id)),
        "the id of a way to unlock as a device's": (1, on(1).device("add", TABLET, id=PHRASE.id)),
        "the id of a removed device": (4, on(4).device("add", TABLET, id=PHONE.id)),
        "the key of a removed device": (
            4,
            on(4).device("add", TABLET, sign=PHONE.public(b"")["sign"]),
        ),
        "the key of a root as a device's": (1, on(1).device("add", TABLET, sign=ROOTS[0].key)),
        "a device with a small-order key": (1, on(1).device("add", TABLET, sign=IDENTITY)),
        "an unknown device removed": (1, on(1).device("remove", TABLET)),
        "a device removed twice": (4, on(4).device("remove", PHONE)),
        "a device removed with another key": (
            2,
            on(2).device("remove", PHONE, sign=tablet["sign"]),
        ),
        "a way to unlock twice": (1, on(1).unlock("add", PASSKEY, id=PASSWORD.id)),
        "an unknown way to unlock removed": (1, on(1).unlock("remove", PASSKEY)),
        "a way to unlock removed twice": (3, on(3).unlock("remove", PASSWORD)),
        "a way to unlock removed with another key": (
            1,
            on(1).unlock("remove", PASSWORD, kem=used["kem"]),
        ),
        "the last of all removed": (
            1,
            on(1)
            .unlock("remove", PHRASE)
            .unlock("remove", PASSWORD)
            .device("remove", LAPTOP),
        ),
        "a way to unlock of an unknown kind": (1, on(1).unlock("add", PASSKEY, kind="question")),
    }


def roots() -> Faults:
    added = [*ALL, TABLET]
    nobody = on(1).wrap(1, STRANGER)
    wraps = sorted((on(1).wrap(1, opener) for opener in ALL), key=lambda item: item["to"])
    extra = sorted([*wraps, nobody], key=lambda item: item["to"])
    swapped = [wraps[1], wraps[0], *wraps[2:]]
    return {
        "an append that ends after an added device": (1, on(1).device("add", TABLET)),
        "an append that ends after a removal": (2, on(2).device("remove", PHONE)),
        "the old root after a removal": (2, on(2).device("remove", PHONE).root(1, ALL)),
        "a root that was used before": (4, on(4).root(1, [LAPTOP, PHRASE, PASSWORD2])),
        "the key of a device as a root": (
            1,
            on(1).root(1, ALL, root=LAPTOP.public(b"")["sign"]),
        ),
        "a root with a small-order key": (1, on(1).root(1, ALL, root=IDENTITY)),
        "a wrap left out": (1, on(1).root(1, ALL[:2])),
        "no wrap for the added device": (1, on(1).device("add", TABLET).root(1, ALL)),
        "a wrap for somebody who is not listed": (1, on(1).root(1, ALL, wraps=extra)),
        "a wrap for a removed device": (
            2,
            on(2).device("remove", PHONE).root(2, [*ALL, PHONE]),
        ),
        "wraps that are not sorted": (1, on(1).root(1, ALL, wraps=swapped)),
        "two wraps for one": (1, on(1).root(1, ALL, wraps=[wraps[0], *wraps])),
        "a wrap of another suite": (
            1,
            on(1).device("add", TABLET).root(1, added, wraps=other_suite(added)),
        ),
        "an unknown field": (1, on(1).root(1, ALL, reason="none")),
    }


def other_suite(openers: list[Any]) -> list[dict[str, Any]]:
    built = on(1).device("add", TABLET)
    wraps = [built.wrap(1, opener) for opener in openers]
    for item in wraps:
        if item["to"] == TABLET.id:
            item["wrap"] = {"suite": 1, "enc": bytes(1120), "ct": bytes(48)}
    return sorted(wraps, key=lambda item: item["to"])


def faults() -> list[dict[str, Any]]:
    return [
        {
            "comment": why,
            "after": after,
            "links": [link.hex() for link in built.links],
            "error": _kind(after, built.links),
        }
        for group in (place(), signers(), things(), roots())
        for why, (after, built) in group.items()
    ]


def _kind(after: int, links: list[bytes]) -> str:
    try:
        account.append(s.story().states[after], links)
    except Fault as fault:
        return fault.kind
    raise AssertionError("accepted")


