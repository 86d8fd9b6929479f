"""The fields of requests and of what is said of certificates. Source: spec/requests.md, sharing.md §5."""

from typing import Any

from shapes import (
    HANDLE,
    HASH,
    Shape,
    keyed,
    moment,
    octets,
    one_of,
    period,
    positive,
    record,
    several,
    text,
)

DAY = 86_400_000
MAILBOX = keyed(id=HANDLE, sign=octets(32))


def signed(value: Any) -> bool:
    return isinstance(value, bytes) and 1 <= len(value) <= 65_536


def mailbox(value: Any) -> bool:
    """A mailbox has a key of suite 1: discovery §4."""
    return MAILBOX(value) and value["suite"] == 1


def sorted_texts(value: Any) -> bool:
    if not several(text(64, 1), 0, 64)(value):
        return False
    encoded = [item.encode() for item in value]
    return all(a < b for a, b in zip(encoded, encoded[1:]))


def attestation(value: Any) -> bool:
    plain = record(certificate=HASH, subject=octets(32), notBefore=moment, expires=moment)
    return plain(value) and 0 <= value["expires"] - value["notBefore"] <= 7 * DAY


def answer(value: Any) -> bool:
    plain = record(
        request=HANDLE,
        decision=one_of("approved", "denied"),
        vault=octets(0, 32),
        grants=several(HANDLE, 0, 240),
        note=text(1024),
        time=moment,
    )
    if not plain(value):
        return False
    approved = value["decision"] == "approved"
    return approved == bool(value["vault"]) and approved == bool(value["grants"])


REQUESTS: dict[str, Shape] = {
    "certificate/status": record(
        certificate=HASH,
        status=one_of("suspended", "reinstated", "left"),
        seq=positive,
        time=moment,
    ),
    "attestation": attestation,
    "request": record(
        request=HANDLE,
        to=HANDLE,
        certificates=several(signed, 1, 4),
        attestations=several(signed, 0, 16),
        devices=several(signed, 1, 8),
        purpose=text(64, 1),
        sources=several(text(128, 1), 0, 64),
        categories=sorted_texts,
        period=period,
        expires=moment,
        answerBy=moment,
        identifier=text(512),
        note=text(1024),
        reply=mailbox,
        time=moment,
    ),
    "answer": answer,
    "association": record(reference=HANDLE, vault=HASH, time=moment),
    "joining": record(
        invitation=HASH, card=keyed(sign=octets(32)), proof=HASH, time=moment
    ),
    "writing": record(organisation=octets(32), vault=HASH, resource=text(49_152, 1), time=moment),
}
