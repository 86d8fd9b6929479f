"""One statement of every type."""

from hashlib import sha256
from typing import Any

import statements
from generate import story as s
from generate.people import AUTHORITY, NORTH, PHONE, START, Party
from generate.seeded import seeded
from primitives import cbor

YEAR = 365 * 86_400_000

CAPABILITY: dict[str, Any] = {
    "audience": "cloud.example",
    "method": "POST",
    "path": "/v1/vaults",
    "body": sha256(b"body").digest(),
    "nonce": seeded("nonce", 16),
    "expires": START + 60_000,
    "grant": b"",
}

CERTIFICATE: dict[str, Any] = {
    "issuer": AUTHORITY.key,
    "subject": NORTH.key,
    "role": "organisation",
    "node": "north",
    "parent": "",
    "name": "North Hospital",
    "identifiers": ["http://hl7.org/fhir/sid/us-npi|1234567893"],
    "suite": NORTH.suite,
    "kem": NORTH.kem,
    "notBefore": START,
    "expires": START + YEAR,
}

BATCH: dict[str, Any] = {
    "vault": seeded("vault"),
    "source": NORTH.handle,
    "batch": seeded("batch", 16),
    "number": 1,
    "prev": bytes(32),
    "head": {"seq": 10, "hash": seeded("head")},
    "time": START,
    "policyVersion": 1,
    "scopes": [],
    "wraps": sha256(cbor.encode([])).digest(),
    "items": 1,
    "root": seeded("root"),
}


def valid() -> list[tuple[str, Party, bytes]]:
    """(comment, signer, signed): every type, the chain's as the story first has them."""
    cases, met = [], set()
    for why, signed in s.story().links:
        type_, _, key, _ = statements.parse(signed)
        if type_ not in met:
            met.add(type_)
            cases.append((why, PHONE, signed))
            assert key == PHONE.key
    cases.append(("a batch", NORTH, statements.sign("batch", NORTH.seed, BATCH)))
    signed = statements.sign("certificate", AUTHORITY.seed, CERTIFICATE)
    cases.append(("a certificate", AUTHORITY, signed))
    cases.append(("a capability", PHONE, statements.sign("capability", PHONE.seed, CAPABILITY)))
    return cases
