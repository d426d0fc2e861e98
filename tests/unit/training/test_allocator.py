import subprocess
import sys
from pathlib import Path

import pytest

ON_HUGE_PAGES = """
import ctypes
from pathlib import Path
from modelfoundry.training.allocator import keep_freed_memory, use_huge_pages

keep_freed_memory()
block = ctypes.create_string_buffer(b"kept" * 2**22)  # 16 MiB
use_huge_pages()
assert block.value == b"kept" * 2**22
lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("AnonHugePages")))
"""


# Linux may find no free page that large just now.
@pytest.mark.flaky(reruns=3, reruns_delay=5)
@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="Linux without huge pages"
)
def test_the_heap_moves_to_huge_pages_with_its_content():
    run = subprocess.run(
        [sys.executable, "-c", ON_HUGE_PAGES], capture_output=True, text=True, check=True
    )

    assert int(run.stdout) > 0  # kB
