import subprocess
import sys

import pytest

LOOK_AROUND = """
import sys, threading
import modelfoundry.jobs.warm
import torch
print(threading.active_count(), torch.cuda.is_initialized(), "onnxruntime" in sys.modules)
"""


@pytest.mark.slow
def test_the_process_to_fork_from_has_no_second_thread_and_no_cuda():
    seen = subprocess.check_output([sys.executable, "-c", LOOK_AROUND], text=True)

    assert seen.split() == ["1", "False", "False"]
