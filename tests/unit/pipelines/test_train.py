from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.homes import add_model

from modelfoundry.cards import BiasedSubset, DatasetCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.store import write_dataset
from modelfoundry.errors import InvalidInputError, WrongStateError
from modelfoundry.pipelines.evaluate import run as evaluate
from modelfoundry.pipelines.requests import EvaluatePlan
from modelfoundry.pipelines.train import run
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.progress import Cancelled, Metric, SilentReporter
from modelfoundry.settings import Home
from modelfoundry.zoo.weights import load_weights


class StopsAfter(SilentReporter):
    def __init__(self, batches: int) -> None:
        self.left = batches

    def raise_if_cancelled(self) -> None:
        if self.left == 0:
            raise Cancelled
        self.left -= 1


class Recorder(SilentReporter):
    def __init__(self) -> None:
        self.metrics: list[dict[str, Metric]] = []

    def advance(self, stage: str, *, done: int, total: int, **metrics: Metric) -> None:  # noqa: ARG002
        self.metrics.append(metrics)


# Images of class i are darkest in column i.
CARD = DatasetCard(
    name="stripes", title="Stripes", classes=("a", "b", "c"), input_shape=(3, 8, 8), license="CC0"
)
NUM_TRAIN, NUM_TEST = 120, 30


def stripes(count: int) -> ImageSet:
    labels = np.arange(count) % 3
    images = np.random.default_rng(count).integers(60, 256, (count, 3, 8, 8), dtype=np.uint8)
    images[np.arange(count), :, :, labels] = 0
    return ImageSet(images, labels)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_with_stripes(tmp_path)


def home_with_stripes(folder: Path) -> Home:
    home = Home(folder)
    home.datasets.mkdir(parents=True)
    write_dataset(home, CARD, Dataset(stripes(NUM_TRAIN), stripes(NUM_TEST)))
    return home


def train(home: Home, name: str, *, reporter: SilentReporter | None = None, **facts: Any):
    job_folder = home.jobs / name
    job_folder.mkdir(parents=True, exist_ok=True)
    plan = TrainPlan.model_validate(
        {
            "name": name,
            "architecture": "cnn-small",
            "dataset": "stripes",
            "epochs": 2,
            "batch_size": 20,
            "learning_rate": 0.05,
            "weight_decay": 5e-4,
            "flip": False,
            "validation_fraction": 0.1,
        }
        | facts
    )
    return run(plan, home=home, job_folder=job_folder, reporter=reporter or SilentReporter())


def weights(home: Home, name: str) -> dict[str, torch.Tensor]:
    card = find_model(home, name)
    folder = model_folder(home, name)
    return load_weights(card, folder, find_architecture(card.architecture)).state_dict()


@pytest.mark.slow
def test_a_trained_model_is_in_the_catalogue_with_what_was_measured(home):
    outcome = train(home, "mine")

    card = find_model(home, "mine")
    assert card.test_accuracy == outcome.summary["test_accuracy"]
    assert card.held_out_fraction == 0.1
    assert card.origin.startswith("modelfoundry train --name mine --architecture cnn-small")
    plan = EvaluatePlan(model="mine", module=None, dataset="stripes")
    measured = evaluate(plan, home=home, job_folder=home.root, reporter=SilentReporter())
    assert measured.summary["accuracy"] == card.test_accuracy


def test_a_stopped_training_resumes_to_the_same_weights(tmp_path):
    whole, stopped = home_with_stripes(tmp_path / "1"), home_with_stripes(tmp_path / "2")
    train(whole, "mine")

    with pytest.raises(Cancelled):
        train(stopped, "mine", reporter=StopsAfter(8))  # 6 batches an epoch
    train(stopped, "mine")

    torch.testing.assert_close(weights(whole, "mine"), weights(stopped, "mine"), rtol=0, atol=0)


SUBSET = {"seed": 1, "concentration": 1.0, "min_size": 5}


def test_the_later_of_the_epochs_best_on_the_validation_images_is_kept(home):
    recorder = Recorder()

    outcome = train(home, "mine", reporter=recorder, epochs=4, learning_rate=1.0)

    reached = [metrics["accuracy"] for metrics in recorder.metrics]
    best = max(range(4), key=lambda epoch: (reached[epoch], epoch))
    assert outcome.summary["epoch"] == best + 1
    assert outcome.summary["validation_accuracy"] == reached[best]


def test_the_last_epoch_is_kept_where_that_is_wanted(home):
    outcome = train(home, "mine", keep="last", learning_rate=1.0)

    assert outcome.summary["epoch"] == 2


def test_an_estimator_says_which_images_made_it(home):
    train(home, "mine", subset=SUBSET, validation_fraction=0, epochs=1)

    card = find_model(home, "mine")
    assert card.subset == BiasedSubset.model_validate(SUBSET)
    assert card.held_out_fraction == 0
    assert card.title == "Small CNN on Stripes, subset 1"


def test_estimators_of_other_subsets_normalise_images_the_same_way(home):
    train(home, "one", subset=SUBSET, validation_fraction=0, epochs=1)
    train(home, "two", subset=SUBSET | {"seed": 2}, validation_fraction=0, epochs=1)

    one, two = find_model(home, "one"), find_model(home, "two")
    assert (one.mean, one.std) == (two.mean, two.std)
    assert one.weights_sha256 != two.weights_sha256


def test_the_published_recipe_takes_the_statistics_of_imagenet(home):
    train(home, "mine", published=True, epochs=1)

    assert find_model(home, "mine").mean == (0.485, 0.456, 0.406)


def test_a_name_that_is_taken_is_refused_before_any_work(tmp_path):
    with pytest.raises(InvalidInputError, match="'cnn-digits' is already here"):
        train(home_with_stripes(tmp_path), "cnn-digits", reporter=StopsAfter(0))


def test_an_attempt_that_died_after_its_model_was_saved_is_finished_by_the_next_one(home):
    first = train(home, "mine")
    saved = (home.models / "mine" / "weights.safetensors").stat()

    again = train(home, "mine")  # with the checkpoint of the first

    assert again == first
    assert (home.models / "mine" / "weights.safetensors").stat() == saved


def test_a_name_that_another_model_took_meanwhile_is_left_to_it(home):
    with pytest.raises(Cancelled):
        train(home, "mine", reporter=StopsAfter(8))  # after its first epoch of 6 steps
    other = add_model(home, "mine")

    with pytest.raises(WrongStateError, match="another model named 'mine' has been made meanwhile"):
        train(home, "mine")

    assert find_model(home, "mine") == other
