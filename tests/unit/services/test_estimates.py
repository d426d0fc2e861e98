from datetime import timedelta

import pytest
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.model import Job
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.services.estimates import estimate, expected_s


def plan(*, epochs: int = 1, model: str = "toy", target: PlannedTarget | None = None):
    return ModularizePlan(
        model=model,
        dataset="digits",
        target=target or PlannedTarget(kind="binary", classes=("3",)),
        algorithm="seam",
        preset="fast",
        settings={"epochs": epochs},
    )


def done(seconds: float, *, epochs: int = 1) -> Job:
    content = plan(epochs=epochs).model_dump(mode="json")
    started = Job.new("modularize", content, title="3", now=NOON).start(RUNNER, now=NOON)
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

    assert expected_s([training(epochs=5)], earlier, slots=1) == (10, 1)
    assert expected_s([training(epochs=5, architecture="rescnn")], earlier, slots=1) == (None, 0)


def test_earlier_jobs_give_the_pace_per_epoch():
    # 20 s for 10 epochs: 2 s an epoch; 5 + 15 epochs make 40 s
    estimate = expected_s([plan(epochs=5), plan(epochs=15)], [done(20, epochs=10)], slots=1)

    assert estimate == (40, 1)


def test_slots_share_the_work_but_no_job_is_split():
    plans = [plan(epochs=10), plan(epochs=10), plan(epochs=10)]

    assert expected_s(plans, [done(10, epochs=10)], slots=2) == (15, 1)
    assert expected_s(plans, [done(10, epochs=10)], slots=8) == (10, 1)


def test_without_an_earlier_job_of_the_model_nothing_is_estimated():
    assert expected_s([plan(epochs=1, model="other")], [done(10)], slots=1) == (None, 0)


def test_the_pace_is_the_median_of_earlier_jobs():
    earlier = [done(10, epochs=10), done(30, epochs=10), done(900, epochs=10)]  # 1, 3, 90 s

    assert expected_s([plan(epochs=4)], earlier, slots=1) == (12, 3)


@pytest.mark.parametrize(
    ("target", "num_modules"),
    [
        (PlannedTarget(kind="binary", classes=("3",)), 1),
        (PlannedTarget(kind="multi-class", classes=("3", "4")), 1),
        (PlannedTarget(kind="each", classes=("3", "4")), 2),
    ],
    ids=["one class", "two classes", "a module of each"],
)
def test_files_and_checkpoint_take_so_many_times_the_weights(
    services: Services, target: PlannedTarget, num_modules: int
):
    jobs, home = services.stores.jobs, services.settings.home
    parameters = services.catalog.model("toy").num_parameters

    told = estimate(home, jobs, [plan(target=target)], slots=1)

    # 4 bytes for each; three files of each module, and a checkpoint of three times the weights
    assert told.disk_bytes == parameters * 4 * (3 * num_modules + 3)
    assert told.free_bytes > 0


def test_room_for_a_network_of_unknown_size_is_unknown(services: Services):
    jobs, home = services.stores.jobs, services.settings.home

    assert estimate(home, jobs, [training(epochs=1)], slots=1).disk_bytes is None
