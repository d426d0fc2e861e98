from datetime import timedelta

from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.jobs.model import Job
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.services.sweep_pace import expected_s, left_s


def plan(*, epochs: int, model: str = "toy") -> ModularizePlan:
    return ModularizePlan(
        model=model,
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


def training(*, epochs: int, architecture: str = "simcnn") -> TrainPlan:
    return TrainPlan(
        name="mine",
        architecture=architecture,
        dataset="digits",
        epochs=epochs,
        batch_size=64,
        learning_rate=0.1,
        weight_decay=0,
        flip=False,
        validation_fraction=0.1,
    )


def test_trainings_are_told_from_those_of_the_same_architecture_and_data_set():
    content = training(epochs=10).model_dump(mode="json")
    begun = Job.new("train", content, title="", now=NOON).start(RUNNER, now=NOON)
    earlier = [begun.succeed(modules=(), result={}, now=NOON + timedelta(seconds=20))]

    assert expected_s([training(epochs=5)], earlier, slots=1) == 10
    assert expected_s([training(epochs=5, architecture="rescnn")], earlier, slots=1) is None


def test_earlier_jobs_give_the_pace_per_epoch():
    # 20 s for 10 epochs: 2 s an epoch; 5 + 15 epochs make 40 s
    estimate = expected_s([plan(epochs=5), plan(epochs=15)], [done(20, epochs=10)], slots=1)

    assert estimate == 40


def test_slots_share_the_work_but_no_job_is_split():
    plans = [plan(epochs=10), plan(epochs=10), plan(epochs=10)]

    assert expected_s(plans, [done(10, epochs=10)], slots=2) == 15
    assert expected_s(plans, [done(10, epochs=10)], slots=8) == 10


def test_without_an_earlier_job_of_the_model_nothing_is_estimated():
    assert expected_s([plan(epochs=1, model="other")], [done(10)], slots=1) is None


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
