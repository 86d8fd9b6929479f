"""Number codes, value codes and canonical values. For canonical-v1.json."""

import math
from typing import Any

import policy_numbers as policy

NUMBERS: dict[str, float] = {
    "zero": 0.0,
    "minus zero": -0.0,
    "one": 1.0,
    "minus one": -1.0,
    "the neighbour below one": math.nextafter(1.0, 0.0),
    "the neighbour above one": math.nextafter(1.0, 2.0),
    "120": 120.0,
    "120.5": 120.5,
    "121": 121.0,
    "0.1": 0.1,
    "-36.6": -36.6,
    "1000000": 1e6,
    "2^-64": 2.0**-64,
    "below 2^-64": math.nextafter(2.0**-64, 0.0),
    "-2^-64": -(2.0**-64),
    "the least of all": 5e-324,
    "2^64": 2.0**64,
    "below 2^64": math.nextafter(2.0**64, 0.0),
    "the greatest of all": 1.7976931348623157e308,
    "the least negative of all": -1.7976931348623157e308,
    "2^53 + 2": 2.0**53 + 2,
}

VALUES = [-1.0, 0.0, 0.1, 0.3, 0.7, 5.5, 36.6, 37.0, 98.6, 120.0, 139.99, 140.0, 1e9]
AMOUNTS = [0.0, 1.0, 0.1, 5.6, 36.6, 98.6, 120.0, 1234.5678, -40.0, 12345678901.5]


def numbers() -> list[dict[str, Any]]:
    """The open ends are given as words, since JSON has no infinity."""
    cases: list[dict[str, Any]] = [
        {"comment": why, "x": x, **_codes(x)} for why, x in NUMBERS.items()
    ]
    for word, x in (("-infinity", -math.inf), ("infinity", math.inf)):
        cases.append({"comment": "an open end", "x": word, **_codes(x)})
    for comparator, toward in (("<", -math.inf), (">", math.inf)):
        for v in (120.0, 0.1, 1.0, 0.0):
            edge = math.nextafter(v, toward)
            why = f"the bound that {comparator}{v:g} excludes"
            given = {"comment": why, "comparator": comparator, "value": v, "x": edge}
            cases.append(given | _codes(edge))
    return cases


def _codes(x: float) -> dict[str, int]:
    return {"code16": policy.number_code(x, 16), "code20": policy.number_code(x, 20)}


def value_codes() -> list[dict[str, Any]]:
    """Every row of the table at its ends, beyond them and half a step inside; and chosen values."""
    cases = []
    for row in policy.CODED.values():
        low = [row.low - 1, row.low, row.low + row.step / 2]
        xs = [*low, row.high - row.step, row.high, row.high + 1]
        cases.append({"code": row.code, "values": [_valued(row.code, x) for x in xs]})
    for code in ("8310-5", "8480-6", "2160-0", "8302-2", "no-such-code"):
        cases.append({"code": code, "values": [_valued(code, x) for x in VALUES]})
    return cases


def _valued(code: str, x: float) -> list[float]:
    return [x, policy.value_code(code, x)]


def units() -> list[dict[str, Any]]:
    """Every unit of the table, and the aliases of those."""
    cases = []
    for unit in (*policy.UNITS, *(a for a, u in policy.ALIASES.items() if u in policy.UNITS)):
        dimension = policy.canonical(unit, 1.0)[0]
        values = [_converted(unit, x) for x in AMOUNTS]
        cases.append({"unit": unit, "dimension": dimension, "values": values})
    return cases


def _converted(unit: str, x: float) -> list[float]:
    """[x, canonical value, its code with m = 20]."""
    value = policy.canonical(unit, x)[1]
    return [x, value, policy.number_code(value, 20)]
