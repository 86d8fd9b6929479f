"""Keys and signatures that lax verifiers of Ed25519 accept.

Most satisfy the equation of spec/statements.md §2, rule 4, or its version with the cofactor, and break
one of the other rules.
"""

from collections.abc import Iterator
from functools import cache

from primitives import ed25519 as ed

Forged = tuple[bytes, bytes]  # public key, signature
IDENTITY = bytes([1]) + bytes(31)


@cache
def torsion() -> list[ed.Point]:
    """The eight points of small order, multiples of one of order 8."""
    y = 2
    while True:
        point = ed.decode(y.to_bytes(32, "little"))
        generator = ed.multiply(ed.L, point) if point else ed.IDENTITY
        if not ed.equal(ed.multiply(4, generator), ed.IDENTITY):
            return [ed.multiply(i, generator) for i in range(8)]
        y += 1


def _nonces() -> Iterator[int]:
    return iter(range(1000, 2000))


def with_key(public: bytes, scalar: int, message: bytes) -> Forged:
    """A signature whose challenge is a multiple of 8: the small part of the key vanishes."""
    for nonce in _nonces():
        r = ed.encode(ed.multiply(nonce, ed.BASE))
        k = ed.challenge(r, public, message)
        if k % 8 == 0:
            s = (nonce + k * scalar) % ed.L
            return public, r + s.to_bytes(32, "little")
    raise AssertionError("no such nonce")


def keys(seed: bytes, message: bytes) -> dict[str, Forged]:
    """Rule 1."""
    scalar, _ = ed.expand_seed(seed)
    cases = {
        f"a key of order {order}": with_key(ed.encode(torsion()[i]), 0, message)
        for order, i in ((1, 0), (2, 4), (4, 2), (8, 1))
    }
    cases["the other key of order 4"] = with_key(ed.encode(torsion()[6]), 0, message)
    cases["the identity key with a zero signature"] = IDENTITY, IDENTITY + bytes(32)
    above = (ed.P + 1).to_bytes(32, "little")
    signed_zero = IDENTITY[:31] + b"\x80"
    cases["the identity written as y = p + 1"] = with_key(above, 0, message)
    cases["the identity with a sign bit"] = with_key(signed_zero, 0, message)
    mixed = ed.add(ed.multiply(scalar, ed.BASE), torsion()[1])
    cases["a key with a part of order 8"] = with_key(ed.encode(mixed), scalar, message)
    cases["a key that is no point"] = _no_point(), ed.sign(seed, message)
    return cases


def _no_point() -> bytes:
    y = 2
    while ed.decode(y.to_bytes(32, "little")):
        y += 1
    return y.to_bytes(32, "little")


def signatures(seed: bytes, message: bytes) -> dict[str, Forged]:
    """Rules 2 to 4, under a good key."""
    public, good = ed.public_key(seed), ed.sign(seed, message)
    s = int.from_bytes(good[32:], "little")
    high = (s + ed.L).to_bytes(32, "little")
    other = bytes([good[0] ^ 1]) + good[1:]
    cases = {
        "S + L in place of S": good[:32] + high,
        "S plus one": good[:32] + (s + 1).to_bytes(32, "little"),
        "a bit of R": other,
        "a zero signature": IDENTITY + bytes(32),
        "an R of order 1": _with_r(seed, IDENTITY, 0, message),
        "an R of order 1 written as y = p + 1": _with_r(
            seed, (ed.P + 1).to_bytes(32, "little"), 0, message
        ),
        "an R of order 8, good with the cofactor": _with_r(
            seed, ed.encode(torsion()[1]), 0, message
        ),
    }
    nonce = 1234
    mixed = ed.encode(ed.add(ed.multiply(nonce, ed.BASE), torsion()[1]))
    name = "an R with a part of order 8, good with the cofactor"
    cases[name] = _with_r(seed, mixed, nonce, message)
    return {name: (public, signature) for name, signature in cases.items()}


def _with_r(seed: bytes, r: bytes, nonce: int, message: bytes) -> bytes:
    scalar, _ = ed.expand_seed(seed)
    s = (nonce + ed.challenge(r, ed.public_key(seed), message) * scalar) % ed.L
    return r + s.to_bytes(32, "little")
