"""VOPRF with ristretto255 and SHA-512. Source: RFC 9497 §2.2, §3.3.2, §4.1."""

from hashlib import sha512

from primitives import ristretto as r
from primitives.ed25519 import BASE, L

CONTEXT = b"OPRFV1-\x01-ristretto255-SHA512"


def counted(*parts: bytes) -> bytes:
    """Each part behind its length."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def expand(message: bytes, tag: bytes) -> bytes:
    """expand_message_xmd, to 64 bytes: one block. Source: RFC 9380 §5.3.1."""
    tag += bytes([len(tag)])
    first = sha512(bytes(128) + message + (64).to_bytes(2, "big") + b"\0" + tag).digest()
    return sha512(first + b"\1" + tag).digest()


def to_group(message: bytes) -> r.Point:
    return r.from_uniform(expand(message, b"HashToGroup-" + CONTEXT))


def to_scalar(message: bytes) -> int:
    return int.from_bytes(expand(message, b"HashToScalar-" + CONTEXT), "little") % L


def scalar_bytes(scalar: int) -> bytes:
    return scalar.to_bytes(32, "little")


def public_of(secret: int) -> bytes:
    return r.encode(r.multiply(secret, BASE))


def _element(text: bytes) -> r.Point:
    point = r.decode(text)
    assert point is not None
    return point


def blind(message: bytes, scalar: int) -> bytes:
    return r.encode(r.multiply(scalar, to_group(message)))


def _composites(public: bytes, blinded: list[bytes], evaluated: list[bytes]) -> tuple:
    """§2.2.1: random combinations of both lists."""
    seed = sha512(counted(public, b"Seed-" + CONTEXT)).digest()
    m = z = r.IDENTITY
    for i, (c, d) in enumerate(zip(blinded, evaluated)):
        order = counted(seed) + i.to_bytes(2, "big") + counted(c, d) + b"Composite"
        weight = to_scalar(order)
        m = r.add(m, r.multiply(weight, _element(c)))
        z = r.add(z, r.multiply(weight, _element(d)))
    return m, z


def _challenge(public: bytes, *points: r.Point) -> int:
    return to_scalar(counted(public, *(r.encode(point) for point in points)) + b"Challenge")


def evaluate(secret: int, blinded: list[bytes], nonce: int) -> tuple[list[bytes], bytes]:
    """The elements raised to the secret, and the proof that they are."""
    public = public_of(secret)
    evaluated = [r.encode(r.multiply(secret, _element(one))) for one in blinded]
    m, z = _composites(public, blinded, evaluated)
    c = _challenge(public, m, z, r.multiply(nonce, BASE), r.multiply(nonce, m))
    return evaluated, scalar_bytes(c) + scalar_bytes((nonce - c * secret) % L)


def verifies(public: bytes, blinded: list[bytes], evaluated: list[bytes], proof: bytes) -> bool:
    c, s = (int.from_bytes(half, "little") for half in (proof[:32], proof[32:]))
    m, z = _composites(public, blinded, evaluated)
    t2 = r.add(r.multiply(s, BASE), r.multiply(c, _element(public)))
    t3 = r.add(r.multiply(s, m), r.multiply(c, z))
    return c == _challenge(public, m, z, t2, t3)


def combine(shares: dict[int, bytes]) -> bytes:
    """Interpolate elements at 0, by the indices of their holders."""
    total = r.IDENTITY
    for index, element in shares.items():
        weight = 1
        for other in shares:
            if other != index:
                weight = weight * other * pow(other - index, L - 2, L) % L
        total = r.add(total, r.multiply(weight, _element(element)))
    return r.encode(total)


def finalize(message: bytes, scalar: int, evaluated: bytes) -> bytes:
    opened = r.encode(r.multiply(pow(scalar, L - 2, L), _element(evaluated)))
    return sha512(counted(message, opened) + b"Finalize").digest()
