import numpy as np
import pytest
import torch
from tests.homes import add_model

from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.data.images import ImageSet
from modelfoundry.errors import InvalidInputError, StorageError
from modelfoundry.pipelines.evaluate import run as evaluate
from modelfoundry.pipelines.requests import EvaluatePlan, TrainRequest
from modelfoundry.pipelines.train import channel_statistics, run
from modelfoundry.progress import Cancelled, SilentReporter
from modelfoundry.settings import Home
from modelfoundry.zoo.weights import load_weights


class StopsAfter(SilentReporter):
    def __init__(self, batches: int) -> None:
        self.left = batches

    def raise_if_cancelled(self) -> None:
        if self.left == 0:
            raise Cancelled
        self.left -= 1


def train(home: Home, name: str, *, reporter: SilentReporter | None = None):
    job_folder = home.jobs / name
    job_folder.mkdir(parents=True, exist_ok=True)
    plan = TrainRequest(
        name=name,
        architecture="cnn-small",
        dataset="digits",
        epochs=2,
        batch_size=64,
        learning_rate=0.05,
        flip=False,
    )
    return run(plan, home=home, job_folder=job_folder, reporter=reporter or SilentReporter())


def weights(home: Home, name: str) -> dict[str, torch.Tensor]:
    card = find_model(home, name)
    folder = model_folder(home, name)
    return load_weights(card, folder, find_architecture(card.architecture)).state_dict()


def test_statistics_are_of_each_channel_scaled_to_one():
    images = np.zeros((2, 3, 1, 2), dtype=np.uint8)
    images[:, 0] = 255
    images[:, 1, 0, 0] = 255  # half of the second channel

    mean, std = channel_statistics(ImageSet(images, np.zeros(2, dtype=np.int64)))

    assert mean == (1.0, 0.5, 0.0)
    assert std == (0.0, 0.5, 0.0)


@pytest.mark.slow
def test_a_trained_model_is_in_the_catalogue_with_what_was_measured(tmp_path):
    home = Home(tmp_path)

    outcome = train(home, "mine")

    card = find_model(home, "mine")
    assert card.test_accuracy == outcome.summary["test_accuracy"]
    assert card.held_out_fraction == 0.1
    assert card.origin.startswith("modelfoundry train --name mine --architecture cnn-small")
    plan = EvaluatePlan(model="mine", module=None, dataset="digits")
    measured = evaluate(plan, home=home, job_folder=tmp_path, reporter=SilentReporter())
    assert measured.summary["accuracy"] == card.test_accuracy


@pytest.mark.slow
def test_a_stopped_training_resumes_to_the_same_weights(tmp_path):
    whole, stopped = Home(tmp_path / "whole"), Home(tmp_path / "stopped")
    train(whole, "mine")

    with pytest.raises(Cancelled):
        train(stopped, "mine", reporter=StopsAfter(30))  # 21 batches an epoch
    train(stopped, "mine")

    torch.testing.assert_close(weights(whole, "mine"), weights(stopped, "mine"), rtol=0, atol=0)


def test_a_name_that_is_taken_is_refused_before_any_work(tmp_path):
    with pytest.raises(InvalidInputError, match="'cnn-digits' is already here"):
        train(Home(tmp_path), "cnn-digits", reporter=StopsAfter(0))


@pytest.mark.slow
def test_an_attempt_that_died_after_its_model_was_saved_is_finished_by_the_next_one(tmp_path):
    home = Home(tmp_path)
    first = train(home, "mine")
    saved = (home.models / "mine" / "weights.safetensors").stat()

    again = train(home, "mine")  # with the checkpoint of the first

    assert again == first
    assert (home.models / "mine" / "weights.safetensors").stat() == saved


@pytest.mark.slow
def test_a_name_that_another_model_took_meanwhile_is_left_to_it(tmp_path):
    home = Home(tmp_path)
    with pytest.raises(Cancelled):
        train(home, "mine", reporter=StopsAfter(30))  # after its first epoch of 21 steps
    other = add_model(home, "mine")

    with pytest.raises(StorageError, match="another model named 'mine' has been made meanwhile"):
        train(home, "mine")

    assert find_model(home, "mine") == other
