from typing import Any

import pytest
from tests.homes import add_bundle, add_model, manifest

from modelfoundry.bootstrap import Services
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.published_results import published_results
from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.pipelines.reuse_requests import MoreAccurateRequest
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.services.benchmark_steps import with_effort
from modelfoundry.services.benchmarks import BenchmarkRow
from modelfoundry.services.sweep_request import SweepRequest
from modelfoundry.settings import Home

SUBSET = {"seed": 0, "concentration": 1, "min_size": 1}


def add_module(
    services: Services,
    module_id: str,
    class_name: str = "cat",
    *,
    accuracy: float = 0.9,
    validation: float = 0.95,
    kept: float = 0.2,
    **facts: Any,
) -> None:
    """Put a module of CIFAR-10 on disk, cut out of a ResNet20 unless ``facts`` say otherwise."""
    plain = manifest(module_id)
    reached = plain["measures"]["module"] | {
        "accuracy_test": accuracy,
        "accuracy_validation": validation,
        "retained_ratio": kept,
    }
    cut = {
        "title": class_name,
        "target": plain["target"] | {"classes": [class_name]},
        "model": plain["model"] | {"name": "mine", "architecture": "resnet20"},
        "dataset": plain["dataset"] | {"name": "cifar10"},
        "measures": plain["measures"] | {"module": reached},
    }
    add_bundle(services.settings.home, module_id, **(cut | facts))
    adopt_bundles(services.settings.home, services.stores.modules)


def resnet_row(services: Services) -> BenchmarkRow:
    return services.benchmarks.row("resnet20-cifar10")


def pretend_to_have_cifar10(home: Home) -> None:
    card = find_dataset(home, "cifar10").model_copy(
        update={"num_train": 10, "num_train_by_class": (1,) * 10}
    )
    (home.datasets / "cifar10").mkdir(parents=True)
    (home.datasets / "cifar10" / "dataset.json").write_text(card.model_dump_json())


def test_every_published_row_is_of_a_data_set_that_is_known(services: Services):
    rows = services.benchmarks.rows()

    assert len(rows) == len(published_results()) == 18
    assert {row.num_targets for row in rows if row.published.by_target} == {10}


def test_published_means_are_those_of_the_published_targets():
    (row,) = (row for row in published_results() if row.name == "simcnn-cifar10")

    # 95.65 + 98.30 + 91.35 + 88.65 + 95.25 + 92.55 + 96.80 + 95.90 + 96.65 + 97.55 = 948.65
    assert sum(each.accuracy for each in row.by_target) == pytest.approx(9.4865)
    assert (row.accuracy, row.retained_ratio) == (0.9486, 0.0544)


def test_what_was_published_is_never_shown_as_reached_here(services: Services):
    assert [row.reached for row in services.benchmarks.rows()] == [None] * 18


def test_a_row_is_reached_as_the_mean_over_the_targets_that_have_a_module(services: Services):
    add_module(services, "m-cat", "cat", accuracy=0.9, kept=0.1)
    add_module(services, "m-dog", "dog", accuracy=0.8, kept=0.3)

    reached = resnet_row(services).reached

    assert reached is not None
    assert (reached.num_targets, resnet_row(services).num_targets) == (2, 10)
    assert (reached.accuracy, reached.retained_ratio) == pytest.approx((0.85, 0.2))
    assert [target.module_id for target in reached.targets] == ["m-cat", "m-dog"]


def test_the_best_module_of_a_target_is_chosen_without_its_test_images(services: Services):
    # Both beat their original (0.9) on the validation images; the smaller one is taken.
    add_module(services, "large", accuracy=0.99, validation=0.96, kept=0.5)
    add_module(services, "small", accuracy=0.91, validation=0.93, kept=0.1)
    add_module(services, "worse", accuracy=0.95, validation=0.50, kept=0.01)

    reached = resnet_row(services).reached

    assert reached is not None
    assert [target.module_id for target in reached.targets] == ["small"]


def test_means_are_never_over_modules_of_several_models(services: Services):
    other = manifest("x")["model"] | {"name": "other", "architecture": "resnet20"}
    add_module(services, "a-cat", "cat")
    add_module(services, "a-dog", "dog")
    add_module(services, "b-ship", "ship", model=other)

    reached = resnet_row(services).reached

    assert reached is not None
    assert (reached.model, reached.num_targets) == ("mine", 2)


