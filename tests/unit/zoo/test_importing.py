from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.architectures import ARCHITECTURES
from modelfoundry.errors import InvalidInputError
from modelfoundry.settings import Home
from modelfoundry.zoo.importing import import_model
from modelfoundry.zoo.small_cnn import SmallCnn
from modelfoundry.zoo.weights import load_weights

SHAPES = DatasetCard(
    name="shapes", title="Shapes", classes=("circle", "square"), input_shape=(3, 32, 32)
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def weights_file(tmp_path: Path) -> Path:
    torch.save(SmallCnn(2).state_dict(), tmp_path / "mine.pt")
    return tmp_path / "mine.pt"


@dataclass(frozen=True)
class Imported:
    home: Home
    card: ModelCard
    network: SmallCnn


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """A network imported once for all tests: each import starts a process."""
    folder = tmp_path_factory.mktemp("imported")
    network = SmallCnn(2).eval()
    torch.save({"state_dict": network.state_dict()}, folder / "mine.pth")
    home = Home(folder / "home")
    return Imported(home, bring(home, folder / "mine.pth", license="MIT"), network)


def bring(home: Home, file: Path, **choices):
    architectures = list(ARCHITECTURES.values())
    return import_model(home, "mine", file, dataset=SHAPES, architectures=architectures, **choices)


def test_imported_model_computes_what_its_author_saved(imported: Imported):
    card, images = imported.card, torch.rand(2, 3, 32, 32)
    ours = load_weights(card, imported.home.models / "mine", ARCHITECTURES[card.architecture])
    assert torch.equal(ours(images), imported.network(images))


def test_card_tells_origin_statistics_and_classes(imported: Imported):
    card = imported.card
    assert card.origin.startswith("imported from mine.pth, sha256 ")
    assert card.mean == (0.485, 0.456, 0.406)
    assert (card.classes, card.license) == (("circle", "square"), "MIT")


def test_name_in_use_is_refused_and_the_first_model_kept(home: Home, weights_file: Path):
    (home.models / "mine").mkdir(parents=True)
    with pytest.raises(InvalidInputError, match="a model named 'mine' is already here"):
        bring(home, weights_file)


def test_statistics_that_do_not_fit_are_reported_all_at_once(home: Home, weights_file: Path):
    with pytest.raises(InvalidInputError) as refused:
        bring(home, weights_file, mean=(0.5, 1.5), std=(0.2, 0.0, 0.2))
    assert [fault.pointer for fault in refused.value.faults] == ["/mean", "/mean/1", "/std/1"]


def test_refused_file_leaves_no_model_behind(home: Home, tmp_path: Path):
    with pytest.raises(InvalidInputError, match=r"mine\.h5 is not one of the kinds we read"):
        bring(home, tmp_path / "mine.h5")
    assert list(home.models.iterdir()) == []
