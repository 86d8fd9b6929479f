"""AES-128 and AES-256, encryption of single blocks. Source: FIPS 197, §5."""


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
# ShiftRows on a state kept column by column: row i % 4 turns left by its own number.
SHIFTED = [(i + 4 * (i % 4)) % 16 for i in range(16)]


class AES:
    """One expanded key."""

    def __init__(self, key: bytes) -> None:
        if len(key) not in (16, 32):
            raise ValueError("an AES key here has 16 or 32 bytes")
        self._round_keys = _expand(key)

    def encrypt(self, block: bytes) -> bytes:
        """Source: FIPS 197 §5.1."""
        if len(block) != 16:
            raise ValueError("a block has 16 bytes")
        first, *middle, last = self._round_keys
        state = [a ^ k for a, k in zip(block, first)]
        for round_key in middle:
            state = [a ^ k for a, k in zip(_mix_columns(_substitute(state)), round_key)]
        return bytes(a ^ k for a, k in zip(_substitute(state), last))


def _substitute(state: list[int]) -> list[int]:
    """SubBytes, then ShiftRows."""
    return [SBOX[state[i]] for i in SHIFTED]


def _mix_columns(state: list[int]) -> list[int]:
    mixed = []
    for c in range(0, 16, 4):
        a, b, d, e = state[c : c + 4]
        every = a ^ b ^ d ^ e
        mixed += [
            a ^ every ^ DOUBLE[a ^ b],
            b ^ every ^ DOUBLE[b ^ d],
            d ^ every ^ DOUBLE[d ^ e],
            e ^ every ^ DOUBLE[e ^ a],
        ]
    return mixed


def _expand(key: bytes) -> list[bytes]:
    """The round keys, 16 bytes each. Source: FIPS 197 §5.2."""
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
    joined = b"".join(words)
    return [joined[i : i + 16] for i in range(0, len(joined), 16)]
