"""Lengths of time as people read them."""

from itertools import pairwise

UNITS_S = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def format_duration(seconds: float) -> str:
    """Say a length of time in its two largest units: 7800 is ``2 h 10 min``.

    Args:
        seconds: At least 0; what is less than the smaller of the two units is left out.
    """
    whole = round(seconds)
    for (unit, unit_s), (smaller, smaller_s) in pairwise(UNITS_S):
        if whole >= unit_s:
            amount, rest = divmod(whole, unit_s)
            larger = f"{amount} {unit}"
            return f"{larger} {rest // smaller_s} {smaller}" if rest >= smaller_s else larger
    return f"{whole} s"
