"""HKDF with SHA-256. Source: RFC 5869 §2."""

import hashlib
import hmac


def extract(salt: bytes, material: bytes) -> bytes:
    return hmac.new(salt or bytes(32), material, hashlib.sha256).digest()


def expand(key: bytes, info: bytes, length: int) -> bytes:
    block, out = b"", b""
    for i in range(1, (length + 31) // 32 + 1):
        block = hmac.new(key, block + info + bytes([i]), hashlib.sha256).digest()
        out += block
    return out[:length]
