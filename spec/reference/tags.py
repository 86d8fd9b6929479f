"""Salted keyword tags. Source: spec/tags.md."""

import keys
from fault import Fault
from primitives.aes import AES


MOST = 1024


def token(cell_index: bytes, attribute: str, keyword: str) -> bytes:
    return keys.derive(cell_index, "tag", attribute, keyword)[:16]


def tag(token_bytes: bytes, nonce: bytes) -> bytes:
    return AES(token_bytes).encrypt(nonce)[:8]


def padded_size(count: int) -> int:
    """The next of 8, 12, 16, 24, 32, 48, …: powers of two and three halves of them."""
    size = 8
    while size < count:
        size = size * 3 // 2 if size & (size - 1) == 0 else size * 4 // 3
    return size


def tag_list(tokens: list[bytes], nonce: bytes, padding: list[bytes]) -> bytes:
    """`padding` is what the writer drew, 8 bytes each."""
    if len(tokens) > MOST:
        raise Fault("too-many-keywords")
    if padded_size(len(tokens)) != len(tokens) + len(padding):
        raise ValueError("the padding does not fill the list")
    return nonce + b"".join(sorted([tag(t, nonce) for t in tokens] + padding))


def holds(tags: bytes, token_bytes: bytes) -> bool:
    wanted = tag(token_bytes, tags[:16])
    return any(tags[at : at + 8] == wanted for at in range(16, len(tags), 8))
