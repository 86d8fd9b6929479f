"""X-Wing: ML-KEM-768 and X25519. Source: draft-connolly-cfrg-xwing-kem-08, §5."""

import hashlib

from . import mlkem
from .x25519 import public_key, x25519

LABEL = bytes.fromhex("5c2e2f2f5e5c")
PUBLIC_BYTES, ENC_BYTES = 1216, 1120


def _expand(seed: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """§5.2: the two key pairs of a 32-byte decapsulation key."""
    expanded = hashlib.shake_256(seed).digest(96)
    public_m, private_m = mlkem.generate(expanded[:32], expanded[32:64])
    return private_m, expanded[64:], public_m, public_key(expanded[64:])


def _combine(shared_m: bytes, shared_x: bytes, enc_x: bytes, public_x: bytes) -> bytes:
    """§5.3."""
    return hashlib.sha3_256(shared_m + shared_x + enc_x + public_x + LABEL).digest()


def public_of(seed: bytes) -> bytes:
    _, _, public_m, public_x = _expand(seed)
    return public_m + public_x


def encapsulate(public: bytes, randomness: bytes) -> tuple[bytes, bytes]:
    """Give (shared secret, enc) for 64 given bytes of randomness. §5.4.1."""
    if len(public) != PUBLIC_BYTES:
        raise ValueError("not a public key")
    shared_m, enc_m = mlkem.encapsulate(public[:1184], randomness[:32])
    ephemeral, public_x = randomness[32:], public[1184:]
    enc_x = public_key(ephemeral)
    shared_x = x25519(ephemeral, public_x)
    return _combine(shared_m, shared_x, enc_x, public_x), enc_m + enc_x


def decapsulate(seed: bytes, enc: bytes) -> bytes:
    """§5.5."""
    if len(enc) != ENC_BYTES:
        raise ValueError("not an encapsulation")
    private_m, private_x, _, public_x = _expand(seed)
    shared_m = mlkem.decapsulate(private_m, enc[:1088])
    shared_x = x25519(private_x, enc[1088:])
    return _combine(shared_m, shared_x, enc[1088:], public_x)
