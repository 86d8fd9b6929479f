"""Numbers of the index policy. Source: spec/policy.md §6; its tables are read from the page."""

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "policy.md").read_text("utf-8")


def number_code(x: float, bits: int) -> int:
    """§6."""
    last, fine = (1 << bits) - 2, bits - 8
    if math.isinf(x):
        return last if x > 0 else 1
    a = abs(x)
    if a < 2.0**-64:
        g = 0
    elif a >= 2.0**64:
        g = 128 << fine
    else:
        mantissa, exponent = math.frexp(a)  # a = mantissa * 2^exponent, mantissa in [1/2, 1)
        g = (exponent - 1 + 64 << fine) + math.floor((2 * mantissa - 1) * (1 << fine)) + 1
    middle = 1 << bits - 1
    return min(max(middle + g if x >= 0 else middle - g, 1), last)


@dataclass(frozen=True)
class Coded:
    """A row of the table in §6.1."""

    code: str
    unit: str
    low: float
    high: float
    step: float


@dataclass(frozen=True)
class Unit:
    """A row of the table in §6.2."""

    unit: str
    dimension: str
    factor: float
    offset: float


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    lines = PAGE.split(f"\n{heading}")[1].split("\n|---")[1].split("\n")[1:]
    table = lines[: next(i for i, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


CODED = {
    row[0]: Coded(row[0], row[2].strip("`"), float(row[3]), float(row[4]), float(row[5]))
    for row in _rows("### 6.1")
}


def _unit(row: list[str]) -> Unit:
    factor, _, rest = row[2].partition(" (offset ")
    offset = float(rest.rstrip(")")) if rest else 0.0
    return Unit(row[0].strip("`"), row[1].strip("`"), float(factor), offset)


UNITS = {unit.unit: unit for unit in map(_unit, _rows("### 6.2"))}
ALIASES = dict(re.findall(r"`([^`]+)` → `([^`]+)`", PAGE.split("\nAliases: ")[1].split("\n")[0]))


def value_code(code: str, x: float) -> int:
    """§6.1: of a number that belongs to a code."""
    row = CODED.get(code)
    if row is None or math.isinf(x):
        return number_code(x, 20)
    most = min(math.floor((row.high - row.low) / row.step) + 1, (1 << 20) - 2)
    return min(max(math.floor((x - row.low) / row.step) + 1, 1), most)


def rounded(x: float, digits: int) -> float:
    """To significant decimal digits, half away from zero, as the nearest binary64 number."""
    return float(Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(Decimal(x)))


def canonical(unit: str, x: float) -> tuple[str, float]:
    """§6.2: (dimension text, canonical value) of a UCUM unit of the table."""
    row = UNITS[ALIASES.get(unit, unit)]
    return row.dimension, rounded((x + row.offset) * row.factor, 10)
