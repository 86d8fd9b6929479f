"""Write vectors/sealed-index-v1.json."""

from typing import Any

import keys
import sealed_index as index
from fault import Fault
from generate.seeded import seeded
from ordered_index import code_number, composite

CELL = seeded("cell index key")
ATTRIBUTE = "Observation.value"


def sample(bits: int) -> list[int]:
    """Values that differ in the first, a middle or the last block, and the edges."""
    last = (1 << bits) - 1
    base = int.from_bytes(seeded(f"sealed/{bits}", 6), "big") % (last - 64) + 32
    middle = base ^ 1 << bits // 2
    return sorted({1, base, base + 1, base ^ 1 << bits - 1, middle, last - 1, last})


def one_column(bits: int) -> dict[str, Any]:
    c = index.column(CELL, ATTRIBUTE, bits)
    values = sample(bits)
    rights = {y: index.right_half(c, y, seeded(f"sealed/{bits}/{y}", 16)) for y in values}
    lefts = {x: index.left_half(c, x) for x in [0, *values]}
    comparisons = [
        {"bound": x, "value": y, "greater": index.greater(bits, left, right)}
        for x, left in lefts.items()
        for y, right in rights.items()
    ]
    assert all(case["greater"] == (case["value"] > case["bound"]) for case in comparisons)
    low, high = values[1], values[-3]
    return {
        "comment": f"{bits} bits",
        "attribute": ATTRIBUTE,
        "bits": bits,
        "maskKey": c.mask_key.hex(),
        "permutationKey": c.permutation_key.hex(),
        "attributeHandle": keys.handle(CELL, "attribute-handle", ATTRIBUTE, bits).hex(),
        "permutations": _permutations(c, values[1]),
        "rightHalves": [
            {"value": y, "r": right[:16].hex(), "right": right.hex()} for y, right in rights.items()
        ],
        "leftHalves": [{"value": x, "left": left.hex()} for x, left in lefts.items()],
        "comparisons": comparisons,
        "range": {
            "low": low,
            "high": high,
            "bounds": [left.hex() for left in index.bounds(c, low, high)],
            "inside": [y for y in values if low <= y <= high],
        },
    }


def _permutations(c: index.Column, value: int) -> list[dict[str, Any]]:
    """The slots of z = 0, 1, …, a byte each, for the blocks along one value."""
    return [
        {
            "block": i,
            "prefix": c.block(value, i)[0],
            "slots": bytes(index.permutation(c, i, c.block(value, i)[0])).hex(),
        }
        for i in sorted({0, c.blocks // 2, c.blocks - 1})
    ]


def composites() -> list[dict[str, Any]]:
    """Numbered under the mask key of the column, whose bits are those of the whole code."""
    cases = []
    for high, low in ((16, 20), (8, 8), (4, 28)):
        c = index.column(CELL, ATTRIBUTE, high + low)
        number = code_number(c.mask_key, high, "http://loinc.org|8480-6")
        cases.append(
            {
                "bits": c.bits,
                "maskKey": c.mask_key.hex(),
                "numberBits": high,
                "valueBits": low,
                "systemCode": "http://loinc.org|8480-6",
                "value": 140,
                "number": number,
                "composite": composite(number, low, 140),
            }
        )
    return cases


def crafted() -> dict[str, Any]:
    """A right half that no honest writer makes: the symbol 3 where the bound looks first."""
    c = index.column(CELL, ATTRIBUTE, 12)
    bound, value = 0x345, 0x2FF
    left = index.left_half(c, bound)
    right = index.right_half(c, value, seeded("sealed/crafted", 16))
    flip = 1 << 2 * (15 - left[0])  # value < bound is the symbol 2; one more bit makes it 3
    first = (int.from_bytes(right[16:20], "big") ^ flip).to_bytes(4, "big")
    forged = right[:16] + first + right[20:]
    return {
        "comment": "the symbol 3 counts as not greater",
        "bits": 12,
        "left": left.hex(),
        "right": forged.hex(),
        "greater": index.greater(12, left, forged),
    }


def invalid() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = []
    for bits in (8, 16, 48):
        last = (1 << bits) - 1
        values = {"the value 0": 0, "a value above the domain": last + 1}
        ranges = {
            "a range from 0": (0, 1),
            "a range beyond": (1, last + 1),
            "an empty range": (2, 1),
        }
        for why, value in values.items():
            cases.append({"comment": f"{why}, {bits} bits", "bits": bits, "value": value})
        for why, (low, high) in ranges.items():
            cases.append({"comment": f"{why}, {bits} bits", "bits": bits, "low": low, "high": high})
    return [case | {"error": _kind(case)} for case in cases]


def _kind(case: dict[str, Any]) -> str:
    c = index.column(CELL, ATTRIBUTE, case["bits"])
    try:
        if "value" in case:
            index.right_half(c, case["value"], bytes(16))
        else:
            index.bounds(c, case["low"], case["high"])
    except Fault as fault:
        return fault.kind
    raise AssertionError(case)


def vectors() -> dict[str, Any]:
    return {
        "spec": "spec/sealed-index.md",
        "source": "spec/reference/sealed_index.py",
        "cellIndexKey": CELL.hex(),
        "valid": [one_column(bits) for bits in (8, 12, 16, 32, 48)],
        "crafted": [crafted()],
        "composites": composites(),
        "invalid": invalid(),
    }
