"""Write vectors/sharing-v1.json."""

from typing import Any

from generate import capabilities, certificates, wraps
from generate.people import AUTHORITY


def vectors() -> dict[str, Any]:
    return {
        "spec": "spec/sharing.md",
        "source": "spec/reference/sharing.py",
        "note": (
            "The randomness of a wrap is `eseed` (the draft's, 64 bytes) for suite 1; for suite 2 "
            "`ephemeral` is the scalar, and `ikm` what RFC 9180's DeriveKeyPair makes it of. An "
            "invalid wrap is opened with `seed`, a key of suite `keySuite`."
        ),
        "valid": wraps.valid(),
        "invalid": wraps.invalid(),
        "authority": AUTHORITY.key.hex(),
        "certificates": {"valid": certificates.valid(), "invalid": certificates.invalid()},
        "capabilities": {"valid": capabilities.valid(), "invalid": capabilities.invalid()},
    }
