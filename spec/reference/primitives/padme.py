"""Padmé: padded sizes that tell little. Source: spec/envelope.md §3."""


def padme(length: int) -> int:
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    bits = exponent.bit_length()  # floor(log2 exponent) + 1
    mask = (1 << exponent - bits) - 1
    return length + mask & ~mask
