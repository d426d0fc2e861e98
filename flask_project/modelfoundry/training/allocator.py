"""Memory for training on the CPU: kept between steps, and on large pages."""

import ctypes
from functools import cache
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
NEVER = 2**31 - 1
MADV_COLLAPSE = 25
HUGE_PAGE = 2**21
MAPPINGS = Path("/proc/self/maps")


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


def use_huge_pages() -> None:
    """Move the heap, as far as it has grown, to pages of 2 MiB; on Linux.

    A training step walks through more pages of the usual 4 KiB than the processor keeps addresses
    of, and looking them up takes a twentieth of it. The first call takes about half a second, later
    ones milliseconds. What Linux cannot or may not move stays where it is.
    """
    heap = _heap()
    first, last = -(-heap.start // HUGE_PAGE), heap.stop // HUGE_PAGE
    if first < last:
        ctypes.CDLL(None).madvise(
            ctypes.c_void_p(first * HUGE_PAGE),
            ctypes.c_size_t((last - first) * HUGE_PAGE),
            MADV_COLLAPSE,
        )


def _heap() -> range:
    """Return the addresses of the heap; none where the system does not tell."""
    if not MAPPINGS.exists():
        return range(0)
    spans = [line.split()[0] for line in MAPPINGS.read_text().splitlines() if "[heap]" in line]
    ends = [int(end, 16) for span in spans for end in span.split("-")]
    return range(ends[0], ends[-1]) if ends else range(0)
