"""The sealed index, left/right order-revealing encryption. Source: spec/sealed-index.md."""

from dataclasses import dataclass
from hashlib import sha256

import keys
from fault import Fault
from primitives.aes import AES

PUBLIC_PERMUTATION = AES(sha256(b"salus/sealed-index/permutation/v1").digest()[:16])


@dataclass(frozen=True)
class Column:
    mask_key: bytes
    permutation_key: bytes
    bits: int

    @property
    def width(self) -> int:
        """Bits of a block."""
        return 8 if self.bits == 8 else 4

    @property
    def blocks(self) -> int:
        return self.bits // self.width

    def block(self, value: int, i: int) -> tuple[int, int]:
        """Give (prefix, block i) of a value."""
        upper = value >> self.width * (self.blocks - 1 - i)
        return upper >> self.width, upper & (1 << self.width) - 1


def column(cell_index: bytes, attribute: str, bits: int) -> Column:
    if bits != 8 and not (12 <= bits <= 48 and bits % 4 == 0):
        raise ValueError("8 bits, or 12 to 48 in steps of 4")
    mask_key = keys.derive(cell_index, "sealed-mask", attribute, bits)
    return Column(mask_key, keys.derive(cell_index, "sealed-perm", attribute, bits), bits)


def mask(c: Column, i: int, prefix: int, z: int) -> bytes:
    block = bytes([2, i]) + prefix.to_bytes(8, "big") + bytes([z]) + bytes(5)
    return AES(c.mask_key).encrypt(block)


def xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b))


def pad(k: bytes, r: bytes) -> int:
    """The first byte of §1's pad, of which one or two bits are used."""
    return xor(PUBLIC_PERMUTATION.encrypt(xor(k, r)), k)[0]


def permutation(c: Column, i: int, prefix: int) -> list[int]:
    """§1: slots by symbol z."""
    slots = list(range(1 << c.width))
    head, cipher, stream = bytes([3, i]) + prefix.to_bytes(8, "big"), AES(c.permutation_key), b""
    for count, t in enumerate(range(len(slots) - 1, 0, -1)):
        if 4 * count == len(stream):
            stream += cipher.encrypt(head + bytes([len(stream) // 16]) + bytes(5))
        word = int.from_bytes(stream[4 * count : 4 * count + 4], "big")
        chosen = word * (t + 1) >> 32
        slots[t], slots[chosen] = slots[chosen], slots[t]
    return slots


def right_half(c: Column, value: int, r: bytes) -> bytes:
    """§2."""
    if not 1 <= value < 1 << c.bits:
        raise Fault("out-of-domain", f"{value} of {c.bits} bits")
    return r + b"".join(_right_block(c, value, r, i) for i in range(c.blocks))


def _right_block(c: Column, value: int, r: bytes, i: int) -> bytes:
    prefix, own = c.block(value, i)
    bits = 1 if i == c.blocks - 1 else 2
    slots = permutation(c, i, prefix)
    packed, count = 0, len(slots)
    for z in range(count):
        less = 0 if bits == 1 else 2
        symbol = 0 if own == z else 1 if own > z else less
        masked = symbol ^ pad(mask(c, i, prefix, z), r) & (1 << bits) - 1
        packed |= masked << bits * (count - 1 - slots[z])
    return packed.to_bytes(count * bits // 8, "big")


def left_half(c: Column, value: int) -> bytes:
    """§3."""
    half = b""
    for i in range(c.blocks):
        prefix, own = c.block(value, i)
        half += bytes([permutation(c, i, prefix)[own]]) + mask(c, i, prefix, own)
    return half


def greater(bits: int, left: bytes, right: bytes) -> bool:
    """§4, without any key: whether the stored value is greater than the bound."""
    shape = Column(b"", b"", bits)
    r, at, count = right[:16], 16, 1 << shape.width
    for i in range(shape.blocks):
        size = 1 if i == shape.blocks - 1 else 2
        slot, k = left[17 * i], left[17 * i + 1 : 17 * i + 17]
        packed = int.from_bytes(right[at : at + count * size // 8], "big")
        at += count * size // 8
        symbol = (packed >> size * (count - 1 - slot) ^ pad(k, r)) & (1 << size) - 1
        if symbol != 0 or size == 1:
            return symbol == 1
    raise AssertionError("the last block always decides")


def bounds(c: Column, low: int, high: int) -> tuple[bytes, bytes]:
    """§4: the left halves of low - 1 and high."""
    if not 1 <= low <= high < 1 << c.bits:
        raise Fault("out-of-domain", f"{low} .. {high} of {c.bits} bits")
    return left_half(c, low - 1), left_half(c, high)
