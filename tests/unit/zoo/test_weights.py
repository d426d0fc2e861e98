from pathlib import Path

import pytest
import torch

from modelfoundry.cards import ModelCard
from modelfoundry.catalog.architectures import ARCHITECTURES
from modelfoundry.errors import GoneError, UnreadableFileError, WrongStateError
from modelfoundry.settings import Home
from modelfoundry.storage import sha256_of_file
from modelfoundry.zoo.small_cnn import SmallCnn
from modelfoundry.zoo.store import WEIGHTS_FILE
from modelfoundry.zoo.weights import load_weights, save_model

SMALL = ARCHITECTURES["cnn-small"]
DRAFT = ModelCard(
    name="tiny",
    title="Tiny",
    architecture="cnn-small",
    dataset="shapes",
    classes=("circle", "square"),
    input_shape=(3, 32, 32),
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    num_parameters=0,
    weights_sha256="",
    origin="a test",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def stored(home: Home) -> ModelCard:
    return save_model(home, DRAFT, SmallCnn(2))


def test_saved_network_comes_back_the_same_and_in_eval_mode(home: Home):
    network = SmallCnn(2).eval()
    card = save_model(home, DRAFT, network)
    images = torch.rand(2, 3, 8, 8)
    loaded = load_weights(card, home.models / "tiny", SMALL)
    assert torch.equal(loaded(images), network(images))
    assert not loaded.training


def test_stored_card_counts_the_parameters(stored: ModelCard):
    # 70,618 with ten classes; eight classes fewer are 8 * (64 + 1) fewer.
    assert stored.num_parameters == 70_618 - 520


def test_loading_draws_no_random_numbers(home: Home, stored: ModelCard):
    before = torch.get_rng_state()
    load_weights(stored, home.models / "tiny", SMALL)
    assert torch.equal(torch.get_rng_state(), before)


def test_loaded_weights_can_be_trained(home: Home, stored: ModelCard):
    loaded = load_weights(stored, home.models / "tiny", SMALL)
    assert {parameter.requires_grad for parameter in loaded.parameters()} == {True}


def test_truncated_weights_are_refused(home: Home, stored: ModelCard):
    weights = home.models / "tiny" / WEIGHTS_FILE
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(UnreadableFileError, match="truncated or was changed"):
        load_weights(stored, home.models / "tiny", SMALL)


def test_deleted_weights_are_called_gone(home: Home, stored: ModelCard):
    (home.models / "tiny" / WEIGHTS_FILE).unlink()
    with pytest.raises(GoneError, match="the weights of 'tiny' are gone"):
        load_weights(stored, home.models / "tiny", SMALL)


def test_weights_under_a_card_of_another_architecture_are_refused(home: Home, stored: ModelCard):
    with pytest.raises(UnreadableFileError, match="does not fit resnet20"):
        load_weights(stored, home.models / "tiny", ARCHITECTURES["resnet20"])


def test_second_model_of_a_name_does_not_replace_the_first(home: Home, stored: ModelCard):
    with pytest.raises(WrongStateError, match="another model named 'tiny'"):
        save_model(home, DRAFT, SmallCnn(2))
    assert sha256_of_file(home.models / "tiny" / WEIGHTS_FILE) == stored.weights_sha256
