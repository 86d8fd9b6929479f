"""Encodings that the deterministic CBOR of spec/README.md has, and some that it has not."""

from typing import Any

from primitives import cbor

VALID: dict[str, Any] = {
    "0": 0,
    "23, the last in one byte": 23,
    "24": 24,
    "255": 255,
    "256": 256,
    "65535": 65535,
    "65536": 65536,
    "2^32 - 1": 2**32 - 1,
    "2^32": 2**32,
    "2^53 - 1": 2**53 - 1,
    "an empty byte string": b"",
    "a byte string of 24": bytes(24),
    "an empty text": "",
    "a text of two scripts": "Åsa 山",
    "false": False,
    "true": True,
    "null": None,
    "an empty list": [],
    "a list": [1, "a", b"\x01", [True]],
    "an empty map": {},
    "a map, shorter keys first": {"aa": 1, "b": 2, "": 3},
}

INVALID: dict[str, str] = {
    "nothing": "",
    "23 in two bytes": "1817",
    "255 in three bytes": "1900ff",
    "65535 in five bytes": "1a0000ffff",
    "2^32 - 1 in nine bytes": "1b00000000ffffffff",
    "-1": "20",
    "2^53": "1b0020000000000000",
    "2^64 - 1": "1bffffffffffffffff",
    "the length of a byte string in two bytes": "580100",
    "the length of a text in three bytes": "79000161",
    "the length of a list in two bytes": "980101",
    "the length of a map in two bytes": "b801616101",
    "an integer cut off": "19ff",
    "a byte string cut off": "4201",
    "a list cut off": "8201",
    "a byte after the item": "0000",
    "an indefinite byte string": "5f4101ff",
    "an indefinite text": "7f6161ff",
    "an indefinite list": "9f01ff",
    "an indefinite map": "bf616101ff",
    "a reserved head": "1c",
    "keys in another order": "a2616201616101",
    "keys sorted as texts, not as encodings": "a262616101616202",
    "a key twice": "a2616101616102",
    "an integer as key": "a10102",
    "a byte string as key": "a1416101",
    "a tag": "c000",
    "a half float": "f93c00",
    "a single float": "fa3f800000",
    "a double float": "fb3ff0000000000000",
    "not a number": "f97e00",
    "undefined": "f7",
    "another simple value": "f0",
    "a simple value in two bytes": "f8ff",
    "false in two bytes": "f814",
    "a text that is not UTF-8": "61ff",
    "a text with an overlong encoding": "62c080",
    "a text with a surrogate": "63eda080",
}


def vectors() -> dict[str, Any]:
    invalid = []
    for why, text in INVALID.items():
        try:
            cbor.decode(bytes.fromhex(text))
        except ValueError:
            invalid.append({"comment": why, "bytes": text, "error": "malformed"})
        else:
            raise AssertionError(why)
    for value in VALID.values():
        assert cbor.decode(cbor.encode(value)) == value
    return {
        "valid": [
            {"comment": why, "bytes": cbor.encode(value).hex()} for why, value in VALID.items()
        ],
        "invalid": invalid,
    }
