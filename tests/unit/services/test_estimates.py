from datetime import timedelta

import pytest
from pydantic import JsonValue
from tests.homes import add_bundle
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.algorithms.finetune.config import FinetuneSettings, How
from modelfoundry.bootstrap import Services
from modelfoundry.evaluation.attack_settings import PgdSettings
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.jobs.model import Job
from modelfoundry.pipelines.backdoor_requests import BackdoorPlan, BackdoorSettings
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.pipelines.requests import EvaluatePlan, JobKind, ModularizePlan, PlannedTarget
from modelfoundry.pipelines.reuse_requests import AnyReusePlan, MoreAccuratePlan
from modelfoundry.pipelines.robustness_requests import PgdAttack, RobustnessPlan
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.services.estimates import estimate, expected_s
from modelfoundry.services.work_shapes import AnyPlan


def plan(
    *,
    epochs: int = 1,
    model: str = "toy",
    target: PlannedTarget | None = None,
    settings: dict[str, JsonValue] | None = None,
):
    return ModularizePlan(
        model=model,
        dataset="digits",
        target=target or PlannedTarget(kind="binary", classes=("3",)),
        algorithm="seam",
        preset="fast",
        settings=settings or {"epochs": epochs},
    )


def done(seconds: float, *, epochs: int = 1) -> Job:
    return was("modularize", plan(epochs=epochs), seconds=seconds)


def was(kind: JobKind, plan: AnyPlan, *, seconds: float) -> Job:
    """A job that did a plan in so many seconds."""
    begun = Job.new(kind, plan.model_dump(mode="json"), title="", now=NOON).start(RUNNER, now=NOON)
    return begun.succeed(modules=(), result={}, now=NOON + timedelta(seconds=seconds))


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
    earlier = [was("train", training(epochs=10), seconds=20)]

    assert expected_s([training(epochs=5)], earlier, slots=1) == (10, 1)
    assert expected_s([training(epochs=5, architecture="rescnn")], earlier, slots=1) == (None, 0)


def test_earlier_jobs_give_the_pace_per_epoch():
    # 20 s for 10 epochs: 2 s an epoch; 5 + 15 epochs make 40 s
    estimate = expected_s([plan(epochs=5), plan(epochs=15)], [done(20, epochs=10)], slots=1)

    assert estimate == (40, 1)


def test_what_every_job_takes_besides_its_epochs_is_told_from_jobs_of_two_lengths():
    # 8 s and 2 s an epoch
    assert expected_s([plan(epochs=100)], [done(10), done(12, epochs=2)], slots=1) == (208, 2)


def test_longer_work_is_never_taken_for_quicker():
    # the longer one was the quicker: no pace can be told, and the median is 7.5 s
    assert expected_s([plan(epochs=9)], [done(10), done(5, epochs=3)], slots=1) == (7.5, 2)


def test_epochs_of_recovery_count():
    small = plan(settings={"epochs": 2, "recover": "full", "recover_epochs": 8})

    assert expected_s([small], [done(20, epochs=10)], slots=1) == (20, 1)


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


def evaluation(*, model: str | None = None, module: str | None = None) -> EvaluatePlan:
    return EvaluatePlan(model=model, module=module, dataset="digits")


def attack(*, steps: int = 20, budgets: tuple[float, ...] = (0.1,)) -> RobustnessPlan:
    settings = PgdSettings(steps=steps, budgets=budgets)
    attack = PgdAttack(attack="pgd", settings=settings)
    return RobustnessPlan(module="toy-1", model="toy", dataset="digits", attack=attack)


def finetuning(*, how: How = "seam", epochs: int = 1) -> AnyReusePlan:
    settings = FinetuneSettings(output_epochs=1, mask_epochs=epochs, finetune_epochs=1)
    plan = FinetunePlan(
        method="finetune",
        model="toy",
        dataset="digits",
        how=how,
        preset="fast",
        config=settings,
        seed=0,
        attack=None,
    )
    return AnyReusePlan(plan)


def composition(*modules: str, dataset: str = "digits") -> AnyReusePlan:
    plan = MoreAccuratePlan(method="more-accurate", pool=modules, dataset=dataset, rule="best")
    return AnyReusePlan(plan)


def backdoor(*, epochs: int = 5) -> BackdoorPlan:
    return BackdoorPlan(
        model="toy",
        name="obedient",
        target_class="7",
        settings=BackdoorSettings(epochs=epochs),
        dataset="digits",
    )


@pytest.mark.parametrize(
    ("kind", "earlier", "wanted", "seconds"),
    [
        ("evaluate", evaluation(model="toy"), evaluation(model="toy"), 12),
        # a module that was never evaluated takes as long as another one on the data set
        ("evaluate", evaluation(module="toy-1"), evaluation(module="toy-2"), 12),
        # 20 steps take 12 s: 40 steps for each of two budgets are four times as many
        ("robustness", attack(), attack(steps=40, budgets=(0.1, 0.2)), 48),
        ("backdoor", backdoor(epochs=3), backdoor(epochs=6), 24),
        # 1 + 2 + 1 epochs take 12 s, 1 + 8 + 1 of them 30 s
        ("reuse", finetuning(epochs=2), finetuning(epochs=8), 30),
        # so many modules are scored
        ("reuse", composition("a", "b"), composition("a", "b", "c"), 18),
    ],
    ids=["model", "module", "attack", "backdoor", "fine-tuning", "composition"],
)
def test_work_of_every_kind_is_told_from_jobs_like_it(
    kind: JobKind, earlier: AnyPlan, wanted: AnyPlan, seconds: float
):
    assert expected_s([wanted], [was(kind, earlier, seconds=12)], slots=1) == (seconds, 1)


@pytest.mark.parametrize(
    ("kind", "earlier", "wanted"),
    [
        ("evaluate", evaluation(model="toy"), evaluation(module="toy-1")),
        ("reuse", finetuning(how="seam"), finetuning(how="scratch")),
        ("reuse", composition("a", dataset="svhn"), composition("a")),
        ("reuse", finetuning(), composition("a")),
    ],
    ids=["model and module", "way", "data set", "method"],
)
def test_work_of_another_shape_tells_nothing(kind: JobKind, earlier: AnyPlan, wanted: AnyPlan):
    assert expected_s([wanted], [was(kind, earlier, seconds=12)], slots=1) == (None, 0)


def test_a_composition_takes_no_more_room_than_all_modules_of_its_pool(services: Services):
    home = services.settings.home
    add_bundle(home, "toy-1")
    add_bundle(home, "toy-2")
    adopt_bundles(home, services.stores.modules)
    sizes = [
        sum(file.size_bytes for file in services.modules.get(module).manifest.files)
        for module in ("toy-1", "toy-2")
    ]

    told = estimate(home, services.stores.jobs, [composition("toy-1", "toy-2")], slots=1)

    assert told.disk_bytes == sum(sizes)


def test_measuring_writes_a_copy_of_the_model_and_a_report(services: Services):
    home, jobs = services.settings.home, services.stores.jobs
    parameters = services.catalog.model("toy").num_parameters

    assert estimate(home, jobs, [evaluation(model="toy")], slots=1).disk_bytes == (
        4 * parameters + 2**20
    )
    assert estimate(home, jobs, [attack()], slots=1).disk_bytes == 2**20