@pytest.mark.parametrize(
    "facts",
    [
        {"algorithm": "gradsplitter"},
        {"model": manifest("x")["model"] | {"architecture": "vgg16-bn"}},
        {"dataset": manifest("x")["dataset"] | {"name": "svhn"}},
        {"target": manifest("x")["target"] | {"classes": ["cat"], "shots": 10}},
        {"target": manifest("x")["target"] | {"classes": ["cat", "dog"]}},
    ],
    ids=["algorithm", "architecture", "data set", "few images", "other target"],
)
def test_modules_of_another_problem_do_not_count(services: Services, facts: dict[str, Any]):
    add_module(services, "m", **facts)

    assert resnet_row(services).reached is None


def test_the_images_come_first_and_then_published_weights(services: Services, home: Home):
    assert resnet_row(services).next_step.command == "modelfoundry data get cifar10"

    pretend_to_have_cifar10(home)

    assert resnet_row(services).next_step.command == "modelfoundry models get resnet20-b-cifar10"


def test_a_model_that_nobody_has_published_is_trained(services: Services, home: Home):
    pretend_to_have_cifar10(home)

    step = services.benchmarks.row("simcnn-cifar10").next_step

    assert (step.kind, step.command) == ("train", "modelfoundry benchmark run simcnn-cifar10")
    assert step.request == TrainRequest(
        name="simcnn-cifar10", architecture="simcnn", dataset="cifar10"
    )


def test_a_row_with_images_and_a_model_is_run_on_the_best_model(services: Services, home: Home):
    pretend_to_have_cifar10(home)
    facts = {"architecture": "resnet20", "dataset": "cifar10"}
    add_model(home, "weak", test_accuracy=0.8, **facts)
    add_model(home, "strong", test_accuracy=0.9, **facts)
    add_model(home, "biased", test_accuracy=0.95, subset=SUBSET, **facts)

    step = resnet_row(services).next_step

    assert step.request == SweepRequest(models=("strong",), targets="every class")


def test_a_composition_is_reached_in_three_steps(services: Services, home: Home):
    pretend_to_have_cifar10(home)
    facts = {"architecture": "simcnn", "dataset": "cifar10", "subset": SUBSET}

    assert services.benchmarks.row("composed-simcnn-cifar10").next_step.kind == "estimators"

    add_model(home, "one", **facts)
    add_model(home, "two", **facts)
    of_one = manifest("x")["model"] | {"name": "one", "architecture": "simcnn"}
    add_module(services, "of-one", algorithm="gradsplitter", model=of_one)
    cutting = services.benchmarks.row("composed-simcnn-cifar10").next_step
    assert isinstance(cutting.request, SweepRequest)
    assert (cutting.request.models, cutting.request.algorithm) == (("two",), "gradsplitter")

    add_module(services, "of-two", algorithm="gradsplitter", model=of_one | {"name": "two"})
    composing = services.benchmarks.row("composed-simcnn-cifar10").next_step
    assert isinstance(composing.request, MoreAccurateRequest)
    assert composing.request.pool.models == ("one", "two")


def test_only_more_accurate_models_count_as_compositions(services: Services):
    classes = list(find_dataset(services.settings.home, "cifar10").classes)
    facts = {
        "algorithm": "composition",
        "model": manifest("x")["model"] | {"architecture": "simcnn"},
        "target": manifest("x")["target"] | {"kind": "multi-class", "classes": classes},
    }
    add_module(services, "patched", recipe={"preset": "", "settings": {"method": "patch"}}, **facts)
    assert services.benchmarks.row("composed-simcnn-cifar10").reached is None

    composed = {"preset": "best", "settings": {"method": "more-accurate"}}
    add_module(services, "composed", recipe=composed, **facts)
    reached = services.benchmarks.row("composed-simcnn-cifar10").reached
    assert reached is not None
    assert [target.module_id for target in reached.targets] == ["composed"]


def test_every_request_can_be_made_as_published_or_fast():
    sweep = SweepRequest(models=("m",), targets="every class")
    train = TrainRequest(name="m", architecture="simcnn", dataset="svhn")

    assert with_effort(sweep, "published") == sweep.model_copy(update={"preset": "published"})
    assert with_effort(train, "published") == train.model_copy(update={"published": True})
    assert with_effort(train, "fast") == train


def test_an_unknown_row_is_refused_naming_the_known_ones(services: Services):
    with pytest.raises(UnknownNameError, match="resnet20-cifar10"):
        services.benchmarks.row("resnet21-cifar10")
