from pathlib import Path

import pytest

from modelfoundry.cards import ModelCard
from modelfoundry.catalog.models import find_model, list_models, model_folder
from modelfoundry.errors import UnknownNameError
from modelfoundry.settings import Home
from modelfoundry.zoo.store import write_model

CARD = ModelCard(
    name="mine",
    title="Mine",
    architecture="resnet20",
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


def test_model_of_the_home_is_found_with_its_folder(home: Home):
    stored = write_model(home, CARD, b"weights")
    assert find_model(home, "mine") == stored
    assert model_folder(home, "mine") == home.models / "mine"


def test_unknown_model_is_answered_with_the_known_ones(home: Home):
    write_model(home, CARD, b"weights")
    with pytest.raises(UnknownNameError, match=r"no model named 'theirs'; known: .*mine"):
        find_model(home, "theirs")


def test_broken_card_is_skipped_with_a_warning(home: Home, caplog: pytest.LogCaptureFixture):
    write_model(home, CARD, b"weights")
    (home.models / "broken").mkdir()
    (home.models / "broken" / "model.json").write_text("{")
    names = [card.name for card in list_models(home)]
    assert "mine" in names
    assert "broken" not in names
    assert "skipped the unreadable card" in caplog.text


def test_card_that_calls_itself_other_than_its_folder_is_skipped(home: Home):
    write_model(home, CARD, b"weights")
    (home.models / "mine").rename(home.models / "renamed")
    assert {"mine", "renamed"}.isdisjoint(card.name for card in list_models(home))


def test_folder_that_is_still_being_written_is_not_listed(home: Home):
    write_model(home, CARD, b"weights")
    (home.models / "mine").rename(home.models / ".unfinished-x")
    assert "mine" not in [card.name for card in list_models(home)]
