"""Numbers that look random and are pure functions of their arguments."""

from hashlib import blake2b


def number(*parts: object) -> int:
    """A 64-bit number from the parts."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def unit(*parts: object) -> float:
    """A float in [0, 1) from the parts."""
    return number(*parts) / 2**64


def between(low: float, high: float, *parts: object) -> float:
    """A float in [low, high) from the parts."""
    return low + (high - low) * unit(*parts)


def whole(low: int, high: int, *parts: object) -> int:
    """A whole number in [low, high], both included."""
    return low + number(*parts) % (high - low + 1)
