"""HPKE, base mode, one message, HKDF-SHA-256. Source: RFC 9180."""

from . import gcm, hkdf, xwing
from .x25519 import public_key, x25519

XWING, X25519 = 0x647A, 0x0020
HKDF_SHA256 = 0x0001
AES_128_GCM, AES_256_GCM = 0x0001, 0x0002
AEAD_KEY_BYTES = {AES_128_GCM: 16, AES_256_GCM: 32}


def _u16(number: int) -> bytes:
    return number.to_bytes(2, "big")


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    """§4."""
    return hkdf.extract(salt, b"HPKE-v1" + suite + label + material)


def _labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """§4."""
    return hkdf.expand(key, _u16(length) + b"HPKE-v1" + suite + label + info, length)


KEM_SUITE = b"KEM" + _u16(X25519)


def derive_ephemeral(material: bytes) -> bytes:
    """The X25519 scalar of DeriveKeyPair(material). §7.1.3."""
    prk = _labeled_extract(KEM_SUITE, b"", b"dkp_prk", material)
    return _labeled_expand(KEM_SUITE, prk, b"sk", b"", 32)


def _shared(dh: bytes, enc: bytes, public: bytes) -> bytes:
    """The check of §7.1.4, then ExtractAndExpand."""
    if dh == bytes(32):
        raise ValueError("a small-order point")
    return extract_and_expand(dh, enc, public)


def extract_and_expand(dh: bytes, enc: bytes, public: bytes) -> bytes:
    """§4.1."""
    prk = _labeled_extract(KEM_SUITE, b"", b"eae_prk", dh)
    return _labeled_expand(KEM_SUITE, prk, b"shared_secret", enc + public, 32)


def public_of(kem: int, private: bytes) -> bytes:
    return xwing.public_of(private) if kem == XWING else public_key(private)


def encapsulate(kem: int, public: bytes, randomness: bytes) -> tuple[bytes, bytes]:
    """Give (shared secret, enc); the randomness of X25519 is the ephemeral scalar. §4.1."""
    if kem == XWING:
        return xwing.encapsulate(public, randomness)
    enc = public_key(randomness)
    return _shared(x25519(randomness, public), enc, public), enc


def decapsulate(kem: int, private: bytes, enc: bytes) -> bytes:
    """§4.1."""
    if kem == XWING:
        return xwing.decapsulate(private, enc)
    if len(enc) != 32:
        raise ValueError("not an encapsulation")
    return _shared(x25519(private, enc), enc, public_key(private))


def key_schedule(kem: int, aead: int, shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Give (key, base nonce). §5.1, mode 0."""
    suite = b"HPKE" + _u16(kem) + _u16(HKDF_SHA256) + _u16(aead)
    context = b"\x00" + _labeled_extract(suite, b"", b"psk_id_hash", b"")
    context += _labeled_extract(suite, b"", b"info_hash", info)
    secret = _labeled_extract(suite, shared, b"secret", b"")
    key = _labeled_expand(suite, secret, b"key", context, AEAD_KEY_BYTES[aead])
    return key, _labeled_expand(suite, secret, b"base_nonce", context, 12)


def seal(
    kem: int, public: bytes, info: bytes, plaintext: bytes, randomness: bytes
) -> tuple[bytes, bytes]:
    """Give (enc, ciphertext). §6.1; a first message has the base nonce as its nonce."""
    shared, enc = encapsulate(kem, public, randomness)
    key, nonce = key_schedule(kem, AES_256_GCM, shared, info)
    return enc, gcm.seal(key, nonce, plaintext)


def open_sealed(
    kem: int, private: bytes, enc: bytes, info: bytes, ciphertext: bytes
) -> bytes | None:
    """Give the plaintext, or None whatever was wrong. §6.1."""
    try:
        shared = decapsulate(kem, private, enc)
    except ValueError:
        return None
    key, nonce = key_schedule(kem, AES_256_GCM, shared, info)
    return gcm.open_sealed(key, nonce, ciphertext)
