"""Wraps, certificate paths and capabilities. Source: spec/sharing.md."""

from hashlib import sha256
from typing import Any

from fault import Fault
from primitives import cbor, hpke
from shapes import HANDLE, counted, is_bool, octets, record, several, text
from statements import pae, read

KEM = {1: hpke.XWING, 2: hpke.X25519}
FIVE_MINUTES = 300_000
ROLES = ["organisation", "department", "physician", "device"]

DELIVERY = record(
    node=octets(0, 32),
    cells=several(record(cell=HANDLE, category=text(64, 1), generation=counted, index=octets(32))),
    scopes=several(
        record(scope=HANDLE, root=is_bool, category=text(64, 1), version=counted, key=octets(0, 32))
    ),
)
GRANTED = record(
    cells=several(
        record(
            cell=HANDLE,
            source=HANDLE,
            category=text(64, 1),
            generation=counted,
            seed=octets(32),
            index=octets(32),
        )
    ),
    scopes=several(
        record(
            scope=HANDLE, node=octets(0, 16), category=text(64, 1), version=counted, key=octets(32)
        )
    ),
)


def public_of(suite: int, seed: bytes) -> bytes:
    """§1: the public key of a KEM seed."""
    return hpke.public_of(KEM[suite], seed)


def info_of(purpose: str, context: dict[str, Any]) -> bytes:
    """§1: what a wrap is bound to."""
    return pae(f"salus/wrap/{purpose}/v1".encode(), cbor.encode(context))


def wrap(
    suite: int, public: bytes, purpose: str, context: dict[str, Any], plain: bytes, drawn: bytes
) -> dict[str, Any]:
    """`drawn`: 64 bytes for suite 1 (eseed of the draft), the ephemeral scalar for suite 2."""
    enc, ct = hpke.seal(KEM[suite], public, info_of(purpose, context), plain, drawn)
    return {"suite": suite, "enc": enc, "ct": ct}


def unwrap(
    wrapped: dict[str, Any], suite: int, seed: bytes, purpose: str, context: dict[str, Any]
) -> bytes:
    """Open with the seed of a key of `suite`, the one that was signed with the public key."""
    if wrapped["suite"] != suite:
        raise Fault("unreadable", "suite")
    info = info_of(purpose, context)
    plain = hpke.open_sealed(KEM[suite], seed, wrapped["enc"], info, wrapped["ct"])
    if plain is None:
        raise Fault("unreadable")
    return plain


def read_certificate(signed: bytes, sealed_at: int, key: bytes | None = None) -> dict[str, Any]:
    """§5: signed by its issuer, by `key` where the reader pins one, and valid at the time."""
    fields, signer = read(signed, "certificate", key)
    if fields["issuer"] != signer:
        raise Fault("wrong-key", "not signed by its issuer")
    if not fields["notBefore"] <= sealed_at <= fields["expires"]:
        raise Fault("certificate-expired")
    return fields


def read_organisation(signed: bytes, authority: bytes, sealed_at: int) -> dict[str, Any]:
    """§5: the top certificate, of the authority that the reader pins."""
    fields = read_certificate(signed, sealed_at, authority)
    if fields["role"] != "organisation" or fields["parent"]:
        raise Fault("certificate-path", "not an organisation's")
    return fields


def check_path(
    organisation: dict[str, Any], path: list[bytes], author: bytes, sealed_at: int
) -> list[str]:
    """§5: from the organisation's roster key down to the author. Give the names of the nodes."""
    above, nodes = organisation, [organisation["node"]]
    for signed in path:
        fields = read_certificate(signed, sealed_at)
        descends = ROLES.index(fields["role"]) > ROLES.index(above["role"])
        follows = fields["issuer"] == above["subject"] and fields["parent"] == above["node"]
        if not descends or not follows:
            raise Fault("certificate-path")
        above = fields
        nodes.append(fields["node"])
    if above["subject"] != author:
        raise Fault("certificate-path", "author")
    return nodes


def check_capability(
    signed: bytes, request: dict[str, Any], now: int, seen: list[bytes]
) -> tuple[dict[str, Any], bytes]:
    """§6, all that needs no chain. Give (fields, signer)."""
    fields, signer = read(signed, "capability")
    expected = {name: request[name] for name in ("audience", "method", "path")}
    expected["body"] = sha256(request["body"]).digest()
    if any(fields[name] != value for name, value in expected.items()):
        raise Fault("capability-mismatch")
    if not now <= fields["expires"] <= now + FIVE_MINUTES:
        raise Fault("capability-expired")
    if fields["nonce"] in seen:
        raise Fault("capability-replayed")
    return fields, signer
