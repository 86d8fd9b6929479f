"""ML-KEM-768. Source: FIPS 203, §4 to §7; k = 3, eta = 2, du = 10, dv = 4."""

import hashlib

Q, N, K, DU, DV = 3329, 256, 3, 10, 4
PUBLIC_BYTES, CIPHERTEXT_BYTES = 1184, 1088
Poly = list[int]


def _reversed7(i: int) -> int:
    return int(f"{i:07b}"[::-1], 2)


ZETAS = [pow(17, _reversed7(i), Q) for i in range(128)]
GAMMAS = [pow(17, 2 * _reversed7(i) + 1, Q) for i in range(128)]


def _ntt(f: Poly) -> Poly:
    """Algorithm 9."""
    f, i, length = list(f), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            zeta, i = ZETAS[i], i + 1
            for j in range(start, start + length):
                t = zeta * f[j + length]
                f[j], f[j + length] = (f[j] + t) % Q, (f[j] - t) % Q
        length //= 2
    return f


def _inverse_ntt(f: Poly) -> Poly:
    """Algorithm 10."""
    f, i, length = list(f), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            zeta, i = ZETAS[i], i - 1
            for j in range(start, start + length):
                t = f[j]
                f[j], f[j + length] = (t + f[j + length]) % Q, zeta * (f[j + length] - t) % Q
        length *= 2
    return [a * 3303 % Q for a in f]


def _multiply(f: Poly, g: Poly) -> Poly:
    """Algorithms 11 and 12."""
    h = []
    for i in range(128):
        a0, a1, b0, b1 = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
        h += [(a0 * b0 + a1 * b1 % Q * GAMMAS[i]) % Q, (a0 * b1 + a1 * b0) % Q]
    return h


def _add(*polys: Poly) -> Poly:
    return [sum(column) % Q for column in zip(*polys)]


def _dot(row: list[Poly], vector: list[Poly]) -> Poly:
    return _add(*(_multiply(f, g) for f, g in zip(row, vector)))


def _encode(f: Poly, d: int) -> bytes:
    """Algorithm 5: the bits of each coefficient from the least significant."""
    bits = sum(a << d * i for i, a in enumerate(f))
    return bits.to_bytes(32 * d, "little")


def _decode(text: bytes, d: int) -> Poly:
    """Algorithm 6, without the reduction for d = 12: the key check of §7.2 compares."""
    bits = int.from_bytes(text, "little")
    return [bits >> d * i & (1 << d) - 1 for i in range(N)]


def _compress(f: Poly, d: int) -> Poly:
    return [((a << d) + Q // 2) // Q % (1 << d) for a in f]


def _decompress(f: Poly, d: int) -> Poly:
    return [(a * Q + (1 << d - 1)) >> d for a in f]


def _sample_ntt(seed: bytes) -> Poly:
    """Algorithm 7; 1,344 bytes are 896 candidates, more than any seed needs in practice."""
    stream, f = hashlib.shake_128(seed).digest(1344), []
    for i in range(0, len(stream), 3):
        low = stream[i] | (stream[i + 1] & 15) << 8
        high = stream[i + 1] >> 4 | stream[i + 2] << 4
        f += [d for d in (low, high) if d < Q]
    if len(f) < N:
        raise ValueError("the stream is too short")
    return f[:N]


def _sample_noise(sigma: bytes, n: int) -> Poly:
    """Algorithm 8 with eta = 2 over PRF(sigma, n)."""
    bits = int.from_bytes(hashlib.shake_256(sigma + bytes([n])).digest(128), "little")
    quads = [bits >> 4 * i & 15 for i in range(N)]
    return [((b & 1) + (b >> 1 & 1) - (b >> 2 & 1) - (b >> 3)) % Q for b in quads]


def _matrix(rho: bytes) -> list[list[Poly]]:
    return [[_sample_ntt(rho + bytes([j, i])) for j in range(K)] for i in range(K)]


def _g(text: bytes) -> tuple[bytes, bytes]:
    digest = hashlib.sha3_512(text).digest()
    return digest[:32], digest[32:]


def generate(d: bytes, z: bytes) -> tuple[bytes, bytes]:
    """Give (public key, private key). Algorithms 13 and 16."""
    rho, sigma = _g(d + bytes([K]))
    s = [_ntt(_sample_noise(sigma, i)) for i in range(K)]
    e = [_ntt(_sample_noise(sigma, K + i)) for i in range(K)]
    t = [_add(_dot(row, s), e[i]) for i, row in enumerate(_matrix(rho))]
    public = b"".join(_encode(f, 12) for f in t) + rho
    private = b"".join(_encode(f, 12) for f in s)
    return public, private + public + hashlib.sha3_256(public).digest() + z


def _encrypt(public: bytes, message: bytes, randomness: bytes) -> bytes:
    """Algorithm 14."""
    t = [_decode(public[384 * i : 384 * (i + 1)], 12) for i in range(K)]
    a = _matrix(public[1152:])
    y = [_ntt(_sample_noise(randomness, i)) for i in range(K)]
    out = b""
    for i in range(K):
        product = _inverse_ntt(_dot([a[j][i] for j in range(K)], y))
        out += _encode(_compress(_add(product, _sample_noise(randomness, K + i)), DU), DU)
    noise, mu = _sample_noise(randomness, 2 * K), _decompress(_decode(message, 1), 1)
    v = _add(_inverse_ntt(_dot(t, y)), noise, mu)
    return out + _encode(_compress(v, DV), DV)


def encapsulate(public: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Give (shared secret, ciphertext), or raise ValueError for a bad key. Algorithm 17, §7.2."""
    if len(public) != PUBLIC_BYTES or any(
        a >= Q for i in range(K) for a in _decode(public[384 * i : 384 * (i + 1)], 12)
    ):
        raise ValueError("not an encapsulation key")
    shared, randomness = _g(message + hashlib.sha3_256(public).digest())
    return shared, _encrypt(public, message, randomness)


def decapsulate(private: bytes, ciphertext: bytes) -> bytes:
    """Give the shared secret, a pseudorandom one for a wrong ciphertext. Algorithms 15 and 18."""
    if len(ciphertext) != CIPHERTEXT_BYTES:
        raise ValueError("not a ciphertext")
    s = [_decode(private[384 * i : 384 * (i + 1)], 12) for i in range(K)]
    public, digest, z = private[1152:2336], private[2336:2368], private[2368:]
    parts = [ciphertext[320 * i : 320 * (i + 1)] for i in range(K)]
    u = [_ntt(_decompress(_decode(part, DU), DU)) for part in parts]
    v = _decompress(_decode(ciphertext[960:], DV), DV)
    w = [(a - b) % Q for a, b in zip(v, _inverse_ntt(_dot(s, u)))]
    message = _encode(_compress(w, 1), 1)
    shared, randomness = _g(message + digest)
    if _encrypt(public, message, randomness) == ciphertext:
        return shared
    return hashlib.shake_256(z + ciphertext).digest(32)
