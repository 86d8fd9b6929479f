"""A ciphertext that opens under two keys: what the commitment is for.

AES-GCM does not commit to its key. One block of the content, inside a byte string where any bytes
will do, is chosen so that both keys give the same tag.
"""

import envelope as sealed
from generate.records import AUTHOR, content
from primitives import cbor, gcm
from primitives.aes import AES

BLOCK = 2  # the third block of the padded content lies inside `body`


def power(h: int, exponent: int) -> int:
    result = 1 << 127
    for _ in range(exponent):
        result = gcm.multiply(result, gcm.powers(h))
    return result


def inverse(a: int) -> int:
    """a^(2^128 - 2)."""
    result = 1 << 127
    for _ in range(127):
        a = gcm.multiply(a, gcm.powers(a))
        result = gcm.multiply(result, gcm.powers(a))
    return result


def two_key_envelope(header: sealed.Header, first: bytes, second: bytes) -> bytes:
    """Commit to the first record key; the content is the one that the second one opens."""
    padded = sealed.pad(cbor.encode(content(bytes(range(64)))))
    head = header.encode(len(padded))
    one, commitment = sealed.body_keys(first, head)
    two, _ = sealed.body_keys(second, head)
    nonce = sealed.nonce(0, True)
    ciphertext = bytearray(gcm.seal(two, nonce, padded)[:-16])
    difference = _tag(one, nonce, bytes(ciphertext)) ^ _tag(two, nonce, bytes(ciphertext))
    after = (len(padded) + 15) // 16 - BLOCK + 1
    slope = power(gcm.hash_key(one), after) ^ power(gcm.hash_key(two), after)
    delta = gcm.multiply(difference, gcm.powers(inverse(slope))).to_bytes(16, "big")
    for i, byte in enumerate(delta):
        ciphertext[16 * BLOCK + i] ^= byte
    tag = _tag(one, nonce, bytes(ciphertext))
    chunk = bytes(ciphertext) + tag.to_bytes(16, "big")
    assert gcm.open_sealed(one, nonce, chunk) is not None
    plain = gcm.open_sealed(two, nonce, chunk)
    assert plain is not None and sealed.read_content(plain)["media"] == "application/fhir+json"
    return sealed.finish(head, commitment, [chunk], AUTHOR)


def _tag(key: bytes, nonce: bytes, ciphertext: bytes) -> int:
    mask = int.from_bytes(AES(key).encrypt(nonce + bytes([0, 0, 0, 1])), "big")
    return mask ^ gcm.ghash(gcm.hash_key(key), b"", ciphertext)
