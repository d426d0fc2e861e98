import numpy as np
import pytest
from tests.homes import add_model
from tests.unit.cli.conftest import Command

from modelfoundry.bootstrap import build_services
from modelfoundry.catalog.published_results import published_results
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.known import KNOWN
from modelfoundry.data.store import write_dataset
from modelfoundry.settings import Home, Settings


def test_published_numbers_stand_beside_a_place_for_ours(run: Command):
    status, out, _ = run("benchmark")

    (line,) = (line for line in out.splitlines() if line.startswith("vgg16-cifar10 "))
    assert status == 0
    assert " ".join(line.split()) == "vgg16-cifar10 96.50 -> 97.12 4.1% 0/10"
    assert "chosen on the test images" in out


def test_a_row_is_shown_target_by_target(run: Command):
    _, out, _ = run("benchmark", "show", "simcnn-cifar10")

    (cat,) = (line for line in out.splitlines() if line.startswith("cat "))
    assert cat.split() == ["cat", "88.65", "7.5%"]  # the fourth of the published modules


def test_a_row_says_what_brings_it_further(run: Command):
    _, out, _ = run("benchmark", "show", "vgg16-cifar10")

    assert "Next step: modelfoundry data get cifar10" in out


def test_the_table_fits_a_terminal_of_80_columns(run: Command, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("modelfoundry.cli.display.console.width", 80)

    _, out, _ = run("benchmark")

    names = [row.name for row in published_results()]
    lines = out.splitlines()[1 : len(names) + 1]
    assert [line.split()[0] for line in lines] == names  # one line for each
    assert max(map(len, lines)) <= 80


def test_a_row_that_lacks_something_says_the_command_that_gets_it(run: Command):
    status, _, complaint = run("benchmark", "run", "vgg16-cifar10")

    assert status == 2
    assert "run: modelfoundry data get cifar10" in complaint


def test_a_dry_run_tells_what_the_next_step_would_be(run: Command, home: Home):
    card = KNOWN["cifar10"]
    labels = np.repeat(np.arange(10), 20)
    images = ImageSet(np.zeros((200, 3, 32, 32), np.uint8), labels)
    write_dataset(home, card, Dataset(train=images, test=images))
    add_model(home, "r20", architecture="resnet20", dataset="cifar10", classes=card.classes)

    status, out, _ = run("benchmark", "run", "resnet20-cifar10", "--target", "cat", "--dry-run")

    assert status == 0
    assert out.startswith("cat from Toy network: 1 job\n")
    assert build_services(Settings(home=home)).sweeps.page().total == 0


def test_an_unknown_row_is_refused_naming_the_known_ones(run: Command):
    status, _, complaint = run("benchmark", "show", "vgg17-cifar10")

    assert status == 2
    assert "vgg16-cifar10" in complaint
