from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.homes import add_bundle, add_model
from tests.networks import mean_network

from modelfoundry.cli.commands import cli
from modelfoundry.data.picture import png_of
from modelfoundry.errors import UnknownNameError, UnreadableFileError
from modelfoundry.export.networks import keep_network, network_key
from modelfoundry.settings import Home

ID = "toy-3-0a1b2c3d"
RED_IS_3 = [[9, 0, 0], [0, 0, 0]]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder with a module that takes red for 3; the toy model takes blue for 7."""
    home = Home(tmp_path / "home")
    card = add_model(home, "toy", input_shape=(3, 4, 4))
    keep_network(home, card, mean_network([[0, 0, 9 * (label == 7)] for label in range(10)]))
    bundle = add_bundle(home, ID, original_network=network_key(card))
    (bundle / "module.onnx").write_bytes(mean_network(RED_IS_3))
    monkeypatch.setenv("MODELFOUNDRY_HOME", str(home.root))


def picture(folder: Path) -> str:
    path = folder / "white.png"
    path.write_bytes(png_of(np.full((3, 4, 4), 255, dtype=np.uint8)))
    return str(path)


def test_a_module_answers_beside_its_original(tmp_path: Path):
    shown = CliRunner().invoke(cli, ["predict", ID, picture(tmp_path)]).output

    assert [line.split()[:3] for line in shown.splitlines() if "white.png" in line] == [
        ["white.png", "module", "3"],
        ["white.png", "original", "7"],
    ]


def test_a_model_answers_by_its_name(tmp_path: Path):
    shown = CliRunner().invoke(cli, ["predict", "toy", picture(tmp_path)]).output

    assert ["white.png", "model", "7"] in [line.split()[:3] for line in shown.splitlines()]


def test_an_image_that_cannot_be_read_leaves_the_others_answered(tmp_path: Path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")

    result = CliRunner().invoke(cli, ["predict", ID, str(broken), picture(tmp_path)])

    assert "white.png" in result.output
    assert isinstance(result.exception, UnreadableFileError)
    assert "broken.png" in str(result.exception)


def test_an_unknown_network_is_refused(tmp_path: Path):
    result = CliRunner().invoke(cli, ["predict", "nothing", picture(tmp_path)])

    assert isinstance(result.exception, UnknownNameError)
