"""AES-128 and AES-256, encryption of single blocks. Source: FIPS 197, §5."""

import functools
import struct


def _double(a: int) -> int:
    """Multiply by x in GF(2^8). Source: FIPS 197 §4.2."""
    return a << 1 ^ (0x11B if a & 0x80 else 0)


def _make_sbox() -> bytes:
    """The S-box from its definition: inverse in GF(2^8), then the affine map. FIPS 197 §5.1.1."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value = _double(value) ^ value  # the generator is x + 1
    sbox = bytearray(256)
    for a in range(256):
        b = 0 if a == 0 else powers[-powers.index(a) % 255]
        spread = b | b << 8
        sbox[a] = 0x63 ^ b
        for turn in (4, 5, 6, 7):
            sbox[a] ^= spread >> turn & 0xFF
    return bytes(sbox)


SBOX = _make_sbox()
DOUBLE = bytes(_double(a) for a in range(256))

# What SubBytes and MixColumns make of one byte in row 0: a column of 2a, a, a, 3a, as one number. In
# row i the column is turned down by i. Source: FIPS 197 §5.1.3.
_COLUMN = [int.from_bytes([DOUBLE[a], a, a, DOUBLE[a] ^ a], "big") for a in SBOX]
_ROW_0, _ROW_1, _ROW_2, _ROW_3 = (
    [(column << 32 | column) >> 8 * row & 0xFFFFFFFF for column in _COLUMN] for row in range(4)
)


class AES:
    """One expanded key."""

    def __init__(self, key: bytes) -> None:
        if len(key) not in (16, 32):
            raise ValueError("an AES key here has 16 or 32 bytes")
        self._round_keys = _expand(key)

    def encrypt(self, block: bytes) -> bytes:
        """Source: FIPS 197 §5.1. The state is kept as its four columns."""
        if len(block) != 16:
            raise ValueError("a block has 16 bytes")
        first, *middle, last = self._round_keys
        a, b, c, d = (column ^ k for column, k in zip(struct.unpack(">4I", block), first))
        for p, q, r, s in middle:
            a, b, c, d = (
                _column(a, b, c, d) ^ p,
                _column(b, c, d, a) ^ q,
                _column(c, d, a, b) ^ r,
                _column(d, a, b, c) ^ s,
            )
        turned = (
            _substitute(a, b, c, d),
            _substitute(b, c, d, a),
            _substitute(c, d, a, b),
            _substitute(d, a, b, c),
        )
        return struct.pack(">4I", *(column ^ k for column, k in zip(turned, last)))


def _column(a: int, b: int, c: int, d: int) -> int:
    """A column after SubBytes, ShiftRows and MixColumns: row i comes from the i-th column onwards."""
    return _ROW_0[a >> 24] ^ _ROW_1[b >> 16 & 255] ^ _ROW_2[c >> 8 & 255] ^ _ROW_3[d & 255]


def _substitute(a: int, b: int, c: int, d: int) -> int:
    """A column after SubBytes and ShiftRows, as in the last round."""
    return int.from_bytes(
        [SBOX[a >> 24], SBOX[b >> 16 & 255], SBOX[c >> 8 & 255], SBOX[d & 255]], "big"
    )


@functools.lru_cache(maxsize=4096)
def _expand(key: bytes) -> list[tuple[int, ...]]:
    """The round keys, four words each. Source: FIPS 197 §5.2."""
    length = len(key) // 4
    rounds = length + 6
    words = [key[4 * i : 4 * i + 4] for i in range(length)]
    constant = 1
    for i in range(length, 4 * (rounds + 1)):
        word = words[-1]
        if i % length == 0:
            word = bytes(SBOX[a] for a in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = DOUBLE[constant]
        elif length == 8 and i % length == 4:
            word = bytes(SBOX[a] for a in word)
        words.append(bytes(a ^ b for a, b in zip(word, words[-length])))
    numbers = [int.from_bytes(word, "big") for word in words]
    return [tuple(numbers[i : i + 4]) for i in range(0, len(numbers), 4)]
