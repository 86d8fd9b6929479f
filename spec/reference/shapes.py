"""Shapes of decoded values: each is a predicate, strict about types and unknown fields."""

from collections.abc import Callable
from typing import Any

from primitives import cbor

Shape = Callable[[Any], bool]
KEM_BYTES = {1: 1216, 2: 32}  # sharing §1: the public key of each suite
ANY = 1 << 53  # no limit of its own


def uint(value: Any) -> bool:
    return type(value) is int and value >= 0


def positive(value: Any) -> bool:
    return uint(value) and value >= 1


def moment(value: Any) -> bool:
    """A time before the year 10000."""
    return uint(value) and value < 253_402_300_800_000


def u32(value: Any) -> bool:
    return uint(value) and value < 1 << 32


def counted(value: Any) -> bool:
    """A generation or version: from 1, and a header has four bytes for it."""
    return positive(value) and u32(value)


def octets(*lengths: int) -> Shape:
    """Byte strings of one of the lengths; of any when none is given."""
    return lambda value: isinstance(value, bytes) and (not lengths or len(value) in lengths)


def text(most: int, least: int = 0) -> Shape:
    """Texts by their length in UTF-8."""
    return lambda v: isinstance(v, str) and least <= len(v.encode()) <= most


def one_of(*words: str) -> Shape:
    return lambda value: isinstance(value, str) and value in words


def is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def several(shape: Shape, least: int = 0, most: int | None = None) -> Shape:
    return lambda v: (
        isinstance(v, list)
        and least <= len(v) <= (len(v) if most is None else most)
        and all(shape(item) for item in v)
    )


def ascending(shape: Shape) -> Shape:
    """A list sorted as bytes, each item once."""
    return lambda v: several(shape)(v) and all(a < b for a, b in zip(v, v[1:]))


def record(**shapes: Shape) -> Shape:
    """Exactly these fields, none more, none less."""

    def fits(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and set(value) == set(shapes)
            and all(shape(value[name]) for name, shape in shapes.items())
        )

    return fits


def keyed(**shapes: Shape) -> Shape:
    """A record with a `suite` and the public key `kem` of that suite."""
    plain = record(suite=lambda suite: uint(suite) and suite in KEM_BYTES, kem=octets(), **shapes)
    return lambda v: plain(v) and len(v["kem"]) == KEM_BYTES[v["suite"]]


def encoded(shape: Shape) -> Shape:
    """A byte string that is CBOR of a shape."""

    def fits(value: Any) -> bool:
        try:
            return isinstance(value, bytes) and shape(cbor.decode(value))
        except ValueError:
            return False

    return fits


def period(value: Any) -> bool:
    return value == [] or several(moment, 2, 2)(value)


HANDLE, HASH, HANDLES = octets(16), octets(32), several(octets(16))
