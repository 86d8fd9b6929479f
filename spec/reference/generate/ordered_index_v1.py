"""Write vectors/ordered-index-v1.json."""

from typing import Any

import keys
import ordered_index as index
from generate.ordered_index_cases import SCOPE, composites, invalid
from generate.seeded import seeded

WEIGHTS16 = [1, 5, 9, 14, 20, 31, 45, 60, 58, 40, 25, 12, 6, 3, 2, 1]
EXTREME = [1, 1, 4294967295, 4294967295]  # the share of the left half is below 2^-32: clamped to 1
MIXED = [4294967295, 1, 1, 4294967295, 7, 7, 7, 7]

MAPS: list[tuple[str, str, int, list[int]]] = [
    ("private, 1 bit: sentinels only", "private", 1, []),
    ("private, 4 bits", "private", 4, []),
    ("private, 8 bits", "private", 8, []),
    ("private, 16 bits", "private", 16, []),
    ("private, 24 bits", "private", 24, []),
    ("private, 48 bits", "private", 48, []),
    ("flat, 1 bit", "flat", 1, [3, 1]),
    ("flat, 4 bits, a weight for each code", "flat", 4, WEIGHTS16),
    ("flat, 8 bits, 16 weights", "flat", 8, WEIGHTS16),
    ("flat, 16 bits, extreme weights", "flat", 16, MIXED),
    ("flat, 16 bits, a clamped share", "flat", 16, EXTREME),
    ("flat, 16 bits, one weight", "flat", 16, [9]),
    ("flat, 24 bits, 16 weights", "flat", 24, WEIGHTS16),
    ("flat, 48 bits, 16 weights", "flat", 48, WEIGHTS16),
]


def sample(bits: int) -> list[int]:
    """Sentinels, edges, the middle and two others; every code of a small map."""
    last = (1 << bits) - 1
    if bits <= 4:
        return list(range(last + 1))
    middle = 1 << bits - 1
    others = [int.from_bytes(seeded(f"code/{bits}/{i}", 6), "big") % last for i in range(2)]
    return sorted({0, 1, 2, middle - 1, middle, *others, last - 2, last - 1, last})


def draws(m: index.Map, code: int, label: str) -> dict[str, bytes]:
    """Randomness for one code: least, greatest and ordinary offset, and rejected draws."""
    _, width = index.interval(m, code)
    bits = index.draw_bits(width)
    size = (bits + 7) // 8
    usual = int.from_bytes(seeded(label, 16), "big") % width
    above = ((1 << 8 * size) - 1) ^ ((1 << bits) - 1)  # bits that a reader must mask away
    cases = {
        "the first point of the leaf": bytes(size),
        "the last point of the leaf": (width - 1 | above).to_bytes(size, "big"),
        "a point inside": (usual | above).to_bytes(size, "big"),
    }
    if width < 1 << bits:
        rejected = ((1 << 8 * size) - 1).to_bytes(size, "big")
        exact = width.to_bytes(size, "big")
        cases["two draws rejected"] = rejected + exact + usual.to_bytes(size, "big")
    return cases


def one_map(comment: str, profile: str, bits: int, prior: list[int]) -> dict[str, Any]:
    attribute = "Observation.value"
    digest = index.prior_digest(prior) if profile == "flat" else b""
    context = keys.map_context(attribute, profile, bits, digest)
    m = index.Map(keys.map_key(SCOPE, *context), profile, bits, prior)
    case: dict[str, Any] = {"comment": comment, "attribute": attribute}
    case |= {"profile": profile, "bits": bits}
    if profile == "flat":
        case |= {"prior": prior, "priorDigest": digest.hex()}
    case["mapKey"] = m.key.hex()
    case["attributeHandle"] = keys.handle(SCOPE, "attribute-handle", *context).hex()
    case["intervals"] = [_interval(m, code) for code in sample(bits)]
    real = [code for code in sample(bits) if 1 <= code < m.last]
    case["encryptions"] = [
        _encryption(m, code, why, randomness)
        for code in sorted({*real[:1], *real[len(real) // 2 :][:1], *real[-1:]})
        for why, randomness in draws(m, code, f"{comment}/{code}").items()
    ]
    ranges = [(real[0], real[-1]), (real[1], real[2])] if real else []
    case["ranges"] = [_range(m, low, high) for low, high in ranges]
    return case


def _interval(m: index.Map, code: int) -> dict[str, Any]:
    lo, width = index.interval(m, code)
    for point in (lo, lo + width - 1):
        assert index.decrypt(m, point.to_bytes(16, "big")) == code
    return {"code": code, "lo": f"{lo:032x}", "width": f"{width:032x}"}


def _encryption(m: index.Map, code: int, why: str, randomness: bytes) -> dict[str, Any]:
    term = index.encrypt(m, code, randomness)
    assert index.decrypt(m, term) == code
    return {"comment": why, "code": code, "randomness": randomness.hex(), "term": term.hex()}


def _range(m: index.Map, low: int, high: int) -> dict[str, Any]:
    chosen = [draws(m, code, f"probe/{code}")["a point inside"] for code in (low - 1, high + 1)]
    terms = index.probes(m, low, high, (chosen[0], chosen[1]))
    return {
        "low": low,
        "high": high,
        "randomness": [r.hex() for r in chosen],
        "probes": [term.hex() for term in terms],
    }


def vectors() -> dict[str, Any]:
    return {
        "spec": "spec/ordered-index.md",
        "source": "spec/reference/ordered_index.py",
        "note": "`mapKey` is derived from `scopeIndexKey` and what the case says of the map.",
        "scopeIndexKey": SCOPE.hex(),
        "valid": [one_map(*given) for given in MAPS],
        "composites": composites(),
        "invalid": invalid(),
    }
