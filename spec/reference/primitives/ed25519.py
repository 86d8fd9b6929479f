"""Ed25519: signing, and the strict verifier of spec/statements.md §2. Source: RFC 8032 §5.1."""

import functools
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
Point = tuple[int, int, int, int]
IDENTITY: Point = (0, 1, 1, 0)


def add(p: Point, q: Point) -> Point:
    """Source: RFC 8032 §5.1.4."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


@functools.lru_cache(maxsize=256)
def doublings(p: Point) -> list[Point]:
    """p, 2p, 4p, as far as anybody has needed: most multiples are of the base, or of a few keys."""
    return [p]


def multiply(scalar: int, p: Point) -> Point:
    q, powers = IDENTITY, doublings(p)
    while len(powers) < scalar.bit_length():
        powers.append(add(powers[-1], powers[-1]))
    for bit in range(scalar.bit_length()):
        if scalar >> bit & 1:
            q = add(q, powers[bit])
    return q


def equal(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def recover_x(y: int, sign: int) -> int | None:
    """Source: RFC 8032 §5.1.3, steps 2 to 4."""
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - xx) % P != 0 or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = recover_x(_BASE_Y, 0)
assert _BASE_X is not None
BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def encode(p: Point) -> bytes:
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(text: bytes) -> Point | None:
    """Give the point, or None for anything but the one canonical encoding of one."""
    if len(text) != 32:
        return None
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def expand_seed(seed: bytes) -> tuple[int, bytes]:
    """The scalar and the prefix. Source: RFC 8032 §5.1.5."""
    h = hashlib.sha512(seed).digest()
    return int.from_bytes(h[:32], "little") & ~7 & (1 << 254) - 1 | 1 << 254, h[32:]


def public_key(seed: bytes) -> bytes:
    return encode(multiply(expand_seed(seed)[0], BASE))


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L


def sign(seed: bytes, message: bytes) -> bytes:
    """Source: RFC 8032 §5.1.6."""
    scalar, prefix = expand_seed(seed)
    public = encode(multiply(scalar, BASE))
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    r = encode(multiply(nonce, BASE))
    s = (nonce + challenge(r, public, message) * scalar) % L
    return r + s.to_bytes(32, "little")


def good_key(public: bytes) -> Point | None:
    """Give the point of a key that keeps rule 1 of spec/statements.md §2."""
    a = decode(public)
    if a is None or equal(multiply(8, a), IDENTITY) or not equal(multiply(L, a), IDENTITY):
        return None
    return a


def verify(public: bytes, message: bytes, signature: bytes) -> str | None:
    """Give None for a good signature, else the kind. Source: spec/statements.md §2, rules 1-4."""
    a = good_key(public)
    if a is None:
        return "bad-key"
    r, s = decode(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or r is None or equal(multiply(8, r), IDENTITY) or s >= L:
        return "bad-signature"
    right = add(r, multiply(challenge(signature[:32], public, message), a))
    return None if equal(multiply(s, BASE), right) else "bad-signature"
