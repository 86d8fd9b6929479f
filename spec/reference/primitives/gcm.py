"""AES-GCM with 12-byte nonces and 16-byte tags. Source: NIST SP 800-38D."""

from .aes import AES

POLYNOMIAL = 0xE1 << 120


def powers(h: int) -> list[int]:
    """h · x^i for i = 0 .. 127; the most significant bit of an integer is x^0. SP 800-38D §6.3."""
    table = [h]
    for _ in range(127):
        h = h >> 1 ^ (POLYNOMIAL if h & 1 else 0)
        table.append(h)
    return table


def multiply(a: int, table: list[int]) -> int:
    product = 0
    for i in range(128):
        if a >> (127 - i) & 1:
            product ^= table[i]
    return product


def hash_key(key: bytes) -> int:
    return int.from_bytes(AES(key).encrypt(bytes(16)), "big")


def ghash(h: int, associated: bytes, ciphertext: bytes) -> int:
    """Source: SP 800-38D §6.4, over the string of §7.1 step 5."""
    table = powers(h)
    lengths = (8 * len(associated)).to_bytes(8, "big") + (8 * len(ciphertext)).to_bytes(8, "big")
    blocks = _pad(associated) + _pad(ciphertext) + lengths
    total = 0
    for i in range(0, len(blocks), 16):
        total = multiply(total ^ int.from_bytes(blocks[i : i + 16], "big"), table)
    return total


def _pad(text: bytes) -> bytes:
    return text + bytes(-len(text) % 16)


def _counter_mode(cipher: AES, nonce: bytes, text: bytes) -> bytes:
    stream = bytearray()
    for i in range((len(text) + 15) // 16):
        stream += cipher.encrypt(nonce + (i + 2).to_bytes(4, "big"))
    return bytes(a ^ b for a, b in zip(text, stream))


def _tag(cipher: AES, nonce: bytes, associated: bytes, ciphertext: bytes) -> bytes:
    h = int.from_bytes(cipher.encrypt(bytes(16)), "big")
    mask = int.from_bytes(cipher.encrypt(nonce + (1).to_bytes(4, "big")), "big")
    return (ghash(h, associated, ciphertext) ^ mask).to_bytes(16, "big")


def seal(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes = b"") -> bytes:
    """Source: SP 800-38D §7.1."""
    if len(nonce) != 12:
        raise ValueError("a nonce has 12 bytes")
    cipher = AES(key)
    ciphertext = _counter_mode(cipher, nonce, plaintext)
    return ciphertext + _tag(cipher, nonce, associated, ciphertext)


def open_sealed(key: bytes, nonce: bytes, sealed: bytes, associated: bytes = b"") -> bytes | None:
    """Give the plaintext, or None when the tag does not fit. Source: SP 800-38D §7.2."""
    if len(nonce) != 12 or len(sealed) < 16:
        return None
    cipher, ciphertext = AES(key), sealed[:-16]
    if _tag(cipher, nonce, associated, ciphertext) != sealed[-16:]:
        return None
    return _counter_mode(cipher, nonce, ciphertext)
