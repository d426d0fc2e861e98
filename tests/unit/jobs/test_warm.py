import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

LOOK_AROUND = """
import gc, sys, threading
import modelfoundry.jobs.warm
import torch
print(threading.active_count(), torch.cuda.is_initialized(), "onnxruntime" in sys.modules)
print(gc.get_freeze_count())
"""


@pytest.fixture(scope="module")
def seen() -> list[str]:
    return subprocess.check_output([sys.executable, "-c", LOOK_AROUND], text=True).splitlines()


def test_the_process_to_fork_from_has_no_second_thread_and_no_cuda(seen: list[str]):
    assert seen[0].split() == ["1", "False", "False"]


def test_what_was_imported_is_not_looked_through_by_every_collection(seen: list[str]):
    assert int(seen[1]) > 100_000  # there are some hundred thousand objects in torch alone
