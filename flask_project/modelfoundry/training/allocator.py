"""Keep freed memory for the next step instead of giving it back to the system."""

import ctypes
from functools import cache

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
NEVER = 2**31 - 1


@cache
def keep_freed_memory() -> None:
    """Tell glibc to serve every block from its heap and not to shrink it; once a process.

    A training step on the CPU allocates and frees the same few megabytes again and again. By
    default each such block is mapped and unmapped, and every page of it is cleared by the kernel:
    a tenth of a step. Where the C library has no ``mallopt``, nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, NEVER)
