"""How much of a user's images fits into memory."""

import psutil

MAX_BYTES = 8 * 2**30


def room_in_memory() -> int:
    """Count the bytes that one import may take: half of what is free, so that others go on."""
    available: int = psutil.virtual_memory().available
    return min(MAX_BYTES, available // 2)
