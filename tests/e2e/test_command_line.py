import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.e2e.servers import MODEL, environment

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

COMMAND = [sys.executable, "-m", "modelfoundry"]
QUICK = ["modularize", "--model", MODEL, "--target", "3", "--set", "epochs=1"]
LONG = ["modularize", "--model", MODEL, "--target", "3", "--set", "epochs=1000"]
HELP_WITHIN_S = 0.5


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(home) | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_modularize_prints_before_and_after_and_copies_the_files(tmp_path: Path):
    done = run(tmp_path, *QUICK, "--out", str(tmp_path / "out"))

    assert done.returncode == 0, done.stderr
    assert "Accuracy (test)" in done.stdout
    (copied,) = (tmp_path / "out").iterdir()
    assert (copied / "module.onnx").is_file()
    assert copied.name in run(tmp_path, "modules", "list").stdout
    assert "succeeded" in run(tmp_path, "jobs", "list").stdout


def test_every_fault_is_one_line_and_no_job_is_made(tmp_path: Path):
    refused = run(tmp_path, *QUICK, "--set", "alpha=-1", "--set", "colour=red")

    assert refused.returncode == 2
    assert [line.split(":")[1].strip() for line in refused.stderr.splitlines()] == [
        "settings.alpha",
        "settings.colour",
    ]


def test_an_unknown_model_is_answered_with_the_known_ones(tmp_path: Path):
    refused = run(tmp_path, "modularize", "--model", "resnet21", "--target", "3")

    assert refused.returncode == 2
    assert refused.stderr.startswith("modelfoundry: no model named 'resnet21'; known: ")


def start_long_job(home: Path) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [*COMMAND, *LONG],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    give_up_at = time.monotonic() + 60
    while "running" not in run(home, "jobs", "list").stdout and time.monotonic() < give_up_at:
        time.sleep(0.5)
    return started


def test_ctrl_c_cancels_and_says_how_to_resume(tmp_path: Path):
    started = start_long_job(tmp_path)

    started.send_signal(signal.SIGINT)
    _, told = started.communicate(timeout=60)

    assert started.returncode == 130
    assert "is cancelled; resume it with: modelfoundry jobs retry " in told


def test_a_failed_job_ends_with_status_one(tmp_path: Path):
    (tmp_path / "modules").touch()  # where bundles would go

    failed = run(tmp_path, *QUICK)

    assert failed.returncode == 1
    assert failed.stderr.startswith("modelfoundry: cannot write the data folder ")


UNSHARE = shutil.which("unshare")
CAN_MOUNT = (
    UNSHARE is not None
    and subprocess.run([UNSHARE, "-rm", "true"], capture_output=True, check=False).returncode == 0
)


@pytest.mark.skipif(not CAN_MOUNT, reason="needs a mount namespace to make a small disk")
def test_a_full_disk_fails_the_job_and_leaves_no_half_bundle(tmp_path: Path):
    (tmp_path / "modules").mkdir()
    on_a_small_disk = (
        f"mount -t tmpfs -o size=100k tmpfs {tmp_path}/modules && "
        f'"$@"; status=$?; ls -A {tmp_path}/modules; exit $status'
    )

    failed = subprocess.run(
        ["unshare", "-rm", "sh", "-c", on_a_small_disk, "sh", *COMMAND, *QUICK],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert failed.returncode == 1
    assert "No space left on device" in failed.stderr
    assert ".unfinished" not in failed.stdout
    assert "module.onnx" not in failed.stdout


def test_help_is_quick(tmp_path: Path):
    before = os.times()
    run(tmp_path, "--help")
    after = os.times()

    # Processor time, which does not depend on what else the machine does.
    assert (after.children_user - before.children_user) < HELP_WITHIN_S
