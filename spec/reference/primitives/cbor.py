"""Deterministic CBOR as spec/README.md restricts it. Source: RFC 8949 §3 and §4.2.1."""

from typing import Any

UNSIGNED, NEGATIVE, BYTES, TEXT, LIST, MAP = range(6)
GREATEST = 2**53 - 1
SIMPLE = {False: 0xF4, True: 0xF5, None: 0xF6}


def head(major: int, number: int) -> bytes:
    """The shortest head of an item."""
    if number < 24:
        return bytes([major << 5 | number])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | extra]) + number.to_bytes(size, "big")
    raise ValueError("an integer has at most 64 bits")


def encode(value: Any) -> bytes:
    if value is None or isinstance(value, bool):
        return bytes([SIMPLE[value]])
    if isinstance(value, int):
        if not 0 <= value <= GREATEST:
            raise ValueError("integers are 0 to 2^53 - 1")
        return head(UNSIGNED, value)
    if isinstance(value, bytes):
        return head(BYTES, len(value)) + value
    if isinstance(value, str):
        text = value.encode("utf-8")
        return head(TEXT, len(text)) + text
    if isinstance(value, (list, tuple)):
        return head(LIST, len(value)) + b"".join(encode(item) for item in value)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        entries = sorted((encode(key), encode(item)) for key, item in value.items())
        return head(MAP, len(entries)) + b"".join(key + item for key, item in entries)
    raise TypeError(f"no encoding for {type(value).__name__}")


def decode(text: bytes) -> Any:
    """Give the one value that the bytes encode, or raise ValueError."""
    value, end = _item(text, 0)
    if end != len(text):
        raise ValueError("bytes after the item")
    return value


def _head(text: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(text):
        raise ValueError("an item is missing")
    major, low = text[at] >> 5, text[at] & 31
    if low < 24:
        return major, low, at + 1
    if low > 27:
        raise ValueError("an indefinite or reserved length")
    size = 1 << (low - 24)
    number = int.from_bytes(text[at + 1 : at + 1 + size], "big")
    if head(major, number) != text[at : at + 1 + size]:
        raise ValueError("not the shortest head, or cut off")
    return major, number, at + 1 + size


def _item(text: bytes, at: int) -> tuple[Any, int]:
    if text[at : at + 1] in (b"\xf4", b"\xf5", b"\xf6"):
        return {0xF4: False, 0xF5: True, 0xF6: None}[text[at]], at + 1
    major, number, at = _head(text, at)
    if major == UNSIGNED and number <= GREATEST:
        return number, at
    if major in (BYTES, TEXT):
        part = text[at : at + number]
        if len(part) != number:
            raise ValueError("a string is cut off")
        return (part if major == BYTES else part.decode("utf-8")), at + number
    if major == LIST:
        return _list(text, at, number)
    if major == MAP:
        return _map(text, at, number)
    raise ValueError("an integer out of range, a tag, a float or another simple value")


def _list(text: bytes, at: int, number: int) -> tuple[list[Any], int]:
    items = []
    for _ in range(number):
        item, at = _item(text, at)
        items.append(item)
    return items, at


def _map(text: bytes, at: int, number: int) -> tuple[dict[str, Any], int]:
    entries, before = {}, b""
    for _ in range(number):
        key, end = _item(text, at)
        if not isinstance(key, str) or text[at:end] <= before:
            raise ValueError("keys are texts in ascending order, each once")
        before = text[at:end]
        entries[key], at = _item(text, end)
    return entries, at
