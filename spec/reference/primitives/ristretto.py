"""ristretto255, over the points of Ed25519. Source: RFC 9496 §4."""

from primitives.ed25519 import IDENTITY, P, D, ROOT_OF_MINUS_ONE as I, Point, add, multiply

# §4.1: the roots are those that the RFC names.
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578
assert (SQRT_AD_MINUS_ONE**2 - (-D - 1)) % P == 0
assert (INVSQRT_A_MINUS_D**2 * (-1 - D) - 1) % P == 0

__all__ = ["IDENTITY", "Point", "add", "decode", "encode", "equal", "from_uniform", "multiply"]


def magnitude(x: int) -> int:
    """CT_ABS: of x and -x the one that is even."""
    x %= P
    return P - x if x & 1 else x


def sqrt_ratio(u: int, v: int) -> tuple[bool, int]:
    """§4.2: the root of u/v, or of I times it, and whether it is of u/v itself."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check, u = v * r * r % P, u % P
    if check in ((-u) % P, -u * I % P):
        r = r * I % P
    return check in (u, (-u) % P), magnitude(r)


def decode(text: bytes) -> Point | None:
    """§4.3.1. Give None for anything but the one encoding of an element."""
    s = int.from_bytes(text, "little")
    if len(text) != 32 or s >= P or s & 1:
        return None
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, root = sqrt_ratio(1, v * u2 * u2 % P)
    x = magnitude(2 * s * root * u2)
    y = u1 * root * root * u2 * v % P
    t = x * y % P
    return None if not square or t & 1 or y == 0 else (x, y, 1, t)


def encode(p: Point) -> bytes:
    """§4.3.2."""
    x, y, z, t = p
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    _, root = sqrt_ratio(1, u1 * u2 * u2 % P)
    den1, den2 = root * u1 % P, root * u2 % P
    z_inv = den1 * den2 * t % P
    if t * z_inv % P & 1:
        x, y, den = y * I % P, x * I % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        den = den2
    if x * z_inv % P & 1:
        y = -y % P
    return magnitude(den * (z - y)).to_bytes(32, "little")


def equal(p: Point, q: Point) -> bool:
    """§4.3.3."""
    return (p[0] * q[1] - p[1] * q[0]) % P == 0 or (p[1] * q[1] - p[0] * q[0]) % P == 0


def _map(half: bytes) -> Point:
    """§4.3.4, MAP."""
    t = (int.from_bytes(half, "little") & (1 << 255) - 1) % P
    r = I * t * t % P
    u, v = (r + 1) * (1 - D * D) % P, (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    c = -1 if square else r
    s = s if square else -magnitude(s * t)
    n = (c * (r - 1) * (D - 1) ** 2 - v) % P
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def from_uniform(text: bytes) -> Point:
    """§4.3.4: an element of 64 uniform bytes."""
    return add(_map(text[:32]), _map(text[32:]))
