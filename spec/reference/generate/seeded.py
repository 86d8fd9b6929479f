"""What the vectors would draw at random: bytes that depend on a label and nothing else."""

import hashlib


def seeded(label: str, length: int = 32) -> bytes:
    return hashlib.shake_256(b"salus/vectors/" + label.encode()).digest(length)
