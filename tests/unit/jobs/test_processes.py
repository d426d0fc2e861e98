import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from modelfoundry.jobs.model import ProcessId
from modelfoundry.jobs.processes import is_alive, kill_and_wait, this_process


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    )
    yield process
    process.kill()
    process.wait()


def identity(process: subprocess.Popen[bytes]) -> ProcessId:
    return ProcessId(process.pid, psutil.Process(process.pid).create_time(), "runner")


def test_this_process_is_alive():
    me = this_process("command line")

    assert (me.pid, is_alive(me)) == (os.getpid(), True)


def test_another_process_with_the_same_number_is_not_the_same_process():
    earlier = replace(this_process("runner"), started=this_process("runner").started - 60)

    assert not is_alive(earlier)


def test_killing_waits_until_the_process_is_gone(sleeper: subprocess.Popen[bytes]):
    process = identity(sleeper)

    assert kill_and_wait(process, timeout_s=5)
    assert not is_alive(process)


def test_a_process_that_is_gone_counts_as_killed(sleeper: subprocess.Popen[bytes]):
    process = identity(sleeper)
    sleeper.kill()
    sleeper.wait()

    assert kill_and_wait(process, timeout_s=0)


def test_a_later_process_with_the_same_number_is_not_killed(sleeper: subprocess.Popen[bytes]):
    earlier = replace(identity(sleeper), started=0.0)

    kill_and_wait(earlier, timeout_s=0)

    assert sleeper.poll() is None
