"""Composite codes, and what is refused. For ordered-index-v1.json."""

from typing import Any

import keys
import ordered_index as index
from fault import Fault
from generate.seeded import seeded

SCOPE = seeded("scope index key")


LOINC = "http://loinc.org"


def composites() -> list[dict[str, Any]]:
    """h bits of number, m bits of value; two numbers that are replaced, found by trying codes."""
    cases = []
    for high, low in ((24, 24), (8, 16), (4, 12), (1, 3)):
        key = keys.map_key(SCOPE, "Observation.code-value", "private", high + low)
        for value in (1, 1 << low - 1, (1 << low) - 2):
            why = f"{high} bits of number, {low} of value"
            cases.append(_composite(why, key, high, low, f"{LOINC}|8480-6", value))
    key = keys.map_key(SCOPE, "Observation.code-value", "private", 20)
    replaced = {0: "a number of 0 is replaced by 1", 15: "a number of 2^h - 1 is replaced by 1"}
    for raw, why in replaced.items():
        code = next(c for c in range(1000) if _raw(key, 4, f"{LOINC}|{c}") == raw)
        cases.append(_composite(why, key, 4, 16, f"{LOINC}|{code}", 140))
    return cases


def _raw(key: bytes, bits: int, system_code: str) -> int:
    first = keys.derive(key, "code-number", system_code)[:4]
    return int.from_bytes(first, "big") % (1 << bits)


def _composite(why: str, key: bytes, high: int, low: int, code: str, value: int) -> dict[str, Any]:
    number = index.code_number(key, high, code)
    return {
        "comment": why,
        "mapKey": key.hex(),
        "numberBits": high,
        "valueBits": low,
        "systemCode": code,
        "value": value,
        "number": number,
        "composite": index.composite(number, low, value),
    }


def invalid() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = []
    for bits in (1, 4, 16, 48):
        m = index.Map(keys.map_key(SCOPE, "a", "private", bits), "private", bits)
        codes = {
            "the lower sentinel": 0,
            "the upper sentinel": m.last,
            "above the domain": m.last + 1,
        }
        for why, code in codes.items():
            cases.append({"comment": f"{why}, {bits} bits", "bits": bits, "code": code})
        ranges = {
            "an empty range": (m.last - 1, m.last - 2),
            "a range from the lower sentinel": (0, m.last - 1),
            "a range to the upper sentinel": (1, m.last),
        }
        for why, (low, high) in ranges.items():
            cases.append({"comment": f"{why}, {bits} bits", "bits": bits, "low": low, "high": high})
    for why, value in (("a value of 0", 0), ("a value of 2^m - 1", 4095)):
        comment = f"{why} in a composite"
        cases.append({"comment": comment, "number": 3, "valueBits": 12, "value": value})
    return [case | {"error": _kind(case)} for case in cases]


def _kind(case: dict[str, Any]) -> str:
    try:
        if "value" in case:
            index.composite(case["number"], case["valueBits"], case["value"])
        else:
            m = index.Map(bytes(32), "private", case["bits"])
            if "code" in case:
                index.encrypt(m, case["code"], bytes(32))
            else:
                index.probes(m, case["low"], case["high"], (bytes(32), bytes(32)))
    except Fault as fault:
        return fault.kind
    raise AssertionError(case)
