"""A pipeline that does what its plan says, for tests of what runs pipelines."""

import os
import signal
import time
from pathlib import Path
from typing import Literal

from pydantic import BaseModel
from tests.homes import add_bundle
from tests.unit.jobs.conftest import NOON

from modelfoundry.errors import StorageError
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.work import Pipelines
from modelfoundry.pipelines.registry import Outcome, PipelineCard
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home

Behaviour = Literal[
    "succeed",
    "bundle",
    "fail",
    "crash",
    "loop",
    "terminated",
    "ctrl-c",
    "stubborn",
    "die",
    "die once",
]


class Plan(BaseModel):
    """What to do."""

    behaviour: Behaviour


PIPELINES: Pipelines = {"modularize": PipelineCard(Plan, "tests.unit.jobs.fake_pipelines:run")}


def new_job(behaviour: Behaviour) -> Job:
    """Make a queued job for this pipeline."""
    return Job.new("modularize", {"behaviour": behaviour}, title=behaviour, now=NOON)


def run(plan: Plan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Behave as planned."""
    reporter.log("at work")
    reporter.advance("search", done=1, total=2, accuracy=0.5)
    match plan.behaviour:
        case "bundle":
            return Outcome(modules=(add_bundle(home).name,))
        case "fail":
            raise StorageError("the disk is full")
        case "crash":
            raise ZeroDivisionError("one over zero")
        case "loop":
            loop(reporter)
        case "terminated":
            os.kill(os.getpid(), signal.SIGTERM)
            loop(reporter)
        case "ctrl-c":
            os.kill(os.getpid(), signal.SIGINT)
            loop(reporter)
        case "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(60)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "die once":
            die_once(job_folder / "checkpoint")
    return Outcome(summary={"answer": 42})


def loop(reporter: Reporter) -> None:
    """Go on until cancelled."""
    while True:
        reporter.raise_if_cancelled()
        time.sleep(0.01)


def die_once(checkpoint: Path) -> None:
    """Die in the first attempt, leaving a checkpoint for the second."""
    if not checkpoint.exists():
        checkpoint.touch()
        os.kill(os.getpid(), signal.SIGKILL)
