from datetime import timedelta

from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.jobs.model import Job
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.services.sweep_pace import left_s


def plan(*, epochs: int) -> ModularizePlan:
    return ModularizePlan(
        model="toy",
        dataset="digits",
        target=PlannedTarget(kind="binary", classes=("3",)),
        algorithm="seam",
        preset="fast",
        settings={"epochs": epochs},
    )


def queued(*, epochs: int = 1) -> Job:
    content = plan(epochs=epochs).model_dump(mode="json")
    return Job.new("modularize", content, title="3", now=NOON)


def running(*, since_s: float = 0) -> Job:
    return queued().start(RUNNER, now=NOON - timedelta(seconds=since_s))


def done(seconds: float, *, epochs: int = 1) -> Job:
    started = queued(epochs=epochs).start(RUNNER, now=NOON)
    return started.succeed(modules=(), result={}, now=NOON + timedelta(seconds=seconds))


def test_the_time_left_follows_from_the_members_that_are_done():
    # 10 s each: one waits, one has run for 4 s, so 10 + 6 are left for one process
    assert left_s([done(10), running(since_s=4), queued()], now=NOON) == 16


def test_as_many_members_share_what_is_left_as_run_now():
    jobs = [done(10), running(), running(), queued(), queued()]

    assert left_s(jobs, now=NOON) == 20


def test_a_member_that_takes_longer_than_the_others_adds_no_negative_time():
    assert left_s([done(10), running(since_s=99)], now=NOON) == 0


def test_nothing_is_told_before_the_first_success_or_while_nothing_runs():
    assert left_s([running(), queued()], now=NOON) is None
    assert left_s([done(10), queued()], now=NOON) is None
