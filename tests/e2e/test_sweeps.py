import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.e2e.servers import MODEL, Server, environment, is_at_work, wait_until

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.settings import Home, Settings
from modelfoundry.zoo.store import PRETRAINED

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

COMMAND = [sys.executable, "-m", "modelfoundry"]
LONG = 8  # epochs, so that a kill finds the job at work


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Start servers on one data folder, and stop them afterwards."""
    started: list[Server] = []

    def start() -> Server:
        started.append(Server(tmp_path))
        return started[-1]

    yield start
    for server in started:
        server.stop()


def targets(*classes: str) -> list[dict[str, Any]]:
    return [{"classes": [name]} for name in classes]


def is_running(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def test_after_a_power_cut_a_sweep_is_finished_and_nothing_is_done_twice(
    start: Callable[[], Server],
):
    first = start()
    sweep = first.client.sweep([MODEL], targets("3", "4", "5"), settings={"epochs": LONG})
    rows = first.client.sweep_report(sweep["id"])["rows"]
    first.wait(rows[0]["job_id"], lambda job: job["state"] == "succeeded")
    first.wait(rows[1]["job_id"], is_at_work)
    everybody = psutil.Process(first.process.pid).children(recursive=True)

    first.kill()
    wait_until(lambda: not any(is_running(process) for process in everybody), timeout_s=60)
    second = start()
    report = second.client.wait_for_sweep(sweep["id"])

    jobs = [second.client.job(row["job_id"]) for row in report["rows"]]
    assert [[attempt["state"] for attempt in job["attempts"]] for job in jobs] == [
        ["succeeded"],
        ["interrupted", "succeeded"],
        ["succeeded"],
    ]
    assert report["state"] == "succeeded"
    assert second.client.modules()["total"] == 3  # one for each member


def test_a_member_whose_model_is_gone_fails_with_the_reason_and_the_others_finish(
    start: Callable[[], Server], tmp_path: Path
):
    folder = tmp_path / "models" / "other"
    shutil.copytree(PRETRAINED / MODEL, folder)
    card = json.loads((folder / "model.json").read_text()) | {"name": "other"}
    (folder / "model.json").write_text(json.dumps(card))
    client = start().client
    sweep = client.sweep(["other", MODEL], targets("3"), settings={"epochs": 1})

    shutil.rmtree(folder)
    report = client.wait_for_sweep(sweep["id"])

    gone, done = report["rows"]
    assert (gone["state"], done["state"], report["state"]) == ("failed", "succeeded", "partial")
    assert "other" in gone["error"]
    assert [summary["is_chosen"] for summary in report["summaries"]] == [False, True]


def test_a_sweep_whose_terminal_was_killed_goes_on_in_another(tmp_path: Path):
    arguments = ["--model", MODEL, "--target", "3", "--target", "4", "--set", f"epochs={LONG}"]
    killed = subprocess.Popen(
        [*COMMAND, "sweep", *arguments], env=environment(tmp_path), stdout=subprocess.DEVNULL
    )
    wait_until((tmp_path / "modelfoundry.db").exists)
    services = build_services(Settings(home=Home(tmp_path)))
    wait_until(lambda: has_worked(services), timeout_s=300)
    killed.kill()
    killed.wait()
    (sweep,) = services.sweeps.page().items

    resumed = subprocess.run(
        [*COMMAND, "sweeps", "retry", sweep.id, "--here"],
        env=environment(tmp_path) | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert resumed.returncode == 0, resumed.stderr
    assert f"sweep {sweep.id} is succeeded" in resumed.stdout
    first, second = services.sweeps.report(sweep.id).jobs
    assert [attempt.state for attempt in first.attempts] == ["interrupted", "succeeded"]
    assert [attempt.state for attempt in second.attempts] == ["succeeded"]
    assert services.modules.page().total == 2


def test_a_terminal_finishes_what_a_stopped_server_leaves_of_their_sweep(
    start: Callable[[], Server], tmp_path: Path
):
    server = start()
    sweep = server.client.sweep([MODEL], targets("3", "4"), settings={"epochs": 4 * LONG})
    rows = server.client.sweep_report(sweep["id"])["rows"]
    server.wait(rows[0]["job_id"], is_at_work)
    terminal = subprocess.Popen(
        [*COMMAND, "sweeps", "retry", sweep["id"], "--here"],
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
    )

    server.stop()
    status = terminal.wait()

    services = build_services(Settings(home=Home(tmp_path)))
    first, second = services.sweeps.report(sweep["id"]).jobs
    assert status == 0
    assert [attempt.state for attempt in first.attempts] == ["interrupted", "succeeded"]
    assert [attempt.state for attempt in second.attempts] == ["succeeded"]


def has_worked(services: Services) -> bool:
    jobs = services.jobs.page(state="running").items
    return any(job.progress is not None for job in jobs)
