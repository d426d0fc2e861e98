import hashlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from tests.e2e.servers import Server, environment, is_at_rest, is_at_work, wait_until

from modelfoundry.client import ProblemError

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Start servers on one data folder, and stop them afterwards."""
    started: list[Server] = []

    def start() -> Server:
        started.append(Server(tmp_path / "home"))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    """Share one server among the tests that leave it running; starting one takes seconds."""
    server = Server(home)
    yield server
    server.stop()


def test_a_module_is_made_and_downloaded(server: Server, tmp_path: Path):
    job = server.client.wait(server.submit())

    onnx = server.client.download(job["modules"][0], "onnx", tmp_path / "module.onnx")

    ready = server.client.cards("3", ready="true")["items"]
    listed = server.client.module(job["modules"][0])["files"]
    assert job["modules"][0] in [card["module_id"] for card in ready]
    assert hashlib.sha256(onnx.read_bytes()).hexdigest() in [file["sha256"] for file in listed]


def test_a_job_whose_process_is_killed_goes_on_from_its_checkpoint_and_succeeds(server: Server):
    job_id = server.submit(epochs=8)
    server.wait(job_id, is_at_work)

    server.job_process().kill()
    job = server.wait(job_id, lambda job: job["state"] == "succeeded")

    assert [attempt["state"] for attempt in job["attempts"]] == ["interrupted", "succeeded"]
    steps = [
        event["data"]["step"]
        for event in server.client.events(job_id)
        if event["type"] == "metric" and event["attempt"] == 2
    ]
    assert steps[0] > 1  # epochs that were done are not done again


def test_after_a_power_cut_a_running_job_is_resumed_and_makes_exactly_one_module(
    start: Callable[[], Server],
):
    first = start()
    job_id = first.submit(epochs=8)
    waiting_id = first.submit("4", epochs=1)
    first.wait(job_id, is_at_work)
    everybody = psutil.Process(first.process.pid).children(recursive=True)

    first.kill()
    wait_until(lambda: not any(is_running(process) for process in everybody), timeout_s=20)
    second = start()
    job = second.wait(job_id, lambda job: job["state"] == "succeeded")
    second.wait(waiting_id, lambda job: job["state"] == "succeeded")

    assert [attempt["state"] for attempt in job["attempts"]] == ["interrupted", "succeeded"]
    assert second.client.modules()["total"] == 2  # one for each job


def is_running(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def test_a_stopped_server_leaves_no_process_behind_and_its_job_goes_on_at_the_next_start(
    start: Callable[[], Server],
):
    first = start()
    job_id = first.submit(epochs=200)
    first.wait(job_id, is_at_work)
    everybody = psutil.Process(first.process.pid).children(recursive=True)

    first.stop()
    second = start()
    job = second.wait(job_id, lambda job: len(job["attempts"]) == 2 and is_at_work(job))

    assert first.process.returncode == 0
    assert not any(is_running(process) for process in everybody)
    assert job["attempts"][0]["error"] == "the server was stopped"


def test_queued_and_running_jobs_can_be_cancelled_and_finished_ones_cannot(server: Server):
    running, queued = server.submit(epochs=200), server.submit("4")
    server.wait(running, is_at_work)

    assert server.client.cancel(queued)["state"] == "cancelled"
    server.client.cancel(running)
    assert server.wait(running, is_at_rest)["state"] == "cancelled"

    with pytest.raises(ProblemError) as refused:
        server.client.cancel(running)
    assert refused.value.status == 409


def test_the_runner_is_started_again_when_it_dies(server: Server):
    job_id = server.submit(epochs=8)
    server.wait(job_id, is_at_work)
    (runner,) = [
        process
        for process in psutil.Process(server.process.pid).children()
        if "runner" in process.cmdline()
    ]

    runner.kill()
    job = server.wait(job_id, lambda job: job["state"] == "succeeded")

    assert len(job["attempts"]) == 2


def serve(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "modelfoundry", "serve", *options],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_second_server_on_the_same_data_folder_is_refused(server: Server, home: Path):
    refused = serve(home, "--port", "0")

    assert refused.returncode == 1
    assert f"process {server.process.pid}) uses the data folder {home}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_that_is_in_use_is_named_with_the_way_out(server: Server, tmp_path: Path):
    port = server.url.rpartition(":")[2]

    refused = serve(tmp_path / "other", "--port", port)

    assert refused.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in refused.stderr
    assert "--port" in refused.stderr


def test_a_data_folder_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path):
    (tmp_path / "file").touch()

    refused = serve(tmp_path / "file" / "home", "--port", "0")

    assert refused.returncode == 1
    assert refused.stderr.startswith("modelfoundry: cannot write the data folder ")


def test_sigterm_stops_the_server_too(start: Callable[[], Server]):
    server = start()

    server.process.send_signal(signal.SIGTERM)

    assert server.process.wait(20) == 0
