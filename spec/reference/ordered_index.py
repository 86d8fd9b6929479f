"""The ordered index, MOPSE. Source: spec/ordered-index.md."""

from dataclasses import dataclass, field
from hashlib import sha256

import keys
from fault import Fault
from primitives.aes import AES

ONE = 1 << 32
SPREAD = {"private": (1, 1), "flat": (1, 4)}


@dataclass(frozen=True)
class Map:
    key: bytes
    profile: str
    bits: int
    prior: list[int] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The greatest code; it and 0 are sentinels."""
        return (1 << self.bits) - 1


def prior_digest(weights: list[int]) -> bytes:
    return sha256(b"".join(weight.to_bytes(4, "big") for weight in weights)).digest()


def left_weight(weights: list[int], depth: int, prefix: int) -> int:
    """§1, the prior: the left child's share of the weights below (depth, prefix), in 2^-32."""
    if 1 << depth >= len(weights):
        return ONE // 2
    below = len(weights) >> depth
    part = weights[prefix * below : (prefix + 1) * below]
    left, total = sum(part[: below // 2]), sum(part)
    return min(max(ONE * left // total, 1), ONE - 1)


def cut_at(m: Map, depth: int, prefix: int, width: int) -> int:
    """§1: how much of a node's width its left child gets."""
    block = bytes([1, depth]) + prefix.to_bytes(8, "big") + bytes(6)
    u = int.from_bytes(AES(m.key).encrypt(block)[:4], "big")
    p = left_weight(m.prior, depth, prefix) if m.profile == "flat" else ONE // 2
    numerator, denominator = SPREAD[m.profile]
    s = min(p, ONE - p) * numerator // denominator
    fraction = p - s + 2 * s * u // ONE
    reserve = 1 << (m.bits - depth - 1) + 48
    return reserve + (width - 2 * reserve) * fraction // ONE


def interval(m: Map, code: int) -> tuple[int, int]:
    """Give (lo, w) of a leaf, of a sentinel's too."""
    lo, width = 0, 1 << 128
    for depth in range(m.bits):
        cut = cut_at(m, depth, code >> m.bits - depth, width)
        if code >> m.bits - depth - 1 & 1:
            lo, width = lo + cut, width - cut
        else:
            width = cut
    return lo, width


def draw_bits(width: int) -> int:
    """§2: the least k with 2^k >= width."""
    return (width - 1).bit_length()


def fresh_term(m: Map, code: int, randomness: bytes) -> bytes:
    """A term of any leaf; the randomness is the bytes of the successive draws, all of them used."""
    lo, width = interval(m, code)
    bits = draw_bits(width)
    size = (bits + 7) // 8
    for at in range(0, len(randomness), size):
        r = int.from_bytes(randomness[at : at + size], "big") & (1 << bits) - 1
        if r < width:
            if at + size != len(randomness):
                raise ValueError("more randomness than is used")
            return (lo + r).to_bytes(16, "big")
    raise ValueError("not enough randomness")


def encrypt(m: Map, code: int, randomness: bytes) -> bytes:
    """§2."""
    if not 1 <= code < m.last:
        raise Fault("out-of-domain", f"{code} of {m.bits} bits")
    return fresh_term(m, code, randomness)


def probes(m: Map, low: int, high: int, randomness: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """§3: fresh encryptions of low - 1 and high + 1, which may be sentinels."""
    if not 1 <= low <= high < m.last:
        raise Fault("out-of-domain", f"{low} .. {high} of {m.bits} bits")
    return fresh_term(m, low - 1, randomness[0]), fresh_term(m, high + 1, randomness[1])


def decrypt(m: Map, term: bytes) -> int:
    """§2."""
    point, lo, width, code = int.from_bytes(term, "big"), 0, 1 << 128, 0
    for depth in range(m.bits):
        cut = cut_at(m, depth, code, width)
        right = point >= lo + cut
        lo, width = (lo + cut, width - cut) if right else (lo, cut)
        code = code << 1 | right
    return code


def code_number(key: bytes, bits: int, system_code: str) -> int:
    """§4: h bits, never a sentinel's."""
    first = keys.derive(key, "code-number", system_code)[:4]
    number = int.from_bytes(first, "big") & (1 << bits) - 1
    return 1 if number in (0, (1 << bits) - 1) else number


def composite(number: int, bits: int, value: int) -> int:
    """§4: `bits` is m, the width of the value."""
    if not 1 <= value <= (1 << bits) - 2:
        raise Fault("out-of-domain", f"{value} of {bits} bits")
    return number << bits | value
